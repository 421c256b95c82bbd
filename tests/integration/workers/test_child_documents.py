"""Files of several documents: split after reading, each child document assessed separately, splits edited by people."""

from dataclasses import dataclass
from uuid import UUID

import pytest

from ingestion.contracts import RegionRequest, RunRef
from ingestion.domain.lifecycle import DocumentStatus, InvalidDocumentTransition
from ingestion.domain.splitting.edits import InvalidSplit
from ingestion.models import Document, Field, Page, Split
from ingestion.selectors.split_editor import split_editor_payload, split_of, split_summary_of
from ingestion.services.child_documents import child_documents_of
from ingestion.services.edit_split import SplitEdit, SplitNotEditable, StaleSplit, edit_split
from ingestion.services.erasure import delete_document
from ingestion.services.exports import build_export_facts, request_export
from ingestion.services.progress import StaleAttempt
from ingestion.services.regions import region_source, request_region_reading
from ingestion.services.reruns import rerun_document
from ingestion.services.review_port import ClaimedByOther, FourEyesViolation
from ingestion.services.rotations import rotate_pages
from ingestion.services.split_document import split_document
from ingestion.services.splitting import suspected_boundaries
from quality.models import Issue
from quality.services.rule_set import AssessmentConfig
from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.outbox.models import OutboxMessage
from refinery.core.tenancy.actor import NotAllowed
from refinery.core.tenancy.models import Tenant
from refinery.core.tenancy.roles import Role
from refinery.core.types import BoundingBox
from refinery.core.webhooks.models import WebhookDelivery
from review.contracts import FieldEdit
from review.domain.lifecycle import ReviewVerdict, TaskKind
from review.models import ReviewTask
from review.services.claims import claim_task
from review.services.undo import UndoExpired
from tests.integration.workers.activity_steps import document_input, run_activity
from tests.support.ingest_harness import INVOICE, IngestHarness
from tests.support.text_reader import TextReader
from workers.activities.document_steps import DocumentActivities
from workers.activities.read_pages import ReadingActivities
from workers.activities.split_document import SplitActivities
from workers.messages import OriginalInput

SEPARATOR_PAGE = "\fPATCHT\f"
SECOND_INVOICE = INVOICE.replace("INV-2041", "INV-2042").replace("Aldgate Paper", "Moss Timber")
BACK_PAGE = "Terms of delivery\nThe goods stay ours until they are paid."
STACKED_FILE = f"{INVOICE}\f{BACK_PAGE}{SEPARATOR_PAGE}{SECOND_INVOICE}"  # pages 1, 2; the separator page, 3; page 4


@dataclass(frozen=True, slots=True)
class SplitHarness:
    """Ingest harness with the assessment configuration of its documents."""

    ingest: IngestHarness
    assessment_engine: AssessmentConfig

    def read(self, text: str, **options: object) -> RunRef:
        """Upload a file, read it, split it, and assess it or its child documents."""
        ref = self.ingest.upload(text, **options)
        self.assess_with_children(ref)
        return ref

    def assess_with_children(self, ref: RunRef) -> None:
        """Process a run, and its child documents, up to assessment."""
        order, steps = document_input(ref), DocumentActivities(self.assessment_engine)
        if not run_activity(steps.begin, order).pages_ready:
            run_activity(ReadingActivities(TextReader()).read_pages, OriginalInput(order))
            if run_activity(SplitActivities().split_document, order) == "SPLIT":
                for part in self.children(ref):
                    self.assess_child(part)
                return
        run_activity(steps.assess, order)

    def assess_child(self, row: Document) -> None:
        """Assess a child document's current run unless that has happened."""
        row = self.document(row.id)
        if row.status == DocumentStatus.ASSESSING:
            self.assess_with_children(RunRef(self.ingest.tenant_id, row.id, row.run))

    def document(self, document_id: UUID) -> Document:
        """Return the document's current row."""
        with tenant_scope(self.ingest.tenant_id):
            return Document.objects.get(pk=document_id)

    def children(self, ref: RunRef) -> list[Document]:
        """Return the current child documents."""
        with tenant_scope(self.ingest.tenant_id):
            return child_documents_of(Document.objects.get(pk=ref.document_id))

    def edit_split(
        self, ref: RunRef, *parts: tuple[int, ...], dropped: tuple[int, ...] = (), by: Role = Role.MANAGER
    ) -> list[Document]:
        """Edit the split, assess the new child documents, and return all of them."""
        with tenant_scope(self.ingest.tenant_id):
            number = split_of(self.ingest.tenant.actor(by), ref.document_id)["number"]
        return self.edit_seen_split(ref, number, *parts, dropped=dropped, by=by)

    def edit_seen_split(
        self, ref: RunRef, seen: int, *parts: tuple[int, ...], dropped: tuple[int, ...] = (), by: Role = Role.MANAGER
    ) -> list[Document]:
        """Edit the split with number `seen`."""
        with tenant_scope(self.ingest.tenant_id):
            request = SplitEdit(ref.document_id, parts, dropped, seen)
            edit_split(actor=self.ingest.tenant.actor(by), request=request)
        for part in self.children(ref):
            self.assess_child(part)
        return self.children(ref)

    def fields(self, row: Document) -> dict[str, tuple[str, str, int | None]]:
        """Return value, human state and page of each field in the document's current run."""
        with tenant_scope(self.ingest.tenant_id):
            rows = Field.objects.filter(document=row, run=row.run)
            return {one.name: (one.value, one.human, one.page) for one in rows}

    def run_ref(self, row: Document) -> RunRef:
        """Return a reference to the document's current run."""
        return RunRef(self.ingest.tenant_id, row.id, row.run)


@pytest.fixture
def split_harness(ingest: IngestHarness, assessment_engine: AssessmentConfig) -> SplitHarness:
    """Return the harness."""
    return SplitHarness(ingest, assessment_engine)


def test_separator_page_creates_child_documents(split_harness: SplitHarness) -> None:
    ref = split_harness.read(
        STACKED_FILE, priority=3, metadata={"po": "7"}, webhook_url="https://receiver.example/hook"
    )
    file = split_harness.document(ref.document_id)
    assert (file.status, file.stage, file.pages) == ("SPLIT", "done", 4)
    first, second = split_harness.children(ref)
    assert (first.parent_pages, second.parent_pages) == ([1, 2], [4])
    assert [row.filename for row in (first, second)] == ["paper-1.pdf", "paper-2.pdf"]
    assert [(row.status, row.pages, row.pages_failed) for row in (first, second)] == [
        ("IN_REVIEW", 2, 0),
        ("IN_REVIEW", 1, 0),
    ]
    assert (first.priority, first.metadata, first.blob_key) == (3, {"po": "7"}, file.blob_key)
    assert len({file.sha256, first.sha256, second.sha256}) == 3
    assert split_harness.fields(second)["invoice_number"][0] == "INV-2042"
    with tenant_scope(split_harness.ingest.tenant_id):
        split = Split.objects.get()
        delivered = WebhookDelivery.objects.get(event="document.completed").payload["data"]
        assert (delivered["status"], delivered["children"], delivered["parent"]) == ("SPLIT", 2, None)
        assert split_summary_of(split_harness.ingest.tenant.actor(Role.VIEWER), file).dropped[0][0] == 3
    assert (split.dropped, split.created_by_id) == ({"3": "separator"}, None)
    assert split.parts[1]["reasons"] == ["separator"]


def test_child_pages_share_images_and_are_not_read_again(split_harness: SplitHarness) -> None:
    ref = split_harness.read(STACKED_FILE)
    _, second = split_harness.children(ref)
    with tenant_scope(split_harness.ingest.tenant_id):
        own = Page.objects.get(document=second)
        source = Page.objects.get(document_id=ref.document_id, number=4)
        copied = ("image_key", "thumbnail_key", "words", "blocks", "codes", "confidence", "width", "height")
        assert [getattr(own, name) for name in copied] == [getattr(source, name) for name in copied]
    assert (own.number, own.original_number, source.original_number) == (1, 4, None)


def test_split_repetition_and_stale_attempt_add_nothing(split_harness: SplitHarness) -> None:
    ref = split_harness.read(STACKED_FILE)
    before = {row.id for row in split_harness.children(ref)}
    assert run_activity(SplitActivities().split_document, document_input(ref)) == "SPLIT"
    assert {row.id for row in split_harness.children(ref)} == before
    with tenant_scope(split_harness.ingest.tenant_id):
        assert Split.objects.count() == 1
        assert WebhookDelivery.objects.filter(event="document.completed").count() == 0
        Document.objects.filter(pk=ref.document_id).update(status="IN_REVIEW")
        with pytest.raises(StaleAttempt):
            split_document(ref)


def test_single_document_file_is_not_split(split_harness: SplitHarness) -> None:
    ref = split_harness.read(f"{INVOICE}\f{BACK_PAGE}")
    assert split_harness.document(ref.document_id).status == "IN_REVIEW"
    assert split_harness.children(ref) == []
    with tenant_scope(split_harness.ingest.tenant_id):
        assert not Split.objects.exists()
        assert split_of(split_harness.ingest.tenant.actor(Role.VIEWER), ref.document_id)["parts"][0]["pages"] == [1, 2]


def suggested_split(split_harness: SplitHarness) -> RunRef:
    """Read two invoices without a separator page between them."""
    return split_harness.read(f"{INVOICE}page 1 of 1\f{SECOND_INVOICE}page 1 of 1")


def test_likely_boundary_is_suggested_and_confirmed_by_person(split_harness: SplitHarness) -> None:
    ref = suggested_split(split_harness)
    file = split_harness.document(ref.document_id)
    with tenant_scope(split_harness.ingest.tenant_id):
        issue = Issue.objects.get(document=file, code="may_hold_several")
        assert (issue.page, issue.severity) == (2, "major")
        assert "page 2" in issue.message
        assert [doubt.page for doubt in suspected_boundaries(file)] == [2]
    assert split_harness.edit_split(ref, (1, 2), by=Role.REVIEWER) == []
    with tenant_scope(split_harness.ingest.tenant_id):
        issue.refresh_from_db()
        assert (issue.overturned, suspected_boundaries(file)) == (True, ())
    assert split_harness.document(ref.document_id).status == "IN_REVIEW"
    first, second = split_harness.edit_split(ref, (1,), (2,), by=Role.REVIEWER)
    assert (first.status, second.status) == ("IN_REVIEW", "IN_REVIEW")


def test_split_mode_automatic_cuts_and_off_suggests_nothing(split_harness: SplitHarness) -> None:
    with tenant_scope(split_harness.ingest.tenant_id):
        Tenant.objects.update(split_mode="automatic")
    assert [row.parent_pages for row in split_harness.children(suggested_split(split_harness))] == [[1], [2]]
    with tenant_scope(split_harness.ingest.tenant_id):
        Tenant.objects.update(split_mode="separators", keep_duplicates=True)
    ref = suggested_split(split_harness)
    with tenant_scope(split_harness.ingest.tenant_id):
        assert not Split.objects.filter(document_id=ref.document_id).exists()


def test_tenant_separator_text_splits_file(split_harness: SplitHarness) -> None:
    with tenant_scope(split_harness.ingest.tenant_id):
        Tenant.objects.update(split_separators="NEW CASE\r\n")
    assert len(split_harness.children(split_harness.read(STACKED_FILE.replace("PATCHT", "New case")))) == 2
    assert split_harness.children(split_harness.read(STACKED_FILE)) == []


def test_unchanged_children_keep_document_decision_and_task(split_harness: SplitHarness) -> None:
    ref = split_harness.read(f"{STACKED_FILE}\f{BACK_PAGE}")  # 1 2 | 4 5
    first, second = split_harness.children(ref)
    split_harness.ingest.decide(split_harness.run_ref(first))
    one, two, three = split_harness.edit_split(ref, (1, 2), (4,), (5,), dropped=(3,), by=Role.REVIEWER)
    assert (one.id, one.status, one.run, one.version) == (
        first.id,
        "APPROVED",
        1,
        split_harness.document(first.id).version,
    )
    assert (two.id, two.run, two.status, two.parent_pages) == (second.id, 2, "IN_REVIEW", [4])
    assert (three.parent_pages, three.run, three.supersedes_id) == ([5], 1, None)
    with tenant_scope(split_harness.ingest.tenant_id):
        tasks = ReviewTask.objects.filter(document=second).order_by("opened_at")
        assert [(task.run, task.state) for task in tasks] == [(1, "CANCELLED"), (2, "OPEN")]
        assert Page.objects.filter(document=second, run=1).count() == 2  # the previous run is kept as a version


def test_merged_or_reordered_children_are_assessed_again(split_harness: SplitHarness) -> None:
    ref = split_harness.read(STACKED_FILE)
    first, second = split_harness.children(ref)
    (whole,) = split_harness.edit_split(ref, (4, 2, 1), dropped=(3,), by=Role.REVIEWER)
    assert (whole.id, whole.run, whole.parent_pages) == (first.id, 2, [4, 2, 1])
    assert split_harness.document(second.id).status == "SUPERSEDED"
    with tenant_scope(split_harness.ingest.tenant_id):
        assert list(
            Page.objects.filter(document=whole, run=2).order_by("number").values_list("original_number", flat=True)
        ) == [4, 2, 1]
        assert not ReviewTask.objects.filter(document=second).exclude(state="CANCELLED").exists()
        summary = split_summary_of(split_harness.ingest.tenant.actor(Role.VIEWER), split_harness.document(second.id))
        assert (summary.superseded, summary.replaced_by) == (True, [(whole.id, whole.filename)])


def test_decided_child_is_superseded_not_changed(split_harness: SplitHarness) -> None:
    ref = split_harness.read(STACKED_FILE, webhook_url="https://receiver.example/hook")
    first, second = split_harness.children(ref)
    split_harness.ingest.decide(split_harness.run_ref(first), ReviewVerdict.APPROVE, FieldEdit("total", "130.00"))
    before = split_harness.fields(first)
    with pytest.raises(NotAllowed):
        split_harness.edit_split(ref, (1,), (2, 4), dropped=(3,), by=Role.REVIEWER)
    one, two = split_harness.edit_split(ref, (1,), (2, 4), dropped=(3,))
    old = split_harness.document(first.id)
    assert (old.status, old.run, old.parent_pages, split_harness.fields(old)) == ("SUPERSEDED", 1, [1, 2], before)
    assert old.decided_by_id is not None
    assert (one.supersedes_id, one.run, one.status) == (first.id, 1, "IN_REVIEW")
    assert two.id == second.id
    with tenant_scope(split_harness.ingest.tenant_id):
        corrected = WebhookDelivery.objects.get(event="document.corrected")
        assert corrected.payload["data"] == {"document": str(first.id), "run": 1, "status": "SUPERSEDED"}
        actions = AuditEvent.objects.filter(object_id=first.id).values_list("action", flat=True)
        assert "document.superseded" in actions


def test_corrected_fields_move_with_their_page(split_harness: SplitHarness) -> None:
    ref = split_harness.read(f"{BACK_PAGE}\f{INVOICE}\f{SECOND_INVOICE}")
    with tenant_scope(split_harness.ingest.tenant_id):
        row = Field.objects.get(document_id=ref.document_id, name="total")
        assert row.page in {2, 3}
        Field.objects.filter(pk=row.pk).update(value="999.00", normalized="999.00", human="corrected", page=2)
        Field.objects.filter(document_id=ref.document_id, name="invoice_number").update(human="confirmed", page=3)
    first, second = split_harness.edit_split(ref, (1, 2), (3,))
    assert split_harness.fields(first)["total"] == ("999.00", "corrected", 2)
    assert split_harness.fields(second)["total"][1] == ""
    assert split_harness.fields(second)["invoice_number"][1:] == ("confirmed", 1)
    (whole,) = split_harness.edit_split(ref, (2, 1), dropped=(3,))
    assert split_harness.fields(whole)["total"] == ("999.00", "corrected", 1)


def test_approved_file_is_split_only_with_reopen_permission(split_harness: SplitHarness) -> None:
    ref = split_harness.read(f"{INVOICE}\f{SECOND_INVOICE}")
    split_harness.ingest.decide(ref)
    with pytest.raises(NotAllowed):
        split_harness.edit_split(ref, (1,), (2,), by=Role.REVIEWER)
    assert len(split_harness.edit_split(ref, (1,), (2,))) == 2
    file = split_harness.document(ref.document_id)
    assert (file.status, file.decided_by_id is None) == ("SPLIT", False)
    with pytest.raises(UndoExpired):
        split_harness.ingest.undo(split_harness.ingest.task(ref).id)


def test_stale_or_running_split_is_refused(split_harness: SplitHarness) -> None:
    ref = split_harness.read(STACKED_FILE)
    with pytest.raises(StaleSplit) as stale:
        split_harness.edit_seen_split(ref, 0, (1, 2, 4), dropped=(3,))
    assert stale.value.current == 1
    with pytest.raises(InvalidSplit):
        split_harness.edit_split(ref, (1, 2))
    with pytest.raises(NotAllowed):
        split_harness.edit_split(ref, (1, 2, 4), dropped=(3,), by=Role.VIEWER)
    waiting = split_harness.ingest.upload(f"{INVOICE}\f{BACK_PAGE}")
    with pytest.raises(SplitNotEditable):
        split_harness.edit_seen_split(waiting, 0, (1,))


def test_child_claimed_by_other_reviewer_is_not_replaced(split_harness: SplitHarness) -> None:
    ref = split_harness.read(STACKED_FILE)
    first, _ = split_harness.children(ref)
    with tenant_scope(split_harness.ingest.tenant_id):
        task = ReviewTask.objects.get(document=first)
        claim_task(actor=split_harness.ingest.tenant.actor(Role.REVIEWER), task_id=task.id)
    with pytest.raises(ClaimedByOther):
        split_harness.edit_split(ref, (1,), (2,), (4,), dropped=(3,))
    assert len(split_harness.edit_split(ref, (1, 2), (4,), dropped=(3,))) == 2  # child unchanged
    assert len(split_harness.edit_split(ref, (1,), (2,), (4,), dropped=(3,), by=Role.REVIEWER)) == 3  # own claim


def test_four_eyes_rule_applies_to_split(split_harness: SplitHarness) -> None:
    """Requesting a second person and editing the split does not circumvent the four-eyes rule."""
    ref = split_harness.read(STACKED_FILE)
    first, _ = split_harness.children(ref)
    split_harness.ingest.decide(split_harness.run_ref(first), ReviewVerdict.NEEDS_SECOND_REVIEW)
    with pytest.raises(FourEyesViolation):
        split_harness.edit_split(ref, (1,), (2,), (4,), dropped=(3,), by=Role.REVIEWER)
    split_harness.edit_split(ref, (1,), (2,), (4,), dropped=(3,))
    with tenant_scope(split_harness.ingest.tenant_id):
        opened = ReviewTask.objects.filter(document__parent_id=ref.document_id, state="OPEN")
        anew = opened.filter(document__parent_pages__in=[[1], [2]])
        reviewer = split_harness.ingest.tenant.actor(Role.REVIEWER).user_id
        assert {task.excluded_id for task in anew} == {reviewer}
        assert {task.kind for task in anew} == {TaskKind.REVIEW}
        assert opened.get(document__parent_pages=[4]).excluded_id is None


def test_rotation_changes_only_its_child(split_harness: SplitHarness) -> None:
    """Other children, decided or not, are unchanged; human values are kept and their boxes move."""
    ref = split_harness.read(STACKED_FILE)
    first, second = split_harness.children(ref)
    split_harness.ingest.decide(split_harness.run_ref(second))
    with tenant_scope(split_harness.ingest.tenant_id):
        rows = Field.objects.filter(document=first, name="total")
        rows.update(human="corrected", value="1.00", page=2, bbox=[0.1, 0.05, 0.3, 0.1])
        rotate_pages(actor=split_harness.ingest.tenant.actor(Role.REVIEWER), document_id=first.id, rotations={2: 1})
    split_harness.assess_with_children(RunRef(ref.tenant_id, ref.document_id, 2))
    one, two = split_harness.children(ref)
    assert (one.id, one.run, one.status) == (first.id, 2, "IN_REVIEW")
    assert (two.id, two.run, two.status) == (second.id, 1, "APPROVED")
    with tenant_scope(split_harness.ingest.tenant_id):
        kept = Field.objects.get(document=one, run=2, name="total")
        reviewer = split_harness.ingest.tenant.actor(Role.REVIEWER)
        with pytest.raises(NotAllowed):
            rotate_pages(actor=reviewer, document_id=ref.document_id, rotations={4: 1})  # it is already decided
    assert (kept.value, kept.page) == ("1.00", 2)
    assert kept.bbox == pytest.approx([0.9, 0.1, 0.95, 0.3])


def test_undone_second_opinion_allows_decision_again(split_harness: SplitHarness) -> None:
    """An undone second-opinion request does not block decisions on the child documents."""
    ref = split_harness.read(STACKED_FILE)
    first, _ = split_harness.children(ref)
    asked = split_harness.ingest.decide(split_harness.run_ref(first), ReviewVerdict.NEEDS_SECOND_REVIEW)
    split_harness.ingest.undo(asked)
    split_harness.edit_split(ref, (1,), (2,), (4,), dropped=(3,), by=Role.REVIEWER)
    with tenant_scope(split_harness.ingest.tenant_id):
        opened = ReviewTask.objects.filter(document__parent_id=ref.document_id, state="OPEN")
        assert opened.count() == 3
        assert {task.excluded_id for task in opened} == {None}
        task = opened.filter(document__parent_pages=[1]).get()
        claim_task(actor=split_harness.ingest.tenant.actor(Role.REVIEWER), task_id=task.id)


def test_child_is_reprocessed_only_with_its_file(split_harness: SplitHarness) -> None:
    ref = split_harness.read(STACKED_FILE)
    first, second = split_harness.children(ref)
    operator = split_harness.ingest.tenant.actor(Role.OPERATOR)
    split_harness.ingest.decide(split_harness.run_ref(second))
    with tenant_scope(split_harness.ingest.tenant_id):
        with pytest.raises(InvalidDocumentTransition):
            rerun_document(actor=operator, document_id=second.id)
        rerun_document(actor=operator, document_id=ref.document_id)
    split_harness.assess_with_children(RunRef(ref.tenant_id, ref.document_id, 2))
    one, two = split_harness.children(ref)
    assert (one.id, one.run, one.status) == (first.id, 2, "IN_REVIEW")
    assert (two.supersedes_id, split_harness.document(second.id).status) == (second.id, "SUPERSEDED")


def test_erased_child_is_not_created_again(split_harness: SplitHarness) -> None:
    """Neither by editing the split of the others nor by reading the file again; only by a different set of pages."""
    ref = split_harness.read(f"{STACKED_FILE}\f{BACK_PAGE}")
    first, second = split_harness.children(ref)
    manager = split_harness.ingest.tenant.actor(Role.MANAGER)
    with tenant_scope(split_harness.ingest.tenant_id):
        delete_document(actor=manager, document_id=first.id)
    assert [row.parent_pages for row in split_harness.edit_split(ref, (1, 2), (4,), (5,), dropped=(3,))] == [[4], [5]]
    with tenant_scope(split_harness.ingest.tenant_id):
        assert split_of(manager, ref.document_id)["parts"][0]["status"] == "ERASED"
        rerun_document(actor=manager, document_id=ref.document_id)
    split_harness.assess_with_children(RunRef(ref.tenant_id, ref.document_id, 2))
    assert [row.parent_pages for row in split_harness.children(ref)] == [[4], [5]]
    assert len(split_harness.edit_split(ref, (1,), (2,), (4,), (5,), dropped=(3,))) == 4
    assert split_harness.document(second.id).parent_pages == [4]


def test_manual_split_survives_reprocessing(split_harness: SplitHarness) -> None:
    ref = split_harness.read(STACKED_FILE)
    split_harness.edit_split(ref, (1,), (2, 4), dropped=(3,))
    with tenant_scope(split_harness.ingest.tenant_id):
        rerun_document(actor=split_harness.ingest.tenant.actor(Role.OPERATOR), document_id=ref.document_id)
    split_harness.assess_with_children(RunRef(ref.tenant_id, ref.document_id, 2))
    assert [row.parent_pages for row in split_harness.children(ref)] == [[1], [2, 4]]
    with tenant_scope(split_harness.ingest.tenant_id):
        split = Split.objects.filter(document_id=ref.document_id).latest("number")
        assert (split.created_by_id is None, split.run) == (False, 2)


def test_split_file_starts_each_child_once(split_harness: SplitHarness) -> None:
    ref = split_harness.read(STACKED_FILE)
    with tenant_scope(split_harness.ingest.tenant_id):
        starts = set(OutboxMessage.objects.filter(topic="workflow.start").values_list("key", flat=True))
    assert starts == {
        f"doc/{row_id}/1" for row_id in (ref.document_id, *(row.id for row in split_harness.children(ref)))
    }
    first, _ = split_harness.children(ref)
    with tenant_scope(split_harness.ingest.tenant_id):
        Document.objects.filter(pk=first.pk).update(status="ASSESSING")
        assert split_document(split_harness.run_ref(first)) == "ASSESSING"


def test_child_exports_and_regions_use_pages_of_original(split_harness: SplitHarness) -> None:
    ref = split_harness.read(STACKED_FILE)
    _, second = split_harness.children(ref)
    operator = split_harness.ingest.tenant.actor(Role.OPERATOR)
    with tenant_scope(split_harness.ingest.tenant_id):
        artefact = request_export(actor=operator, document_id=second.id, form="pdf")
        made = build_export_facts(tenant_id=ref.tenant_id, artefact_id=artefact.id)
        place = RegionRequest(second.id, 1, BoundingBox(0.1, 0.1, 0.3, 0.2))
        region = request_region_reading(actor=operator, request=place)
    assert made
    (page,) = made[1].pages
    assert page.number == 1
    assert "INV-2042" in {word.text for word in page.words}
    source = region_source(tenant_id=ref.tenant_id, region_id=region.id)
    assert source
    assert (source.page, source.blob_key) == (4, split_harness.document(ref.document_id).blob_key)


def test_split_workspace_shows_whole_file_from_any_child(split_harness: SplitHarness) -> None:
    ref = split_harness.read(STACKED_FILE)
    _, second = split_harness.children(ref)
    with tenant_scope(split_harness.ingest.tenant_id):
        viewer, reviewer = (split_harness.ingest.tenant.actor(role) for role in (Role.VIEWER, Role.REVIEWER))
        found = split_editor_payload(reviewer, second.id)
        assert (found["document"], found["opened_from"]) == (ref.document_id, str(second.id))
        assert [page["number"] for page in found["all_pages"]] == [1, 2, 3, 4]
        assert (found["may_edit"], split_editor_payload(viewer, second.id)["may_edit"]) == (True, False)
        assert found["dropped"] == [{"page": 3, "reason": "separator"}]
