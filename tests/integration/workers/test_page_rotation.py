"""Page rotations by people: only rotated pages are read again, rotations persist, and human values are kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingestion.contracts import RegionRequest, RunRef
from ingestion.domain.page.elements import Word, WordSource
from ingestion.domain.page.rotation import InvalidRotation, rotate_box
from ingestion.domain.ports import ReadingOptions, ReadPage
from ingestion.models import Document, Field, Page
from ingestion.services.edit_split import SplitNotEditable
from ingestion.services.regions import request_region_reading
from ingestion.services.reruns import rerun_document
from ingestion.services.review_port import ClaimedByOther, FourEyesViolation
from ingestion.services.rotations import rotate_pages
from quality.services.rule_set import AssessmentConfig
from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.actor import NotAllowed
from refinery.core.tenancy.roles import Role
from refinery.core.types import BoundingBox
from review.domain.lifecycle import ReviewVerdict
from review.models import ReviewTask
from review.services.claims import claim_task
from tests.integration.workers.activity_steps import document_input, run_activity
from tests.support.factories.tenants import make_tenant
from tests.support.ingest_harness import INVOICE, IngestHarness
from tests.support.reprocessing import queue_reprocessing, reprocessing_input
from tests.support.text_reader import TextReader
from workers.activities.document_steps import DocumentActivities
from workers.activities.read_pages import ReadingActivities
from workers.activities.read_region import RegionActivities
from workers.activities.reprocess_document import ReprocessingActivities
from workers.messages import OriginalInput, RegionInput

PAPER = f"{INVOICE}\fsecond page\fthird page"


class RotationRecordingReader(TextReader):
    """Reader that records the requested rotations."""

    rotations: tuple[tuple[int, int], ...] = ()

    def read(self, source: Path, folder: Path, options: ReadingOptions) -> Iterator[ReadPage]:
        """Record and read."""
        self.rotations = options.rotations
        yield from super().read(source, folder, options)

    def read_region(self, source: Path, page: int, bbox: BoundingBox, options: ReadingOptions) -> tuple[Word, ...]:
        """Record and return no words."""
        self.rotations = options.rotations
        return ()


class FixedRegionReader(RotationRecordingReader):
    """Region reader that returns a word covering the requested region."""

    place = BoundingBox(0, 0, 0, 0)

    def read_region(self, source: Path, page: int, bbox: BoundingBox, options: ReadingOptions) -> tuple[Word, ...]:
        """Record both."""
        self.rotations, self.place = options.rotations, bbox
        return (Word("there", bbox, 0.9, WordSource.RAPIDOCR, 0),)


@pytest.fixture
def reader() -> RotationRecordingReader:
    """Return the reader of a test."""
    return RotationRecordingReader()


def settings_name(options: ReadingOptions) -> str:
    """Return the settings name."""
    return options.mode


def read_and_assess(ref: RunRef, reader: RotationRecordingReader, engine: AssessmentConfig) -> None:
    """Process a run up to its assessment."""
    steps = DocumentActivities(engine)
    run_activity(steps.begin, document_input(ref))
    run_activity(
        ReadingActivities(reader, settings_digest=settings_name).read_pages, OriginalInput(document_input(ref))
    )
    run_activity(steps.assess, document_input(ref))


@pytest.fixture
def ref(ingest: IngestHarness, assessment_engine: AssessmentConfig, reader: RotationRecordingReader) -> RunRef:
    """Return a document of three pages in review."""
    ref = ingest.upload(PAPER)
    read_and_assess(ref, reader, assessment_engine)
    reader.read_pages.clear()
    return ref


def rotate_as(ingest: IngestHarness, ref: RunRef, turns: dict[int, int], role: Role = Role.REVIEWER) -> RunRef:
    """Rotate pages; return the run that this starts."""
    with tenant_scope(ingest.tenant_id):
        file = rotate_pages(actor=ingest.tenant.actor(role), document_id=ref.document_id, rotations=turns)
    return RunRef(ref.tenant_id, file.id, file.run)


def test_rotation_reads_only_the_rotated_page(
    ingest: IngestHarness, ref: RunRef, reader: RotationRecordingReader, assessment_engine: AssessmentConfig
) -> None:
    """It has another settings name; the audit log records the rotation, and the review task is a new one."""
    following = rotate_as(ingest, ref, {2: 1})
    assert (following.run, ingest.document(ref).rotations) == (2, {"2": 1})
    read_and_assess(following, reader, assessment_engine)
    assert (reader.read_pages, reader.rotations) == ([2], ((2, 1),))
    with tenant_scope(ingest.tenant_id):
        names = dict(Page.objects.filter(run=2).values_list("number", "settings"))
        assert names[1] == names[3] == "standard" != names[2]
        event = AuditEvent.objects.get(action="document.pages_rotated")
        assert (event.detail["pages"], event.object_id) == ([2], ref.document_id)
        tasks = ReviewTask.objects.filter(document_id=ref.document_id).order_by("opened_at")
        assert [(task.run, task.state) for task in tasks] == [(1, "CANCELLED"), (2, "OPEN")]


def test_rotations_add_up_and_are_kept(
    ingest: IngestHarness, ref: RunRef, reader: RotationRecordingReader, assessment_engine: AssessmentConfig
) -> None:
    """A later run reads the page in its current rotation; an upright page reuses its first reading."""
    read_and_assess(rotate_as(ingest, ref, {2: 1}), reader, assessment_engine)
    reader.read_pages.clear()
    read_and_assess(rotate_as(ingest, ref, {2: 1, 3: 1}), reader, assessment_engine)
    assert (reader.read_pages, reader.rotations) == ([2, 3], ((2, 2), (3, 1)))
    reader.read_pages.clear()
    ingest.decide(RunRef(ref.tenant_id, ref.document_id, 3))
    with tenant_scope(ingest.tenant_id):
        rerun_document(actor=ingest.tenant.actor(Role.OPERATOR), document_id=ref.document_id)
    read_and_assess(RunRef(ref.tenant_id, ref.document_id, 4), reader, assessment_engine)
    assert reader.read_pages == []
    read_and_assess(rotate_as(ingest, ref, {2: 2}), reader, assessment_engine)
    assert reader.read_pages == []
    assert ingest.document(ref).rotations == {"3": 1}


def test_rotation_keeps_corrections_and_moves_boxes(
    ingest: IngestHarness, ref: RunRef, reader: RotationRecordingReader, assessment_engine: AssessmentConfig
) -> None:
    """The box is moved to its position on the rotated page."""
    with tenant_scope(ingest.tenant_id):
        row = Field.objects.get(run=1, name="total")
        Field.objects.filter(pk=row.pk).update(human="corrected", value="121.00", page=1, bbox=[0.1, 0.05, 0.3, 0.1])
    read_and_assess(rotate_as(ingest, ref, {1: 1}), reader, assessment_engine)
    with tenant_scope(ingest.tenant_id):
        kept = Field.objects.get(run=2, name="total")
    assert (kept.value, kept.human) == ("121.00", "corrected")
    assert kept.bbox == pytest.approx([0.9, 0.1, 0.95, 0.3])


def test_rotation_keeps_corrections_after_failed_run(
    ingest: IngestHarness, ref: RunRef, reader: RotationRecordingReader, assessment_engine: AssessmentConfig
) -> None:
    """The next run reads the rotated pages first and gets their human values."""
    with tenant_scope(ingest.tenant_id):
        row = Field.objects.get(run=1, name="total")
        Field.objects.filter(pk=row.pk).update(human="corrected", value="121.00", page=1, bbox=[0.1, 0.05, 0.3, 0.1])
    rotate_as(ingest, ref, {1: 1})
    with tenant_scope(ingest.tenant_id):
        for _ in range(2):
            Document.objects.update(status="FAILED")
            again = rerun_document(actor=ingest.tenant.actor(Role.OPERATOR), document_id=ref.document_id)
    read_and_assess(RunRef(ref.tenant_id, again.id, again.run), reader, assessment_engine)
    with tenant_scope(ingest.tenant_id):
        kept = Field.objects.get(run=4, name="total")
    assert (kept.value, kept.human) == ("121.00", "corrected")
    assert kept.bbox == pytest.approx([0.9, 0.1, 0.95, 0.3])


def test_reprocessing_and_regions_use_page_rotation(
    ingest: IngestHarness, ref: RunRef, reader: RotationRecordingReader, assessment_engine: AssessmentConfig
) -> None:
    """Every later reading uses the rotation shown to people."""
    read_and_assess(rotate_as(ingest, ref, {2: 3}), reader, assessment_engine)
    row = queue_reprocessing(ingest, ref)
    with tenant_scope(ingest.tenant_id):
        request = RegionRequest(ref.document_id, 2, BoundingBox(0, 0, 1, 0.5))
        region = request_region_reading(actor=ingest.tenant.actor(Role.REVIEWER), request=request)
    reader = RotationRecordingReader()
    run_activity(ReprocessingActivities(reader, settings_digest=settings_name).reprocess_pages, reprocessing_input(row))
    assert reader.rotations == ((2, 3),)
    reader = RotationRecordingReader()
    run_activity(RegionActivities(reader).read_region, RegionInput(str(ingest.tenant_id), str(region.id)))
    assert reader.rotations == ((2, 3),)


def test_region_on_rotated_page_is_read_upright(ingest: IngestHarness, ref: RunRef) -> None:
    """The page was read sideways, so its words run downwards."""
    place = BoundingBox(0.2, 0.1, 0.3, 0.6)
    with tenant_scope(ingest.tenant_id):
        page = Page.objects.get(number=1)
        for word in page.words:
            word["bbox"] = rotate_box(BoundingBox(*word["bbox"]), 1).as_list()
        page.width, page.height = page.height, page.width
        page.save(update_fields=["words", "width", "height"])
        request = RegionRequest(ref.document_id, 1, place)
        region = request_region_reading(actor=ingest.tenant.actor(Role.REVIEWER), request=request)
    reader = FixedRegionReader()
    run_activity(RegionActivities(reader).read_region, RegionInput(str(ingest.tenant_id), str(region.id)))
    assert reader.rotations == ((1, 3),)
    assert reader.place.as_list() == pytest.approx([0.1, 0.7, 0.6, 0.8])
    with tenant_scope(ingest.tenant_id):
        region.refresh_from_db()
    assert region.words[0]["bbox"] == pytest.approx(place.as_list())


def test_rotation_without_permission_or_while_claimed_is_refused(
    ingest: IngestHarness, ref: RunRef, assessment_engine: AssessmentConfig, reader: RotationRecordingReader
) -> None:
    """Viewers may not; no one may while the document is claimed, awaits a second person or is being processed."""
    with pytest.raises(NotAllowed):
        rotate_as(ingest, ref, {1: 1}, Role.VIEWER)
    with pytest.raises(InvalidRotation):
        rotate_as(ingest, ref, {4: 1})
    with tenant_scope(ingest.tenant_id):
        task = ReviewTask.objects.get()
        claim_task(actor=ingest.tenant.actor(Role.REVIEWER), task_id=task.id)
    with pytest.raises(ClaimedByOther):
        rotate_as(ingest, ref, {1: 1}, Role.MANAGER)
    ingest.decide(ref, ReviewVerdict.NEEDS_SECOND_REVIEW)
    with pytest.raises(FourEyesViolation):
        rotate_as(ingest, ref, {1: 1})
    with tenant_scope(ingest.tenant_id):
        ReviewTask.objects.update(state="CANCELLED")
        Document.objects.update(status="APPROVED")
    with pytest.raises(NotAllowed):
        rotate_as(ingest, ref, {1: 1})
    following = rotate_as(ingest, ref, {1: 1}, Role.MANAGER)
    assert following.run == 2
    with pytest.raises(SplitNotEditable):
        rotate_as(ingest, ref, {1: 1}, Role.MANAGER)


def test_rotation_of_other_tenant_document_is_not_found(ingest: IngestHarness, ref: RunRef) -> None:
    """Another tenant's document is not found, although it exists."""
    stranger = make_tenant("other")
    with tenant_scope(stranger.tenant_id), pytest.raises(Document.DoesNotExist):
        rotate_pages(actor=stranger.actor(Role.MANAGER), document_id=ref.document_id, rotations={1: 1})
    assert rotate_as(ingest, ref, {1: 1}).run == 2
