"""A document's whole way, from its arrival to its end, people included: workflow `doc/<id>/<run>`."""

from collections.abc import Sequence
from typing import Any

from temporalio import workflow
from temporalio.common import RawValue

from workers.workflows.failures import StepError, StepFailed, failure_of
from workers.workflows.human_wait import Doorbell, wait_until

with workflow.unsafe.imports_passed_through():
    import workers.policies as policies
    from workers.activities.document_steps import DocumentActivities
    from workers.activities.read_pages import ReadingActivities
    from workers.activities.review_steps import DeskActivities
    from workers.activities.split_document import SplitActivities
    from workers.activities.third_engine_lines import LineActivities
    from workers.activities.unpack_container import ContainerActivities
    from workers.messages import (
        ARCHIVE,
        PASSWORD,
        POISON,
        QUARANTINE,
        SPLIT,
        STALE,
        Desk,
        DocumentOrder,
        Ending,
        PasswordWait,
        ReadOrder,
    )

SUPERSEDED = "SUPERSEDED"
CANCELLED = "CANCELLED"


@workflow.defn(name="document")
class DocumentWorkflow:
    """Scan, read, assess, wait for people, settle. Each step can be repeated; the database holds the truth."""

    def __init__(self) -> None:
        """Begin without news, without a password."""
        self._bell = Doorbell()
        self._sealed = ""
        self._cancelled = False
        self._box = ""
        self._attachments = 0
        self._pages = 0
        self._ready = False

    @workflow.run
    async def run(self, order: DocumentOrder) -> str:
        """Give the document's last status."""
        try:
            return await self._go(order)
        except StepFailed as error:
            if failure_of(error)[0] == STALE:
                return SUPERSEDED
            raise

    @workflow.signal
    def password(self, values: dict[str, Any]) -> None:
        """A person has given a password, sealed."""
        self._sealed = str(values.get("sealed", ""))
        self._bell.ring()

    @workflow.signal
    def cancelled(self, values: dict[str, Any]) -> None:
        """The document is gone, or its run is not wanted any more."""
        self._cancelled = True
        self._bell.ring()

    @workflow.signal(dynamic=True)
    def news(self, name: str, args: Sequence[RawValue]) -> None:
        """Anything else (submitted, undone, rerun) is a reason to look again."""
        self._bell.ring()

    async def _go(self, order: DocumentOrder) -> str:
        ended = await self._arrive(order) or await self._take_pages(order)
        if ended:
            return ended
        await self._assess(order)
        desk = await wait_until(order, self._bell, lambda desk: desk.done or self._cancelled)
        if self._cancelled:
            return CANCELLED
        await workflow.execute_activity_method(DeskActivities.settle, order, **policies.ASSESS)
        return desk.status

    async def _take_pages(self, order: DocumentOrder) -> str:
        """Open and read the file, and part it; a part of one has its pages already."""
        if self._ready:
            return ""
        ended = await self._open(order) or await self._read(order)
        if ended:
            return ended
        if self._attachments:
            await self._detach(order)
        return await self._part(order)

    async def _arrive(self, order: DocumentOrder) -> str:
        """Begin, and let the scanner look first where there is one."""
        begun = await workflow.execute_local_activity_method(DocumentActivities.begin, order, **policies.FAST_DB)
        self._box, self._ready = begun.box, begun.ready
        if not begun.scan:
            return ""
        try:
            answer = await workflow.execute_activity_method(DocumentActivities.scan, order, **policies.SCAN)
        except StepFailed as error:
            return await self._give_up(order, error)
        if answer.signature:
            return await self._end(Ending(order, "malware", answer.signature, quarantine=True))
        await workflow.execute_local_activity_method(DocumentActivities.pass_scan, order, **policies.FAST_DB)
        return ""

    async def _open(self, order: DocumentOrder) -> str:
        """Take the files out of an archive or a mail; an archive has come to its end then."""
        while self._box:
            try:
                status = await workflow.execute_activity_method(
                    ContainerActivities.unpack, ReadOrder(order, self._sealed), **policies.UNPACK
                )
            except StepFailed as error:
                ended = await self._after(order, error)
                if ended:
                    return ended
            else:
                return status if self._box == ARCHIVE else ""
        return ""

    async def _detach(self, order: DocumentOrder) -> None:
        """Take out what is attached to a document that has been read; it goes on whatever becomes of that."""
        try:
            await workflow.execute_activity_method(
                ContainerActivities.unpack, ReadOrder(order, self._sealed), **policies.UNPACK
            )
        except StepFailed as error:
            code, detail = failure_of(error)
            if code == STALE:
                raise
            await workflow.execute_activity_method(
                ContainerActivities.leave_attachments, Ending(order, code, detail), **policies.UNPACK
            )

    async def _part(self, order: DocumentOrder) -> str:
        """Find where documents begin in a file of several pages; one that cannot be parted is judged as it is."""
        if self._pages < 2 or not workflow.patched("parts"):
            return ""
        try:
            status = await workflow.execute_activity_method(SplitActivities.part_file, order, **policies.ASSESS)
        except StepFailed as error:
            if failure_of(error)[0] == STALE:
                raise
            return ""
        return status if status == SPLIT else ""

    async def _read(self, order: DocumentOrder) -> str:
        """Read all pages, with a password where one is needed; gives the status when this is the end."""
        while True:
            try:
                read = await workflow.execute_activity_method(
                    ReadingActivities.read_pages, ReadOrder(order, self._sealed), **policies.READ_PAGES
                )
            except StepFailed as error:
                ended = await self._after(order, error)
                if ended:
                    return ended
            else:
                self._attachments = 0 if self._box else read.attachments
                self._pages = read.pages
                if read.look_again:
                    await self._look_again(order)
                return ""

    async def _after(self, order: DocumentOrder, error: StepError) -> str:
        """Ask people where a password is all that is missing; gives the status when this is the end."""
        code = failure_of(error)[0]
        if code not in PASSWORD:
            return await self._give_up(order, error)
        return await self._ask_for_password(order, wrong=code == "wrong_password")

    async def _look_again(self, order: DocumentOrder) -> None:
        """Show a third engine what two have left in doubt; without its answer their reading stands."""
        try:
            await workflow.execute_activity_method(LineActivities.look_again, order, **policies.LOOK_AGAIN)
        except StepFailed as error:
            if failure_of(error)[0] == STALE:
                raise

    async def _ask_for_password(self, order: DocumentOrder, *, wrong: bool) -> str:
        self._sealed = ""
        await workflow.execute_local_activity_method(
            DeskActivities.ask_for_password, PasswordWait(order, wrong), **policies.FAST_DB
        )
        desk = await wait_until(order, self._bell, self._password_wait_is_over)
        if self._cancelled:
            return CANCELLED
        if not self._sealed:
            await workflow.execute_activity_method(DeskActivities.settle, order, **policies.ASSESS)
            return desk.status
        await workflow.execute_local_activity_method(DeskActivities.take_password, order, **policies.FAST_DB)
        return ""

    def _password_wait_is_over(self, desk: Desk) -> bool:
        return bool(self._sealed) or desk.done or self._cancelled

    async def _assess(self, order: DocumentOrder) -> None:
        """Judge; a document that no attempt can judge goes to a person, who can."""
        try:
            await workflow.execute_activity_method(DocumentActivities.assess, order, **policies.ASSESS)
        except StepFailed as error:
            if failure_of(error)[0] == STALE:
                raise
            await workflow.execute_local_activity_method(
                DocumentActivities.assess_by_hand, order, **policies.FAST_DB
            )

    async def _give_up(self, order: DocumentOrder, error: StepError) -> str:
        """End a run for what its file did wrong; a run that is not wanted any more just stops."""
        code, detail = failure_of(error)
        if code == STALE:
            raise error
        return await self._end(Ending(order, code or POISON, detail, quarantine=not code or code in QUARANTINE))

    async def _end(self, ending: Ending) -> str:
        return await workflow.execute_activity_method(DocumentActivities.end, ending, **policies.ASSESS)
