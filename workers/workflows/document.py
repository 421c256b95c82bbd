"""Workflow of a document from arrival to end, including people: `doc/<id>/<run>`."""

from collections.abc import Sequence
from typing import Any

from temporalio import workflow
from temporalio.common import RawValue

from workers.workflows.failures import StepError, StepFailed, failure_of
from workers.workflows.human_wait import SignalCounter, wait_for_people

with workflow.unsafe.imports_passed_through():
    import workers.policies as policies
    from workers.activities.document_steps import DocumentActivities
    from workers.activities.read_pages import ReadingActivities
    from workers.activities.review_steps import HumanTaskActivities
    from workers.activities.split_document import SplitActivities
    from workers.activities.third_engine_lines import ThirdEngineActivities
    from workers.activities.unpack_container import ContainerActivities
    from workers.messages import (
        ARCHIVE,
        PASSWORD_ERRORS,
        POISON,
        QUARANTINE_ERRORS,
        SPLIT,
        STALE,
        DocumentFailure,
        DocumentInput,
        HumanWaitState,
        OriginalInput,
        PasswordWaitInput,
    )

SUPERSEDED = "SUPERSEDED"
CANCELLED = "CANCELLED"


@workflow.defn(name="document")
class DocumentWorkflow:
    """Scan, read, assess, wait for people, finalize; each step can be repeated, the database holds the state."""

    def __init__(self) -> None:
        """Start without signals and without a password."""
        self._signals = SignalCounter()
        self._sealed = ""
        self._cancelled = False
        self._container_kind = ""
        self._attachments = 0
        self._pages = 0
        self._pages_ready = False

    @workflow.run
    async def run(self, document_input: DocumentInput) -> str:
        """Run the workflow and return the document's final status."""
        try:
            return await self._process(document_input)
        except StepFailed as error:
            if failure_of(error)[0] == STALE:
                return SUPERSEDED
            raise

    @workflow.signal
    def password(self, values: dict[str, Any]) -> None:
        """Receive a password from a person, encrypted."""
        self._sealed = str(values.get("sealed", ""))
        self._signals.increment()

    @workflow.signal
    def cancelled(self, values: dict[str, Any]) -> None:
        """Cancel the run, because the document is gone or the run is no longer wanted."""
        self._cancelled = True
        self._signals.increment()

    @workflow.signal(dynamic=True)
    def wake(self, name: str, args: Sequence[RawValue]) -> None:
        """Handle any other signal (submitted, undone, rerun): check the state again."""
        self._signals.increment()

    async def _process(self, document_input: DocumentInput) -> str:
        ended = await self._begin(document_input) or await self._prepare_pages(document_input)
        if ended:
            return ended
        await self._assess(document_input)
        while True:
            state = await wait_for_people(document_input, self._signals, lambda state: state.done or self._cancelled)
            if self._cancelled:
                return CANCELLED
            if await self._finalize(document_input):
                return state.status

    async def _finalize(self, document_input: DocumentInput) -> bool:
        """Announce the decision; return False if it was undone in the last moment."""
        announced = await workflow.execute_activity_method(
            HumanTaskActivities.finalize, document_input, **policies.ASSESS
        )
        return announced is not False

    async def _prepare_pages(self, document_input: DocumentInput) -> str:
        """Unpack, read and split the file; a child document of a split has its pages already."""
        if self._pages_ready:
            return ""
        ended = await self._unpack(document_input) or await self._read(document_input)
        if ended:
            return ended
        if self._attachments:
            await self._unpack_attachments(document_input)
        return await self._split(document_input)

    async def _begin(self, document_input: DocumentInput) -> str:
        """Begin the run, and scan the file first if there is a scanner."""
        result = await workflow.execute_local_activity_method(
            DocumentActivities.begin, document_input, **policies.FAST_DB
        )
        self._container_kind, self._pages_ready = result.container_kind, result.pages_ready
        if not result.scan:
            return ""
        try:
            answer = await workflow.execute_activity_method(DocumentActivities.scan, document_input, **policies.SCAN)
        except StepFailed as error:
            return await self._fail_run(document_input, error)
        if answer.signature:
            return await self._end_run(DocumentFailure(document_input, "malware", answer.signature, quarantine=True))
        await workflow.execute_local_activity_method(DocumentActivities.pass_scan, document_input, **policies.FAST_DB)
        return ""

    async def _unpack(self, document_input: DocumentInput) -> str:
        """Unpack an archive or a mail; an archive ends here."""
        while self._container_kind:
            try:
                status = await workflow.execute_activity_method(
                    ContainerActivities.unpack, OriginalInput(document_input, self._sealed), **policies.UNPACK
                )
            except StepFailed as error:
                ended = await self._handle_failure(document_input, error)
                if ended:
                    return ended
            else:
                return status if self._container_kind == ARCHIVE else ""
        return ""

    async def _unpack_attachments(self, document_input: DocumentInput) -> None:
        """Unpack the attachments of a document that has been read; a failure does not stop the document."""
        try:
            await workflow.execute_activity_method(
                ContainerActivities.unpack, OriginalInput(document_input, self._sealed), **policies.UNPACK
            )
        except StepFailed as error:
            code, detail = failure_of(error)
            if code == STALE:
                raise
            await workflow.execute_activity_method(
                ContainerActivities.skip_attachments, DocumentFailure(document_input, code, detail), **policies.UNPACK
            )

    async def _split(self, document_input: DocumentInput) -> str:
        """Split a file of several pages into documents; assess it unsplit if that fails."""
        if self._pages < 2 or not workflow.patched("split"):
            return ""
        try:
            status = await workflow.execute_activity_method(
                SplitActivities.split_document, document_input, **policies.ASSESS
            )
        except StepFailed as error:
            if failure_of(error)[0] == STALE:
                raise
            return ""
        return status if status == SPLIT else ""

    async def _read(self, document_input: DocumentInput) -> str:
        """Read all pages, with a password if needed; return the status if the run ends here."""
        while True:
            try:
                read = await workflow.execute_activity_method(
                    ReadingActivities.read_pages, OriginalInput(document_input, self._sealed), **policies.READ_PAGES
                )
            except StepFailed as error:
                ended = await self._handle_failure(document_input, error)
                if ended:
                    return ended
            else:
                self._attachments = 0 if self._container_kind else read.attachments
                self._pages = read.pages
                if read.needs_third_engine:
                    await self._run_third_engine(document_input)
                return ""

    async def _handle_failure(self, document_input: DocumentInput, error: StepError) -> str:
        """Ask people if only a password is missing; return the status if the run ends here."""
        code = failure_of(error)[0]
        if code not in PASSWORD_ERRORS:
            return await self._fail_run(document_input, error)
        return await self._request_password(document_input, wrong=code == "wrong_password")

    async def _run_third_engine(self, document_input: DocumentInput) -> None:
        """Run the third engine on the doubted lines; keep the existing reading if it fails."""
        try:
            await workflow.execute_activity_method(
                ThirdEngineActivities.read_doubted_lines, document_input, **policies.THIRD_ENGINE_DOUBTED_LINES
            )
        except StepFailed as error:
            if failure_of(error)[0] == STALE:
                raise

    async def _request_password(self, document_input: DocumentInput, *, wrong: bool) -> str:
        self._sealed = ""
        await workflow.execute_local_activity_method(
            HumanTaskActivities.request_password, PasswordWaitInput(document_input, wrong), **policies.FAST_DB
        )
        while True:
            state = await wait_for_people(document_input, self._signals, self._password_wait_is_over)
            if self._cancelled:
                return CANCELLED
            if self._sealed:
                break
            if await self._finalize(document_input):
                return state.status
        await workflow.execute_local_activity_method(
            HumanTaskActivities.continue_with_password, document_input, **policies.FAST_DB
        )
        return ""

    def _password_wait_is_over(self, state: HumanWaitState) -> bool:
        return bool(self._sealed) or state.done or self._cancelled

    async def _assess(self, document_input: DocumentInput) -> None:
        """Assess the document; route it to a person if no attempt succeeds."""
        try:
            await workflow.execute_activity_method(DocumentActivities.assess, document_input, **policies.ASSESS)
        except StepFailed as error:
            if failure_of(error)[0] == STALE:
                raise
            await workflow.execute_local_activity_method(
                DocumentActivities.route_to_review, document_input, **policies.FAST_DB
            )

    async def _fail_run(self, document_input: DocumentInput, error: StepError) -> str:
        """End a run because of an error in its file; a stale run only stops."""
        code, detail = failure_of(error)
        if code == STALE:
            raise error
        return await self._end_run(
            DocumentFailure(document_input, code or POISON, detail, quarantine=not code or code in QUARANTINE_ERRORS)
        )

    async def _end_run(self, failure: DocumentFailure) -> str:
        return await workflow.execute_activity_method(DocumentActivities.fail_or_quarantine, failure, **policies.ASSESS)
