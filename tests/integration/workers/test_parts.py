"""A file that holds several documents: parted once it is read, each part judged alone, and mended by people."""

from dataclasses import dataclass
from uuid import UUID

import pytest

from ingestion.contracts import RegionRequest, RunRef
from ingestion.domain.lifecycle import DocumentStatus, InvalidMove
from ingestion.domain.splitting.edits import InvalidSplit
from ingestion.models import Document, Field, Page, Split
from ingestion.services.child_documents import parts_of
from ingestion.services.erasure import delete_document
from ingestion.services.progress import StaleAttempt
from ingestion.services.regions import region_source, reread_region
from ingestion.services.reruns import rerun_document
from ingestion.services.splitting import doubts_about
from quality.models import Issue
from quality.services.rule_set import Engine
from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.outbox.models import OutboxMessage
from refinery.core.tenancy.actor import NotAllowed
from refinery.core.tenancy.models import Tenant
from refinery.core.tenancy.roles import Role
from refinery.core.types import BoundingBox
from refinery.core.webhooks.models import WebhookDelivery
from review.contracts import FieldEdit
from review.domain.lifecycle import TaskKind, Verdict
from review.models import ReviewTask
from review.selectors.split_editor import parting_of, split_of, workspace_of
from review.services.claims import claim_task
from review.services.edit_split import MendRequest, NotMendable, StaleSplit, mend_split
from review.services.edits import InOtherHands
from review.services.exports import export_facts, request_export
from review.services.rotations import turn_pages
from review.services.split_document import FourEyes, part_file
from review.services.undo import TooLate
from tests.integration.workers.conftest import order_of, perform
from tests.workflows.papers import INVOICE, Office
from tests.workflows.readers import TextReader
from workers.activities.document_steps import DocumentActivities
from workers.activities.read_pages import ReadingActivities
from workers.activities.split_document import SplitActivities
from workers.messages import ReadOrder

SHEET = "\fPATCHT\f"
SECOND = INVOICE.replace("INV-2041", "INV-2042").replace("Aldgate Paper", "Moss Timber")
BACK = "Terms of delivery\nThe goods stay ours until they are paid."
STACK = f"{INVOICE}\f{BACK}{SHEET}{SECOND}"  # pages 1, 2; the sheet, 3; page 4


@dataclass(frozen=True, slots=True)
class Desk:
    """An office with the engine that judges its documents."""

    office: Office
    engine: Engine

    def read(self, text: str, **options: object) -> RunRef:
        """Take a file in, read it, part it, and judge what is to be judged."""
        ref = self.office.upload(text, **options)
        self.go_through(ref)
        return ref

    def go_through(self, ref: RunRef) -> None:
        """Bring a run as far as its judgement, and its parts with it."""
        order, steps = order_of(ref), DocumentActivities(self.engine)
        if not perform(steps.begin, order).ready:
            perform(ReadingActivities(TextReader()).read_pages, ReadOrder(order))
            if perform(SplitActivities().part_file, order) == "SPLIT":
                for part in self.parts(ref):
                    self.judge(part)
                return
        perform(steps.assess, order)

    def judge(self, row: Document) -> None:
        """Judge a part's present run, unless it was."""
        row = self.row(row.id)
        if row.status == DocumentStatus.ASSESSING:
            self.go_through(RunRef(self.office.tenant_id, row.id, row.run))

    def row(self, document_id: UUID) -> Document:
        """Give a document as it stands now."""
        with tenant_scope(self.office.tenant_id):
            return Document.objects.get(pk=document_id)

    def parts(self, ref: RunRef) -> list[Document]:
        """Give the parts that stand."""
        with tenant_scope(self.office.tenant_id):
            return parts_of(Document.objects.get(pk=ref.document_id))

    def mend(
        self, ref: RunRef, *parts: tuple[int, ...], dropped: tuple[int, ...] = (), by: Role = Role.MANAGER
    ) -> list[Document]:
        """Part the file as a person says, judge what is judged anew, and give the parts."""
        with tenant_scope(self.office.tenant_id):
            number = split_of(self.office.house.actor(by), ref.document_id)["number"]
        return self.mend_seen(ref, number, *parts, dropped=dropped, by=by)

    def mend_seen(
        self,
        ref: RunRef,
        seen: int,
        *parts: tuple[int, ...],
        dropped: tuple[int, ...] = (),
        by: Role = Role.MANAGER,
    ) -> list[Document]:
        """The same, over the split that was seen."""
        with tenant_scope(self.office.tenant_id):
            request = MendRequest(ref.document_id, parts, dropped, seen)
            mend_split(actor=self.office.house.actor(by), request=request)
        for part in self.parts(ref):
            self.judge(part)
        return self.parts(ref)

    def fields(self, row: Document) -> dict[str, tuple[str, str, int | None]]:
        """Give value, human's word and page of each field of a document's present run."""
        with tenant_scope(self.office.tenant_id):
            rows = Field.objects.filter(document=row, run=row.run)
            return {one.name: (one.value, one.human, one.page) for one in rows}

    def ref(self, row: Document) -> RunRef:
        """Give a part's present run."""
        return RunRef(self.office.tenant_id, row.id, row.run)


@pytest.fixture
def desk(office: Office, engine: Engine) -> Desk:
    """An office and its engine."""
    return Desk(office, engine)


def test_a_separator_sheet_makes_documents_of_what_lies_between(desk: Desk) -> None:
    ref = desk.read(STACK, priority=3, metadata={"po": "7"}, webhook_url="https://receiver.example/hook")
    file = desk.row(ref.document_id)
    assert (file.status, file.stage, file.pages) == ("SPLIT", "done", 4)
    first, second = desk.parts(ref)
    assert (first.parent_pages, second.parent_pages) == ([1, 2], [4])
    assert [row.filename for row in (first, second)] == ["paper-1.pdf", "paper-2.pdf"]
    assert [(row.status, row.pages, row.pages_failed) for row in (first, second)] == [
        ("IN_REVIEW", 2, 0),
        ("IN_REVIEW", 1, 0),
    ]
    assert (first.priority, first.metadata, first.blob_key) == (3, {"po": "7"}, file.blob_key)
    assert len({file.sha256, first.sha256, second.sha256}) == 3
    assert desk.fields(second)["invoice_number"][0] == "INV-2042"
    with tenant_scope(desk.office.tenant_id):
        split = Split.objects.get()
        told = WebhookDelivery.objects.get(event="document.completed").payload["data"]
        assert (told["status"], told["children"], told["parent"]) == ("SPLIT", 2, None)
        assert parting_of(desk.office.house.actor(Role.VIEWER), file).dropped[0][0] == 3
    assert (split.dropped, split.made_by_id) == ({"3": "separator"}, None)
    assert split.parts[1]["reasons"] == ["separator"]


def test_pages_of_a_part_are_copies_over_the_same_pictures_and_are_not_read_again(desk: Desk) -> None:
    ref = desk.read(STACK)
    _, second = desk.parts(ref)
    with tenant_scope(desk.office.tenant_id):
        own = Page.objects.get(document=second)
        source = Page.objects.get(document_id=ref.document_id, number=4)
        copied = ("image_key", "thumbnail_key", "words", "blocks", "codes", "confidence", "width", "height")
        assert [getattr(own, name) for name in copied] == [getattr(source, name) for name in copied]
    assert (own.number, own.origin, source.origin) == (1, 4, None)


def test_a_repetition_and_a_stale_attempt_add_nothing(desk: Desk) -> None:
    ref = desk.read(STACK)
    before = {row.id for row in desk.parts(ref)}
    assert perform(SplitActivities().part_file, order_of(ref)) == "SPLIT"
    assert {row.id for row in desk.parts(ref)} == before
    with tenant_scope(desk.office.tenant_id):
        assert Split.objects.count() == 1
        assert WebhookDelivery.objects.filter(event="document.completed").count() == 0
        Document.objects.filter(pk=ref.document_id).update(status="IN_REVIEW")
        with pytest.raises(StaleAttempt):
            part_file(ref)


def test_a_file_of_one_document_stays_as_it_is(desk: Desk) -> None:
    ref = desk.read(f"{INVOICE}\f{BACK}")
    assert desk.row(ref.document_id).status == "IN_REVIEW"
    assert desk.parts(ref) == []
    with tenant_scope(desk.office.tenant_id):
        assert not Split.objects.exists()
        assert split_of(desk.office.house.actor(Role.VIEWER), ref.document_id)["parts"][0]["pages"] == [1, 2]


def suggest(desk: Desk) -> RunRef:
    """Read two invoices without a sheet between them."""
    return desk.read(f"{INVOICE}page 1 of 1\f{SECOND}page 1 of 1")


def test_a_place_that_is_likely_is_suggested_and_answered_by_a_person(desk: Desk) -> None:
    ref = suggest(desk)
    file = desk.row(ref.document_id)
    with tenant_scope(desk.office.tenant_id):
        issue = Issue.objects.get(document=file, code="may_hold_several")
        assert (issue.page, issue.severity) == (2, "major")
        assert "page 2" in issue.message
        assert [doubt.page for doubt in doubts_about(file)] == [2]
    assert desk.mend(ref, (1, 2), by=Role.REVIEWER) == []
    with tenant_scope(desk.office.tenant_id):
        issue.refresh_from_db()
        assert (issue.overturned, doubts_about(file)) == (True, ())
    assert desk.row(ref.document_id).status == "IN_REVIEW"
    first, second = desk.mend(ref, (1,), (2,), by=Role.REVIEWER)
    assert (first.status, second.status) == ("IN_REVIEW", "IN_REVIEW")


def test_in_automatic_mode_a_sure_place_parts_and_a_tenant_can_forbid_even_suggestions(desk: Desk) -> None:
    with tenant_scope(desk.office.tenant_id):
        Tenant.objects.update(split_mode="automatic")
    assert [row.parent_pages for row in desk.parts(suggest(desk))] == [[1], [2]]
    with tenant_scope(desk.office.tenant_id):
        Tenant.objects.update(split_mode="separators", keep_duplicates=True)
    ref = suggest(desk)
    with tenant_scope(desk.office.tenant_id):
        assert not Split.objects.filter(document_id=ref.document_id).exists()


def test_a_tenants_own_sheets_part(desk: Desk) -> None:
    with tenant_scope(desk.office.tenant_id):
        Tenant.objects.update(split_separators="NEW CASE\r\n")
    assert len(desk.parts(desk.read(STACK.replace("PATCHT", "New case")))) == 2
    assert desk.parts(desk.read(STACK)) == []


def test_parts_that_stay_keep_document_decision_and_task(desk: Desk) -> None:
    ref = desk.read(f"{STACK}\f{BACK}")  # 1 2 | 4 5
    first, second = desk.parts(ref)
    desk.office.decide(desk.ref(first))
    one, two, three = desk.mend(ref, (1, 2), (4,), (5,), dropped=(3,), by=Role.REVIEWER)
    assert (one.id, one.status, one.run, one.version) == (first.id, "APPROVED", 1, desk.row(first.id).version)
    assert (two.id, two.run, two.status, two.parent_pages) == (second.id, 2, "IN_REVIEW", [4])
    assert (three.parent_pages, three.run, three.supersedes_id) == ([5], 1, None)
    with tenant_scope(desk.office.tenant_id):
        tasks = ReviewTask.objects.filter(document=second).order_by("opened_at")
        assert [(task.run, task.state) for task in tasks] == [(1, "CANCELLED"), (2, "OPEN")]
        assert Page.objects.filter(document=second, run=1).count() == 2  # the run before stays as a version


def test_merging_and_another_order_are_judged_anew(desk: Desk) -> None:
    ref = desk.read(STACK)
    first, second = desk.parts(ref)
    (whole,) = desk.mend(ref, (4, 2, 1), dropped=(3,), by=Role.REVIEWER)
    assert (whole.id, whole.run, whole.parent_pages) == (first.id, 2, [4, 2, 1])
    assert desk.row(second.id).status == "SUPERSEDED"
    with tenant_scope(desk.office.tenant_id):
        assert list(
            Page.objects.filter(document=whole, run=2).order_by("number").values_list("origin", flat=True)
        ) == [
            4,
            2,
            1,
        ]
        assert not ReviewTask.objects.filter(document=second).exclude(state="CANCELLED").exists()
        told = parting_of(desk.office.house.actor(Role.VIEWER), desk.row(second.id))
        assert (told.superseded, told.replaced_by) == (True, [(whole.id, whole.filename)])


def test_a_decided_document_is_superseded_never_changed(desk: Desk) -> None:
    ref = desk.read(STACK, webhook_url="https://receiver.example/hook")
    first, second = desk.parts(ref)
    desk.office.decide(desk.ref(first), Verdict.APPROVE, FieldEdit("total", "130.00"))
    before = desk.fields(first)
    with pytest.raises(NotAllowed):
        desk.mend(ref, (1,), (2, 4), dropped=(3,), by=Role.REVIEWER)
    one, two = desk.mend(ref, (1,), (2, 4), dropped=(3,))
    old = desk.row(first.id)
    assert (old.status, old.run, old.parent_pages, desk.fields(old)) == ("SUPERSEDED", 1, [1, 2], before)
    assert old.decided_by_id is not None
    assert (one.supersedes_id, one.run, one.status) == (first.id, 1, "IN_REVIEW")
    assert two.id == second.id
    with tenant_scope(desk.office.tenant_id):
        corrected = WebhookDelivery.objects.get(event="document.corrected")
        assert corrected.payload["data"] == {"document": str(first.id), "run": 1, "status": "SUPERSEDED"}
        actions = AuditEvent.objects.filter(object_id=first.id).values_list("action", flat=True)
        assert "document.superseded" in actions


def test_what_people_said_of_fields_goes_with_their_page(desk: Desk) -> None:
    ref = desk.read(f"{BACK}\f{INVOICE}\f{SECOND}")
    with tenant_scope(desk.office.tenant_id):
        row = Field.objects.get(document_id=ref.document_id, name="total")
        assert row.page in {2, 3}
        Field.objects.filter(pk=row.pk).update(value="999.00", normalized="999.00", human="corrected", page=2)
        Field.objects.filter(document_id=ref.document_id, name="invoice_number").update(human="confirmed", page=3)
    first, second = desk.mend(ref, (1, 2), (3,))
    assert desk.fields(first)["total"] == ("999.00", "corrected", 2)
    assert desk.fields(second)["total"][1] == ""
    assert desk.fields(second)["invoice_number"][1:] == ("confirmed", 1)
    (whole,) = desk.mend(ref, (2, 1), dropped=(3,))
    assert desk.fields(whole)["total"] == ("999.00", "corrected", 1)


def test_a_whole_file_that_was_approved_is_parted_by_who_may_reopen(desk: Desk) -> None:
    ref = desk.read(f"{INVOICE}\f{SECOND}")
    desk.office.decide(ref)
    with pytest.raises(NotAllowed):
        desk.mend(ref, (1,), (2,), by=Role.REVIEWER)
    assert len(desk.mend(ref, (1,), (2,))) == 2
    file = desk.row(ref.document_id)
    assert (file.status, file.decided_by_id is None) == ("SPLIT", False)
    with pytest.raises(TooLate):
        desk.office.undo(desk.office.task(ref).id)


def test_nobody_parts_over_what_they_have_not_seen_or_while_a_file_is_under_way(desk: Desk) -> None:
    ref = desk.read(STACK)
    with pytest.raises(StaleSplit) as stale:
        desk.mend_seen(ref, 0, (1, 2, 4), dropped=(3,))
    assert stale.value.current == 1
    with pytest.raises(InvalidSplit):
        desk.mend(ref, (1, 2))
    with pytest.raises(NotAllowed):
        desk.mend(ref, (1, 2, 4), dropped=(3,), by=Role.VIEWER)
    waiting = desk.office.upload(f"{INVOICE}\f{BACK}")
    with pytest.raises(NotMendable):
        desk.mend_seen(waiting, 0, (1,))


def test_what_another_reviewer_has_in_hand_is_not_taken_away(desk: Desk) -> None:
    ref = desk.read(STACK)
    first, _ = desk.parts(ref)
    with tenant_scope(desk.office.tenant_id):
        task = ReviewTask.objects.get(document=first)
        claim_task(actor=desk.office.house.actor(Role.REVIEWER), task_id=task.id)
    with pytest.raises(InOtherHands):
        desk.mend(ref, (1,), (2,), (4,), dropped=(3,))
    assert len(desk.mend(ref, (1, 2), (4,), dropped=(3,))) == 2  # which stays as it is
    assert len(desk.mend(ref, (1,), (2,), (4,), dropped=(3,), by=Role.REVIEWER)) == 3  # their own


def test_who_may_not_decide_may_not_part_and_still_may_not_decide_afterwards(desk: Desk) -> None:
    """Four eyes: asking a colleague and parting the file is no way round them."""
    ref = desk.read(STACK)
    first, _ = desk.parts(ref)
    desk.office.decide(desk.ref(first), Verdict.NEEDS_SECOND_REVIEW)
    with pytest.raises(FourEyes):
        desk.mend(ref, (1,), (2,), (4,), dropped=(3,), by=Role.REVIEWER)
    desk.mend(ref, (1,), (2,), (4,), dropped=(3,))
    with tenant_scope(desk.office.tenant_id):
        opened = ReviewTask.objects.filter(document__parent_id=ref.document_id, state="OPEN")
        anew = opened.filter(document__parent_pages__in=[[1], [2]])
        reviewer = desk.office.house.actor(Role.REVIEWER).user_id
        assert {task.excluded_id for task in anew} == {reviewer}
        assert {task.kind for task in anew} == {TaskKind.REVIEW}
        assert opened.get(document__parent_pages=[4]).excluded_id is None


def test_a_turned_page_changes_its_own_part_alone(desk: Desk) -> None:
    """Another one, decided or not, stays as it is; what people said goes along, with its place."""
    ref = desk.read(STACK)
    first, second = desk.parts(ref)
    desk.office.decide(desk.ref(second))
    with tenant_scope(desk.office.tenant_id):
        rows = Field.objects.filter(document=first, name="total")
        rows.update(human="corrected", value="1.00", page=2, bbox=[0.1, 0.05, 0.3, 0.1])
        turn_pages(actor=desk.office.house.actor(Role.REVIEWER), document_id=first.id, turns={2: 1})
    desk.go_through(RunRef(ref.tenant_id, ref.document_id, 2))
    one, two = desk.parts(ref)
    assert (one.id, one.run, one.status) == (first.id, 2, "IN_REVIEW")
    assert (two.id, two.run, two.status) == (second.id, 1, "APPROVED")
    with tenant_scope(desk.office.tenant_id):
        kept = Field.objects.get(document=one, run=2, name="total")
        reviewer = desk.office.house.actor(Role.REVIEWER)
        with pytest.raises(NotAllowed):
            turn_pages(actor=reviewer, document_id=ref.document_id, turns={4: 1})  # it is decided
    assert (kept.value, kept.page) == ("1.00", 2)
    assert kept.bbox == pytest.approx([0.9, 0.1, 0.95, 0.3])


def test_who_took_the_question_back_may_decide_again(desk: Desk) -> None:
    """A second opinion that was undone was never asked: it keeps nobody from the parts."""
    ref = desk.read(STACK)
    first, _ = desk.parts(ref)
    asked = desk.office.decide(desk.ref(first), Verdict.NEEDS_SECOND_REVIEW)
    desk.office.undo(asked)
    desk.mend(ref, (1,), (2,), (4,), dropped=(3,), by=Role.REVIEWER)
    with tenant_scope(desk.office.tenant_id):
        opened = ReviewTask.objects.filter(document__parent_id=ref.document_id, state="OPEN")
        assert opened.count() == 3
        assert {task.excluded_id for task in opened} == {None}
        task = opened.filter(document__parent_pages=[1]).get()
        claim_task(actor=desk.office.house.actor(Role.REVIEWER), task_id=task.id)


def test_a_part_is_not_read_alone_and_its_file_is_read_as_a_whole(desk: Desk) -> None:
    ref = desk.read(STACK)
    first, second = desk.parts(ref)
    operator = desk.office.house.actor(Role.OPERATOR)
    desk.office.decide(desk.ref(second))
    with tenant_scope(desk.office.tenant_id):
        with pytest.raises(InvalidMove):
            rerun_document(actor=operator, document_id=second.id)
        rerun_document(actor=operator, document_id=ref.document_id)
    desk.go_through(RunRef(ref.tenant_id, ref.document_id, 2))
    one, two = desk.parts(ref)
    assert (one.id, one.run, one.status) == (first.id, 2, "IN_REVIEW")
    assert (two.supersedes_id, desk.row(second.id).status) == (second.id, "SUPERSEDED")


def test_a_part_that_was_erased_does_not_come_back(desk: Desk) -> None:
    """Not by mending the others, nor by reading the file again; only by pages that are put together otherwise."""
    ref = desk.read(f"{STACK}\f{BACK}")
    first, second = desk.parts(ref)
    manager = desk.office.house.actor(Role.MANAGER)
    with tenant_scope(desk.office.tenant_id):
        delete_document(actor=manager, document_id=first.id)
    assert [row.parent_pages for row in desk.mend(ref, (1, 2), (4,), (5,), dropped=(3,))] == [[4], [5]]
    with tenant_scope(desk.office.tenant_id):
        assert split_of(manager, ref.document_id)["parts"][0]["status"] == "ERASED"
        rerun_document(actor=manager, document_id=ref.document_id)
    desk.go_through(RunRef(ref.tenant_id, ref.document_id, 2))
    assert [row.parent_pages for row in desk.parts(ref)] == [[4], [5]]
    assert len(desk.mend(ref, (1,), (2,), (4,), (5,), dropped=(3,))) == 4
    assert desk.row(second.id).parent_pages == [4]


def test_a_persons_parting_outlives_another_reading(desk: Desk) -> None:
    ref = desk.read(STACK)
    desk.mend(ref, (1,), (2, 4), dropped=(3,))
    with tenant_scope(desk.office.tenant_id):
        rerun_document(actor=desk.office.house.actor(Role.OPERATOR), document_id=ref.document_id)
    desk.go_through(RunRef(ref.tenant_id, ref.document_id, 2))
    assert [row.parent_pages for row in desk.parts(ref)] == [[1], [2, 4]]
    with tenant_scope(desk.office.tenant_id):
        split = Split.objects.filter(document_id=ref.document_id).latest("number")
        assert (split.made_by_id is None, split.run) == (False, 2)


def test_parts_leave_one_start_each_and_no_second_parting(desk: Desk) -> None:
    ref = desk.read(STACK)
    with tenant_scope(desk.office.tenant_id):
        starts = set(OutboxMessage.objects.filter(topic="workflow.start").values_list("key", flat=True))
    assert starts == {f"doc/{row_id}/1" for row_id in (ref.document_id, *(row.id for row in desk.parts(ref)))}
    first, _ = desk.parts(ref)
    with tenant_scope(desk.office.tenant_id):
        Document.objects.filter(pk=first.pk).update(status="ASSESSING")
        assert part_file(desk.ref(first)) == "ASSESSING"


def test_exports_hold_a_parts_own_pages_and_a_place_is_read_where_it_lies_in_the_original(desk: Desk) -> None:
    ref = desk.read(STACK)
    _, second = desk.parts(ref)
    operator = desk.office.house.actor(Role.OPERATOR)
    with tenant_scope(desk.office.tenant_id):
        artefact = request_export(actor=operator, document_id=second.id, form="pdf")
        made = export_facts(tenant_id=ref.tenant_id, artefact_id=artefact.id)
        place = RegionRequest(second.id, 1, BoundingBox(0.1, 0.1, 0.3, 0.2))
        region = reread_region(actor=operator, request=place)
    assert made
    (page,) = made[1].pages
    assert page.number == 1
    assert "INV-2042" in {word.text for word in page.words}
    source = region_source(tenant_id=ref.tenant_id, region_id=region.id)
    assert source
    assert (source.page, source.blob_key) == (4, desk.row(ref.document_id).blob_key)


def test_the_workspace_shows_the_files_own_pages_from_any_of_its_parts(desk: Desk) -> None:
    ref = desk.read(STACK)
    _, second = desk.parts(ref)
    with tenant_scope(desk.office.tenant_id):
        viewer, reviewer = (desk.office.house.actor(role) for role in (Role.VIEWER, Role.REVIEWER))
        found = workspace_of(reviewer, second.id)
        assert (found["document"], found["opened_from"]) == (ref.document_id, str(second.id))
        assert [page["number"] for page in found["all_pages"]] == [1, 2, 3, 4]
        assert (found["may_mend"], workspace_of(viewer, second.id)["may_mend"]) == (True, False)
        assert found["dropped"] == [{"page": 3, "why": "separator"}]
