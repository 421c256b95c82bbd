"""Reprocessing: stored next to the current run until a person has seen the differences and applied or dropped it."""

from pathlib import Path
from uuid import UUID

import pytest
from django.core.files.storage import default_storage
from pytest_django import DjangoCaptureOnCommitCallbacks

from ingestion.contracts import ReprocessingOptions, RunRef
from ingestion.domain.errors import NeedsPassword, ResourceLimit, WrongPassword
from ingestion.domain.lifecycle import InvalidDocumentTransition
from ingestion.domain.ports import ReadingOptions, ReadPage
from ingestion.models import Document, Field, Page, ReprocessingRun
from ingestion.selectors.reprocessings import ReprocessingComparison, page_diff, reprocessing_comparison
from ingestion.services import reprocessings
from ingestion.services.progress import StaleAttempt
from ingestion.services.reading import begin_run
from ingestion.services.reprocessing_steps import begin_reprocessing, store_reprocessed_page
from ingestion.services.reprocessings import (
    ReprocessingClosed,
    ReprocessingInProgress,
    TooManyReprocessings,
    apply_reprocessing,
    drop_reprocessing,
    request_many_reprocessings,
    request_reprocessing,
)
from ingestion.services.reruns import rerun_document
from ingestion.services.review_port import DocumentClaimed
from quality.models import TrainingExample
from quality.services.rule_set import AssessmentConfig
from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.outbox.models import OutboxMessage
from refinery.core.tenancy.actor import NotAllowed
from refinery.core.tenancy.roles import Role
from refinery.core.web.sealed_secrets import encrypt_secret
from review.contracts import FieldEdit
from review.domain.lifecycle import ReviewVerdict
from review.models import ReviewTask
from review.services.claims import claim_task
from tests.integration.workers.activity_steps import document_input, run_activity
from tests.integration.workers.activity_steps import read_and_assess as read_first
from tests.support.ingest_harness import INVOICE, IngestHarness
from tests.support.reprocessing import THOROUGH_OPTIONS, ThoroughReader, queue_reprocessing, reprocessing_input
from tests.support.text_reader import TextReader
from workers.activities.document_steps import DocumentActivities
from workers.activities.read_pages import ReadingActivities
from workers.activities.reprocess_document import ReprocessingActivities, ReprocessingRecords
from workers.messages import OriginalInput, ReadPagesResult, ReprocessingFailure, ReprocessingInput

PAPER = f"{INVOICE}\fsecond page with seven words on it"


@pytest.fixture
def reader() -> ThoroughReader:
    """Return the reader of a test."""
    return ThoroughReader()


@pytest.fixture
def ref(ingest: IngestHarness, assessment_engine: AssessmentConfig) -> RunRef:
    """Return a document that was read, assessed and routed to review."""
    return read_first(ingest, PAPER, assessment_engine)


def reprocessed(
    ingest: IngestHarness, ref: RunRef, reader: TextReader, means: ReprocessingOptions = THOROUGH_OPTIONS
) -> ReprocessingRun:
    """Request, read and compare."""
    row = queue_reprocessing(ingest, ref, means)
    run_activity(ReprocessingActivities(reader).reprocess_pages, reprocessing_input(row))
    assert run_activity(ReprocessingRecords().complete_reprocessing, reprocessing_input(row)) == "ready"
    return row


def comparison(ingest: IngestHarness, ref: RunRef, row: ReprocessingRun) -> ReprocessingComparison:
    """Return the comparison as a viewer sees it."""
    with tenant_scope(ingest.tenant_id):
        return reprocessing_comparison(ingest.tenant.actor(Role.VIEWER), ref.document_id, row.id)


def accept_reprocessing(ingest: IngestHarness, ref: RunRef, row: ReprocessingRun) -> RunRef:
    """Apply it as an operator."""
    with tenant_scope(ingest.tenant_id):
        actor = ingest.tenant.actor(Role.OPERATOR)
        document = apply_reprocessing(actor=actor, document_id=ref.document_id, reprocessing_id=row.id)
    return RunRef(ref.tenant_id, document.id, document.run)


def values(ingest: IngestHarness, ref: RunRef) -> dict[str, tuple[str, str]]:
    """Return the fields of a run with their human state."""
    with tenant_scope(ingest.tenant_id):
        rows = Field.objects.filter(document_id=ref.document_id, run=ref.run)
        return {row.name: (row.value, row.human) for row in rows}


CORRECTION = (ReviewVerdict.APPROVE, FieldEdit("invoice_number", "INV-2042"))


def test_reprocessing_changes_nothing_until_applied(ingest: IngestHarness, ref: RunRef, reader: ThoroughReader) -> None:
    """Run, status, fields, task and pages are unchanged; the reprocessed ones are stored next to them."""
    before = ingest.document(ref), values(ingest, ref), ingest.task(ref).state
    row = reprocessed(ingest, ref, reader)
    after = ingest.document(ref)
    assert (after.run, after.status, after.version) == (before[0].run, before[0].status, before[0].version)
    assert (values(ingest, ref), ingest.task(ref).state) == before[1:]
    with tenant_scope(ingest.tenant_id):
        assert Page.objects.filter(run=1).count() == Page.objects.filter(run=row.run).count() == 2


def test_comparison_shows_changed_fields_pages_and_words(
    ingest: IngestHarness, ref: RunRef, reader: ThoroughReader
) -> None:
    """Fields with both confidences, pages with their count, words with their boxes."""
    found = comparison(ingest, ref, reprocessed(ingest, ref, reader))
    changed = {change.name: change for change in found.fields if change.changed}
    assert set(changed) == {"invoice_number"}
    number = changed["invoice_number"]
    assert number.before
    assert number.after
    assert (number.before.value, number.after.value) == ("INV-2041", "INV-2047")
    assert 0 < number.before.confidence <= 1
    assert 0 < number.after.confidence <= 1
    assert [(page.number, page.changed, page.words_after) for page in found.page_changes][1] == (2, 1, 7)
    assert (found.words_changed, found.pages_failed, found.pages) == (2, 0, 2)
    with tenant_scope(ingest.tenant_id):
        diff = page_diff(ingest.tenant.actor(Role.VIEWER), found, 2)
    (run,) = [run for run in diff.word_diffs if not run.alike]
    assert ([word["text"] for word in run.before], [word["text"] for word in run.after]) == (["seven"], ["eleven"])
    assert all(len(word["bbox"]) == 4 for word in run.after)


def test_apply_uses_stored_pages_and_assesses_again(
    ingest: IngestHarness, ref: RunRef, reader: ThoroughReader, assessment_engine: AssessmentConfig
) -> None:
    """The next run uses the reprocessed pages; no file is opened for it, and it has a new task."""
    row = reprocessed(ingest, ref, reader)
    old_task = ingest.task(ref)
    run = accept_reprocessing(ingest, ref, row)
    assert (run.run, ingest.document(run).status) == (2, "READING")
    steps = DocumentActivities(assessment_engine)
    run_activity(steps.begin, document_input(run))
    opened = reader.opened
    assert run_activity(ReadingActivities(reader).read_pages, OriginalInput(document_input(run))) == ReadPagesResult(2)
    run_activity(steps.assess, document_input(run))
    assert reader.opened == opened
    assert values(ingest, run)["invoice_number"] == ("INV-2047", "")
    assert values(ingest, ref)["invoice_number"] == ("INV-2041", "")
    with tenant_scope(ingest.tenant_id):
        old_task.refresh_from_db()
        assert (old_task.state, ingest.task(run).run) == ("CANCELLED", 2)
        assert OutboxMessage.objects.filter(key=run.workflow_id).exists()
        assert OutboxMessage.objects.filter(key__startswith=f"{ref.workflow_id}#rerun/").exists()


def test_apply_keeps_corrections_and_training_examples(
    ingest: IngestHarness, ref: RunRef, reader: ThoroughReader, assessment_engine: AssessmentConfig
) -> None:
    """A corrected field is shown as kept and carried over, and its training example is unchanged."""
    ingest.decide(ref, *CORRECTION)
    with tenant_scope(ingest.tenant_id):
        learnt = list(TrainingExample.objects.order_by("id").values("field", "expert_correction", "kind", "run"))
    assert learnt
    row = reprocessed(ingest, ref, reader)
    (change,) = [one for one in comparison(ingest, ref, row).fields if one.name == "invoice_number"]
    assert (change.kept, change.replaces) == (True, False)
    run = accept_reprocessing(ingest, ref, row)
    steps = DocumentActivities(assessment_engine)
    run_activity(steps.begin, document_input(run))
    run_activity(ReadingActivities(reader).read_pages, OriginalInput(document_input(run)))
    run_activity(steps.assess, document_input(run))
    assert values(ingest, run)["invoice_number"] == ("INV-2042", "corrected")
    with tenant_scope(ingest.tenant_id):
        kept = Field.objects.get(document_id=ref.document_id, run=2, name="invoice_number")
        assert (kept.model_value, kept.needs_human) == ("INV-2047", False)
        now = list(TrainingExample.objects.order_by("id").values("field", "expert_correction", "kind", "run"))
    assert now == learnt


def test_comparison_shows_field_corrected_meanwhile(ingest: IngestHarness, ref: RunRef, reader: ThoroughReader) -> None:
    """The current values are looked up for display, not stored with the comparison."""
    row = reprocessed(ingest, ref, reader)
    ingest.decide(ref, *CORRECTION)
    (change,) = [one for one in comparison(ingest, ref, row).fields if one.name == "invoice_number"]
    assert change.before
    assert (change.before.value, change.kept) == ("INV-2042", True)


def test_drop_deletes_pages_and_images(
    ingest: IngestHarness,
    ref: RunRef,
    reader: ThoroughReader,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    """Pages are deleted, and images that the document does not use; another choice is refused."""
    row = reprocessed(ingest, ref, reader)
    actor = ingest.tenant.actor(Role.OPERATOR)
    with tenant_scope(ingest.tenant_id):
        keys = {run: set(Page.objects.filter(run=run).values_list("image_key", flat=True)) for run in (1, 2)}
    with django_capture_on_commit_callbacks(execute=True), tenant_scope(ingest.tenant_id):
        drop_reprocessing(actor=actor, document_id=ref.document_id, reprocessing_id=row.id)
    with tenant_scope(ingest.tenant_id):
        assert not Page.objects.filter(run=2).exists()
        dropped = ReprocessingRun.objects.get()
        assert (dropped.status, dropped.fields, dropped.page_changes) == ("dropped", [], [])
        with pytest.raises(ReprocessingClosed):
            apply_reprocessing(actor=actor, document_id=ref.document_id, reprocessing_id=row.id)
        with pytest.raises(ReprocessingClosed):
            drop_reprocessing(actor=actor, document_id=ref.document_id, reprocessing_id=row.id)
    assert all(default_storage.exists(key) for key in keys[1])
    assert not any(default_storage.exists(key) for key in keys[2] - keys[1])


def test_drop_during_read_stops_worker_and_leaves_nothing(
    ingest: IngestHarness,
    ref: RunRef,
    tmp_path: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    """The worker's next page is refused, together with its stored image."""
    row = queue_reprocessing(ingest, ref)
    source = begin_reprocessing(tenant_id=ingest.tenant_id, reprocessing_id=row.id)
    assert source
    file = tmp_path / "paper"
    file.write_text("other words")
    page = next(TextReader().read(file, tmp_path, ReadingOptions("application/pdf")))
    with django_capture_on_commit_callbacks(execute=True):
        with tenant_scope(ingest.tenant_id):
            actor = ingest.tenant.actor(Role.OPERATOR)
            drop_reprocessing(actor=actor, document_id=ref.document_id, reprocessing_id=row.id)
        with pytest.raises(StaleAttempt):
            store_reprocessed_page(source, page)
    with tenant_scope(ingest.tenant_id):
        assert not Page.objects.filter(run=2).exists()
        stands = Page.objects.filter(run=1).values_list("image_key", "thumbnail_key")
        known = {Path(key).name for pair in stands for key in pair}
    assert set(default_storage.listdir(f"tenants/{ingest.tenant_id}/pages")[1]) == known
    assert run_activity(ReprocessingRecords().complete_reprocessing, reprocessing_input(row)) == "dropped"


def test_late_worker_with_old_fence_is_refused(ingest: IngestHarness, ref: RunRef, tmp_path: Path) -> None:
    """Its fence is older than that of the new attempt, whose images stay."""
    row = queue_reprocessing(ingest, ref)
    late = begin_reprocessing(tenant_id=ingest.tenant_id, reprocessing_id=row.id)
    now = begin_reprocessing(tenant_id=ingest.tenant_id, reprocessing_id=row.id)
    assert late
    assert now
    file = tmp_path / "paper"
    file.write_text("other words")
    page = next(TextReader().read(file, tmp_path, ReadingOptions("application/pdf")))
    with pytest.raises(StaleAttempt):
        store_reprocessed_page(late, page)
    store_reprocessed_page(now, page)
    with tenant_scope(ingest.tenant_id):
        assert default_storage.exists(Page.objects.get(run=2).image_key)


def test_second_attempt_resumes_at_first_missing_page(ingest: IngestHarness, ref: RunRef) -> None:
    """Stored pages are not read again."""

    class InterruptedReader(TextReader):
        def page(self, number: int, total: int, text: str, folder: Path) -> ReadPage:
            if number > 1:
                raise SystemExit
            return super().page(number, total, text, folder)

    row = queue_reprocessing(ingest, ref)
    with pytest.raises(SystemExit):
        run_activity(ReprocessingActivities(InterruptedReader()).reprocess_pages, reprocessing_input(row))
    reader = TextReader()
    run_activity(ReprocessingActivities(reader).reprocess_pages, reprocessing_input(row))
    assert reader.read_pages == [2]
    assert run_activity(ReprocessingRecords().complete_reprocessing, reprocessing_input(row)) == "ready"
    assert run_activity(ReprocessingRecords().complete_reprocessing, reprocessing_input(row)) == "ready"


def test_unreadable_reprocessing_fails_and_allows_another(ingest: IngestHarness, ref: RunRef) -> None:
    """The document is unchanged, and other options can be tried."""

    class FailingReader(TextReader):
        def page(self, number: int, total: int, text: str, folder: Path) -> ReadPage:
            return super().page(number, total, "!resource_limit" if number > 1 else text, folder)

    row = queue_reprocessing(ingest, ref)
    with pytest.raises(ResourceLimit):
        run_activity(ReprocessingActivities(FailingReader()).reprocess_pages, reprocessing_input(row))
    failure = ReprocessingFailure(reprocessing_input(row), "resource_limit")
    assert run_activity(ReprocessingRecords().give_up_reprocessing, failure) == "failed"
    assert comparison(ingest, ref, row).error_code == "resource_limit"
    with tenant_scope(ingest.tenant_id):
        assert not Page.objects.filter(run=2).exists()
    assert queue_reprocessing(ingest, ref, ReprocessingOptions("fast")).mode == "fast"


def test_new_run_supersedes_reprocessing(ingest: IngestHarness, ref: RunRef, reader: ThoroughReader) -> None:
    """Its pages are not mixed with those of the run; it cannot be applied, and another can be requested."""
    with tenant_scope(ingest.tenant_id):
        Document.objects.update(status="APPROVED")
    row = reprocessed(ingest, ref, reader)
    with tenant_scope(ingest.tenant_id):
        actor = ingest.tenant.actor(Role.OPERATOR)
        rerun_document(actor=actor, document_id=ref.document_id)
        assert not Page.objects.filter(run=2).exists()
        with pytest.raises(ReprocessingClosed):
            apply_reprocessing(actor=actor, document_id=ref.document_id, reprocessing_id=row.id)
    assert comparison(ingest, ref, row).status == "dropped"
    run = RunRef(ref.tenant_id, ref.document_id, 2)
    run_activity(ReadingActivities(reader).read_pages, OriginalInput(document_input(run)))
    with tenant_scope(ingest.tenant_id):
        drop_reprocessing(actor=actor, document_id=ref.document_id, reprocessing_id=row.id)
        assert Page.objects.filter(run=2).count() == 2
        Document.objects.update(status="APPROVED")
    assert queue_reprocessing(ingest, run).base_run == 2


def test_claimed_document_cannot_be_replaced(ingest: IngestHarness, ref: RunRef, reader: ThoroughReader) -> None:
    """It can be read and compared, but not applied."""
    row = reprocessed(ingest, ref, reader)
    with tenant_scope(ingest.tenant_id):
        claim_task(actor=ingest.tenant.actor(Role.REVIEWER), task_id=ingest.task(ref).id)
        with pytest.raises(DocumentClaimed):
            apply_reprocessing(
                actor=ingest.tenant.actor(Role.MANAGER), document_id=ref.document_id, reprocessing_id=row.id
            )
        assert ReviewTask.objects.get().state == "CLAIMED"


def test_reprocessing_is_limited_to_one_per_document_and_tenant_maximum(
    ingest: IngestHarness, ref: RunRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second one waits for the choice; a tenant has a maximum."""
    queue_reprocessing(ingest, ref)
    with pytest.raises(ReprocessingInProgress):
        queue_reprocessing(ingest, ref)
    monkeypatch.setattr(reprocessings, "MOST_OPEN", 1)
    with tenant_scope(ingest.tenant_id):
        other = Document.objects.get()
        other.pk, other.status, other.sha256 = UUID(int=7), "APPROVED", "7" * 64
        other.save(force_insert=True)
    with pytest.raises(TooManyReprocessings):
        queue_reprocessing(ingest, RunRef(ref.tenant_id, UUID(int=7), 1))


@pytest.mark.parametrize("status", ["RECEIVED", "READING", "NEEDS_PASSWORD", "ASSESSING", "FAILED", "QUARANTINED"])
def test_reprocessing_of_unread_document_is_refused(ingest: IngestHarness, ref: RunRef, status: str) -> None:
    """There is nothing to compare with."""
    with tenant_scope(ingest.tenant_id):
        Document.objects.update(status=status)
    with pytest.raises(InvalidDocumentTransition):
        queue_reprocessing(ingest, ref)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.REVIEWER])
def test_reprocessing_requires_permission(ingest: IngestHarness, ref: RunRef, role: Role) -> None:
    """The same permission as for a re-run."""
    actor = ingest.tenant.actor(role)
    with tenant_scope(ingest.tenant_id), pytest.raises(NotAllowed):
        request_reprocessing(actor=actor, document_id=ref.document_id, options=THOROUGH_OPTIONS)


def test_bulk_request_reports_refused_documents_and_has_low_priority(ingest: IngestHarness, ref: RunRef) -> None:
    """The reprocessing runs wait behind new uploads."""
    absent = UUID(int=1)
    with tenant_scope(ingest.tenant_id):
        actor = ingest.tenant.actor(Role.OPERATOR)
        asked = request_many_reprocessings(
            actor=actor, document_ids=[absent, ref.document_id], batch_id=None, options=THOROUGH_OPTIONS
        )
        again = request_many_reprocessings(
            actor=actor, document_ids=[ref.document_id], batch_id=None, options=THOROUGH_OPTIONS
        )
        message = OutboxMessage.objects.get(key=f"reprocessing/{asked.started[ref.document_id]}")
    assert (list(asked.started), asked.refused) == ([ref.document_id], {absent: "not-found"})
    assert again.refused == {ref.document_id: "in-progress"}
    assert message.payload["priority"] < 0


def test_batch_request_is_processed_in_parts(
    ingest: IngestHarness, assessment_engine: AssessmentConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One request has a maximum; the next one continues with the rest."""
    batch = ingest.batch()
    for number in range(3):
        read_first(ingest, f"{INVOICE}{number}", assessment_engine, batch_id=batch.id)
    monkeypatch.setattr(reprocessings, "MOST_AT_ONCE", 2)
    with tenant_scope(ingest.tenant_id):
        actor = ingest.tenant.actor(Role.OPERATOR)
        first = request_many_reprocessings(actor=actor, document_ids=(), batch_id=batch.id, options=THOROUGH_OPTIONS)
        second = request_many_reprocessings(actor=actor, document_ids=(), batch_id=batch.id, options=THOROUGH_OPTIONS)
        third = request_many_reprocessings(actor=actor, document_ids=(), batch_id=batch.id, options=THOROUGH_OPTIONS)
    assert [(len(one.started), one.remaining) for one in (first, second, third)] == [(2, 1), (1, 0), (0, 0)]


def test_erased_document_deletes_its_reprocessing(ingest: IngestHarness, ref: RunRef, reader: ThoroughReader) -> None:
    """A worker that reads it finds nothing to do."""
    row = queue_reprocessing(ingest, ref)
    ingest.erase(ref)
    run_activity(ReprocessingActivities(reader).reprocess_pages, reprocessing_input(row))
    assert reader.opened == 0
    with tenant_scope(ingest.tenant_id):
        assert not ReprocessingRun.objects.exists()


def test_reprocessing_with_same_settings_reuses_pages(
    ingest: IngestHarness, assessment_engine: AssessmentConfig, reader: ThoroughReader
) -> None:
    """Earlier pages with these settings are reused; nothing differs."""
    ref = ingest.upload(PAPER)
    steps = DocumentActivities(assessment_engine)
    named = lambda options: f"{options.mode}{options.engines}"  # noqa: E731 - as short as it is
    run_activity(steps.begin, document_input(ref))
    run_activity(ReadingActivities(reader, settings_digest=named).read_pages, OriginalInput(document_input(ref)))
    run_activity(steps.assess, document_input(ref))
    row = queue_reprocessing(ingest, ref, ReprocessingOptions("standard"))
    run_activity(ReprocessingActivities(reader, settings_digest=named).reprocess_pages, reprocessing_input(row))
    run_activity(ReprocessingRecords().complete_reprocessing, reprocessing_input(row))
    assert reader.opened == 1
    assert comparison(ingest, ref, row).words_changed == 0


def test_reprocessing_reuses_pages_after_failed_page(
    ingest: IngestHarness, assessment_engine: AssessmentConfig, reader: ThoroughReader
) -> None:
    """With the usual settings only the failed page is read again."""
    ref = ingest.upload(f"{PAPER}\fthird page\ffourth page")
    begin_run(ref, scan=False)
    run_activity(
        ReadingActivities(TextReader(), settings_digest=lambda read: read.mode).read_pages,
        OriginalInput(document_input(ref)),
    )
    run_activity(DocumentActivities(assessment_engine).assess, document_input(ref))
    with tenant_scope(ingest.tenant_id):
        Page.objects.filter(run=1, number=2).update(error="resource_limit", words=[], confidence=0)
    row = queue_reprocessing(ingest, ref, ReprocessingOptions("standard"))
    run_activity(
        ReprocessingActivities(reader, settings_digest=lambda read: read.mode).reprocess_pages, reprocessing_input(row)
    )
    assert reader.read_pages == [2]
    assert run_activity(ReprocessingRecords().complete_reprocessing, reprocessing_input(row)) == "ready"
    found = comparison(ingest, ref, row)
    assert (found.pages, found.pages_failed, found.is_improvement) == (4, 0, True)


def test_reprocessing_of_child_document_is_refused(ingest: IngestHarness, ref: RunRef) -> None:
    """Its file can be reprocessed instead."""
    with tenant_scope(ingest.tenant_id):
        Document.objects.update(parent_pages=[1])
    with pytest.raises(InvalidDocumentTransition):
        queue_reprocessing(ingest, ref)


@pytest.fixture
def encrypted_document(ingest: IngestHarness, assessment_engine: AssessmentConfig) -> RunRef:
    """Return an encrypted document that was read with its password."""
    ref = ingest.upload(f"password: sesame\n{PAPER}")
    begin_run(ref, scan=False)
    run_activity(
        ReadingActivities(TextReader()).read_pages, OriginalInput(document_input(ref), encrypt_secret("sesame"))
    )
    run_activity(DocumentActivities(assessment_engine).assess, document_input(ref))
    return ref


def encrypted_input(ingest: IngestHarness, row: ReprocessingRun) -> ReprocessingInput:
    """Return the workflow input from the outbox."""
    with tenant_scope(ingest.tenant_id):
        payload = OutboxMessage.objects.get(key=f"reprocessing/{row.id}").payload
    assert "sesame" not in str(payload)
    return ReprocessingInput(str(row.tenant_id), str(row.id), sealed=payload.get("sealed", ""))


@pytest.mark.parametrize(("password", "failure"), [("", NeedsPassword), ("guess", WrongPassword)])
def test_reprocessing_of_encrypted_file_without_password_fails(
    ingest: IngestHarness, encrypted_document: RunRef, reader: ThoroughReader, password: str, failure: type[Exception]
) -> None:
    """The password is not stored, so it is requested again."""
    with tenant_scope(ingest.tenant_id):
        actor = ingest.tenant.actor(Role.OPERATOR)
        row = request_reprocessing(
            actor=actor, document_id=encrypted_document.document_id, options=THOROUGH_OPTIONS, password=password
        )
    with pytest.raises(failure):
        run_activity(ReprocessingActivities(reader).reprocess_pages, encrypted_input(ingest, row))


def test_reprocessing_of_encrypted_file_uses_sealed_password(
    ingest: IngestHarness, encrypted_document: RunRef, reader: ThoroughReader
) -> None:
    """The outbox message contains it sealed, and no log contains it."""
    with tenant_scope(ingest.tenant_id):
        actor = ingest.tenant.actor(Role.OPERATOR)
        row = request_reprocessing(
            actor=actor, document_id=encrypted_document.document_id, options=THOROUGH_OPTIONS, password="sesame"
        )
        assert "sesame" not in str(list(AuditEvent.objects.values()))
    run_activity(ReprocessingActivities(reader).reprocess_pages, encrypted_input(ingest, row))
    assert run_activity(ReprocessingRecords().complete_reprocessing, reprocessing_input(row)) == "ready"
    assert comparison(ingest, encrypted_document, row).words_changed == 2
