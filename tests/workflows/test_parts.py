"""Files of several documents on the real engine: parts have runs of their own, and mending wakes who waits."""

import pytest

from ingestion.contracts import RunRef
from ingestion.models import Document
from ingestion.services.child_documents import parts_of
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from review.domain.lifecycle import Verdict
from review.selectors.split_editor import split_of
from review.services.edit_split import MendRequest, mend_split
from tests.workflows.papers import INVOICE, Office, open_office
from tests.workflows.plant import Plant

LOOK = "look_at_desk"
SECOND = INVOICE.replace("INV-2041", "INV-2042")
STACK = f"{INVOICE}\fPATCHT\f{SECOND}"


@pytest.fixture
def office(plant: Plant) -> Office:
    """A tenant beside a running plant."""
    return open_office()


def runs_of(office: Office, ref: RunRef) -> list[RunRef]:
    """Give the present runs of a file's parts."""
    with tenant_scope(office.tenant_id):
        rows = parts_of(Document.objects.get(pk=ref.document_id))
    return [RunRef(ref.tenant_id, row.id, row.run) for row in rows]


def mend(office: Office, ref: RunRef, *parts: tuple[int, ...], dropped: tuple[int, ...] = ()) -> None:
    """Part the file as a manager says."""
    actor = office.house.actor(Role.MANAGER)
    with tenant_scope(office.tenant_id):
        seen = split_of(actor, ref.document_id)["number"]
        mend_split(actor=actor, request=MendRequest(ref.document_id, parts, dropped, seen))


def test_a_stack_ends_split_and_its_batch_with_its_last_part(plant: Plant, office: Office) -> None:
    ref = office.upload(STACK, batch_id=office.batch().id)
    assert plant.result(ref.workflow_id) == "SPLIT"
    first, second = runs_of(office, ref)
    for run in (first, second):
        plant.watch.wait_for(LOOK, run.workflow_id)
        assert office.document(run).status == "IN_REVIEW"
    assert office.batch_status() == "RUNNING"
    for run in (first, second):
        office.decide(run, Verdict.APPROVE)
        assert plant.result(run.workflow_id) == "APPROVED"
    assert office.batch_status() == "DONE"


def test_mending_ends_the_runs_that_waited_and_starts_others(plant: Plant, office: Office) -> None:
    ref = office.upload(STACK)
    plant.result(ref.workflow_id)
    first, second = runs_of(office, ref)
    for run in (first, second):
        plant.watch.wait_for(LOOK, run.workflow_id)
    mend(office, ref, (1, 3), dropped=(2,))
    assert plant.result(first.workflow_id) == "SUPERSEDED"
    assert plant.result(second.workflow_id) == "SUPERSEDED"
    (anew,) = runs_of(office, ref)
    assert (anew.document_id, anew.run) == (first.document_id, 2)
    plant.watch.wait_for(LOOK, anew.workflow_id)
    assert office.document(anew).status == "IN_REVIEW"


def test_a_file_in_review_that_a_person_parts_is_over_and_its_parts_begin(plant: Plant, office: Office) -> None:
    ref = office.upload(f"{INVOICE}\f{SECOND}")
    plant.watch.wait_for(LOOK, ref.workflow_id)
    mend(office, ref, (1,), (2,))
    assert plant.result(ref.workflow_id) == "SPLIT"
    for run in runs_of(office, ref):
        plant.watch.wait_for(LOOK, run.workflow_id)
