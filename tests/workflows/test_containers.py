"""Containers on the real engine: their files become documents with runs of their own."""

from typing import Any

import pytest

from ingestion.contracts import RunRef
from ingestion.models import Document
from quality.services.rule_set import Engine
from refinery.core.database.scope import tenant_scope
from review.domain.lifecycle import Verdict
from tests.fakes import FakeUnpacker, FakeVirusScanner
from tests.reading import boxes
from tests.workflows.conftest import io_activities
from tests.workflows.papers import INVOICE, MAGIC, Office, open_office
from tests.workflows.plant import Plant
from tests.workflows.readers import OpenUnpacker, TextReader
from workers import queues
from workers.activities.read_pages import ReadingActivities
from workers.activities.unpack_container import ContainerActivities

LOOK = "look_at_desk"
PAPER = (MAGIC + INVOICE).encode()


@pytest.fixture
def office(plant: Plant) -> Office:
    """A tenant beside a running plant."""
    return open_office()


def runs_of(office: Office, ref: RunRef) -> list[RunRef]:
    """Give the first runs of a container's files."""
    return [RunRef(ref.tenant_id, child.id, 1) for child in office.children(ref)]


def test_a_mail_and_its_attachments_are_read_and_judged_each(plant: Plant, office: Office) -> None:
    files = [(name, "application/pdf", PAPER + name.encode()) for name in ("a.pdf", "b.pdf")]
    ref = office.send_in(boxes.mail("Invoices", *files).as_bytes(), "mail.eml")
    for run in (ref, *runs_of_after(plant, office, ref)):
        plant.watch.wait_for(LOOK, run.workflow_id)
        assert office.document(run).status == "IN_REVIEW"
    with tenant_scope(office.tenant_id):
        assert Document.objects.count() == 3
    assert office.document(ref).pages == 1


def runs_of_after(plant: Plant, office: Office, ref: RunRef) -> list[RunRef]:
    """Wait for the unpacking, and give the runs that it started."""
    plant.watch.wait_for("unpack", ref.workflow_id)
    return runs_of(office, ref)


def test_an_archive_ends_unpacked_and_its_batch_with_its_last_file(plant: Plant, office: Office) -> None:
    """Not approved, for nobody has judged it; what can be decided upon are its files."""
    ref = office.send_in(boxes.zipped({"a.pdf": PAPER, "setup.exe": b"MZ\x00"}), "March.zip")
    assert plant.result(ref.workflow_id) == "UNPACKED"
    paper, program = runs_of(office, ref)
    assert plant.result(program.workflow_id) == "FAILED"
    assert office.document(program).error_code == "unsupported"
    plant.watch.wait_for(LOOK, paper.workflow_id)
    assert office.batch_status() == "RUNNING"
    office.decide(paper, Verdict.APPROVE)
    assert plant.result(paper.workflow_id) == "APPROVED"
    assert office.batch_status() == "DONE"


def test_archives_within_archives_are_unpacked_in_turn(plant: Plant, office: Office) -> None:
    ref = office.send_in(boxes.zipped({"inner.zip": boxes.zipped({"a.pdf": PAPER})}), "outer.zip")
    assert plant.result(ref.workflow_id) == "UNPACKED"
    (inner,) = runs_of(office, ref)
    assert plant.result(inner.workflow_id) == "UNPACKED"
    (paper,) = runs_of(office, inner)
    plant.watch.wait_for(LOOK, paper.workflow_id)
    assert office.document(paper).depth == 2
    assert office.document(paper).batch_id == office.document(ref).batch_id


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (boxes.overlapping(), "a.zip", "policy"),
        (boxes.zipped({str(n): b"" for n in range(10_001)}), "a.zip", "too_large"),
        (boxes.nested_mail(300), "a.eml", "policy"),
        (boxes.zipped({}), "a.zip", "empty"),
        (boxes.shrunk(1000, 5_000_000), "a.zip", "policy"),
        (boxes.with_link(), "a.zip", "policy"),
        (boxes.zipped({"../a.pdf": PAPER}), "a.zip", "policy"),
        (boxes.zipped({"zeros.pdf": bytes(200 * 2**20)}), "a.zip", "policy"),
    ],
    ids=["overlap", "entries", "nested-mail", "empty", "lying", "link", "up", "ratio"],
)
def test_a_hostile_container_ends_typed_and_leaves_nothing(
    plant: Plant, office: Office, content: bytes, name: str, code: str
) -> None:
    ref = office.send_in(content, name)
    assert plant.result(ref.workflow_id) == "FAILED"
    document = office.document(ref)
    assert (document.error_code, bool(document.error_detail)) == (code, True)
    assert office.children(ref) == []


def test_a_pdf_goes_on_without_attachments_that_cannot_be_taken_out(plant: Plant, office: Office) -> None:
    """Its pages are worth judging; the record says what is missing."""
    ref = office.upload(f"{INVOICE}\nattached")
    plant.watch.wait_for(LOOK, ref.workflow_id)
    document = office.document(ref)
    assert (document.status, document.error_code, document.attachments) == ("IN_REVIEW", "attachments", 1)
    assert document.error_detail


def plant_with(idle_plant: Plant, engine: Engine, unpacker: Any, **io: Any) -> Office:  # noqa: ANN401 - a fake
    """Set up a plant with another unpacker or scanner."""
    steps = ContainerActivities(unpacker)
    reading = ReadingActivities(TextReader())
    idle_plant.work(queues.IO, *io_activities(engine, **io))
    idle_plant.work(queues.CPU, reading.read_pages, steps.unpack, steps.leave_attachments)
    idle_plant.relay()
    return open_office()


def test_what_is_attached_to_a_pdf_becomes_a_document(idle_plant: Plant, engine: Engine) -> None:
    office = plant_with(idle_plant, engine, FakeUnpacker({"sheet.pdf": PAPER + b"sheet"}))
    ref = office.upload(f"{INVOICE}\nattached")
    idle_plant.watch.wait_for("assess", ref.workflow_id)
    (child,) = runs_of(office, ref)
    idle_plant.watch.wait_for("assess", child.workflow_id)
    assert office.document(ref).error_code == ""


def test_a_container_is_scanned_and_so_is_each_of_its_files(idle_plant: Plant, engine: Engine) -> None:
    scanner = FakeVirusScanner()
    office = plant_with(idle_plant, engine, OpenUnpacker(), scanner=scanner)
    ref = office.send_in(boxes.zipped({"a.pdf": PAPER, "b.pdf": PAPER + b"b"}), "March.zip")
    assert idle_plant.result(ref.workflow_id) == "UNPACKED"
    for run in runs_of(office, ref):
        idle_plant.watch.wait_for("assess", run.workflow_id)
    assert len(scanner.scanned) == 3


def test_the_password_of_an_archive_is_a_task_for_a_person(plant: Plant, office: Office) -> None:
    """A wrong one is asked for again; the right one opens it, and what comes out is read."""
    ref = office.send_in(boxes.locked({"a.pdf": PAPER}, "sesame", 3), "March.zip")
    plant.watch.wait_for(LOOK, ref.workflow_id)
    assert (office.document(ref).status, office.task(ref).kind) == ("NEEDS_PASSWORD", "password")
    office.give_password(ref, "other")
    plant.watch.wait_for("ask_for_password", ref.workflow_id, 2)
    plant.watch.wait_for(LOOK, ref.workflow_id, 3)
    assert office.document(ref).error_code == "wrong_password"
    office.give_password(ref, "sesame")
    assert plant.result(ref.workflow_id) == "UNPACKED"
    document = office.document(ref)
    assert (document.error_code, document.attachments) == ("", 1)
    (paper,) = runs_of(office, ref)
    plant.watch.wait_for(LOOK, paper.workflow_id)


def test_an_archive_whose_password_nobody_knows_is_rejected(plant: Plant, office: Office) -> None:
    ref = office.send_in(boxes.locked({"a.pdf": PAPER}, "sesame"), "March.zip")
    plant.watch.wait_for(LOOK, ref.workflow_id)
    office.decide(ref, Verdict.REJECT)
    assert plant.result(ref.workflow_id) == "REJECTED"
    assert office.children(ref) == []


def test_an_archive_unpacked_again_makes_no_twins(plant: Plant, office: Office) -> None:
    ref = office.send_in(boxes.zipped({"a.pdf": PAPER, "b.pdf": PAPER + b"b"}), "March.zip")
    assert plant.result(ref.workflow_id) == "UNPACKED"
    before = [child.id for child in office.children(ref)]
    again = office.rerun(ref)
    assert plant.result(again.workflow_id) == "UNPACKED"
    assert [child.id for child in office.children(ref)] == before


def test_a_container_with_malware_is_never_unpacked(idle_plant: Plant, engine: Engine) -> None:
    office = plant_with(idle_plant, engine, OpenUnpacker(), scanner=FakeVirusScanner("Eicar"))
    ref = office.send_in(boxes.zipped({"a.pdf": PAPER}), "March.zip")
    assert idle_plant.result(ref.workflow_id) == "QUARANTINED"
    assert office.children(ref) == []
