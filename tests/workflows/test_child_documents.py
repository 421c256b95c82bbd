"""Files of several documents on Temporal: child documents have separate runs, and an edited split restarts them."""

import pytest

from ingestion.contracts import RunRef
from ingestion.models import Document
from ingestion.selectors.split_editor import split_of
from ingestion.services.child_documents import child_documents_of
from ingestion.services.edit_split import SplitEdit, edit_split
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from review.domain.lifecycle import ReviewVerdict
from tests.support.ingest_harness import INVOICE, IngestHarness, make_ingest_harness
from tests.workflows.temporal_harness import TemporalHarness

REVIEW_ACTIVITY = "load_wait_state"
SECOND_INVOICE = INVOICE.replace("INV-2041", "INV-2042")
STACKED_FILE = f"{INVOICE}\fPATCHT\f{SECOND_INVOICE}"


@pytest.fixture
def ingest(harness: TemporalHarness) -> IngestHarness:
    """Return a tenant with a running harness."""
    return make_ingest_harness()


def child_runs(ingest: IngestHarness, ref: RunRef) -> list[RunRef]:
    """Return the current runs of a file's child documents."""
    with tenant_scope(ingest.tenant_id):
        rows = child_documents_of(Document.objects.get(pk=ref.document_id))
    return [RunRef(ref.tenant_id, row.id, row.run) for row in rows]


def edit_split_as(ingest: IngestHarness, ref: RunRef, *parts: tuple[int, ...], dropped: tuple[int, ...] = ()) -> None:
    """Edit the split of a file as a manager."""
    actor = ingest.tenant.actor(Role.MANAGER)
    with tenant_scope(ingest.tenant_id):
        seen = split_of(actor, ref.document_id)["number"]
        edit_split(actor=actor, request=SplitEdit(ref.document_id, parts, dropped, seen))


def test_split_file_ends_split_and_batch_ends_with_last_child(harness: TemporalHarness, ingest: IngestHarness) -> None:
    ref = ingest.upload(STACKED_FILE, batch_id=ingest.batch().id)
    assert harness.result(ref.workflow_id) == "SPLIT"
    first, second = child_runs(ingest, ref)
    for run in (first, second):
        harness.activity_log.wait_for(REVIEW_ACTIVITY, run.workflow_id)
        assert ingest.document(run).status == "IN_REVIEW"
    assert ingest.batch_status() == "RUNNING"
    for run in (first, second):
        ingest.decide(run, ReviewVerdict.APPROVE)
        assert harness.result(run.workflow_id) == "APPROVED"
    assert ingest.batch_status() == "DONE"


def test_edit_split_ends_waiting_runs_and_starts_others(harness: TemporalHarness, ingest: IngestHarness) -> None:
    ref = ingest.upload(STACKED_FILE)
    harness.result(ref.workflow_id)
    first, second = child_runs(ingest, ref)
    for run in (first, second):
        harness.activity_log.wait_for(REVIEW_ACTIVITY, run.workflow_id)
    edit_split_as(ingest, ref, (1, 3), dropped=(2,))
    assert harness.result(first.workflow_id) == "SUPERSEDED"
    assert harness.result(second.workflow_id) == "SUPERSEDED"
    (anew,) = child_runs(ingest, ref)
    assert (anew.document_id, anew.run) == (first.document_id, 2)
    harness.activity_log.wait_for(REVIEW_ACTIVITY, anew.workflow_id)
    assert ingest.document(anew).status == "IN_REVIEW"


def test_file_split_in_review_ends_and_children_start(harness: TemporalHarness, ingest: IngestHarness) -> None:
    ref = ingest.upload(f"{INVOICE}\f{SECOND_INVOICE}")
    harness.activity_log.wait_for(REVIEW_ACTIVITY, ref.workflow_id)
    edit_split_as(ingest, ref, (1,), (2,))
    assert harness.result(ref.workflow_id) == "SPLIT"
    for run in child_runs(ingest, ref):
        harness.activity_log.wait_for(REVIEW_ACTIVITY, run.workflow_id)
