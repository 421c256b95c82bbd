"""A candidate on the real engine: read beside the document, weighed, and taken without another reading."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from pytest_django import Settings

from ingestion.adapters.ocr.trocr import WeightsMissing
from ingestion.contracts import RunRef
from ingestion.domain.page.elements import WordSource
from ingestion.domain.ports import ReadingOptions, ReadPage
from ingestion.models import Page
from quality.services.rule_set import Engine
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from refinery.core.types import BoundingBox
from review.contracts import Means
from review.models import Rereading
from review.services.reprocessings import apply_rereading, ask_rereading
from tests.workflows.conftest import io_activities
from tests.workflows.papers import INVOICE, Office, open_office
from tests.workflows.plant import Plant
from tests.workflows.readers import TextReader
from workers import queues
from workers.activities.read_pages import ReadingActivities
from workers.activities.reprocess_document import CandidateActivities, CandidateRecords
from workers.activities.third_engine_lines import LineActivities

THOROUGH = Means("thorough")


class OtherReader(TextReader):
    """Reads a number otherwise where it is asked to be thorough; `!fail` then breaks it."""

    thorough = False
    scanned = False
    opened = 0

    def read(self, source: Path, folder: Path, options: ReadingOptions) -> Iterator[ReadPage]:
        """Note how it is asked."""
        self.thorough, self.opened = options.mode == "thorough", self.opened + 1
        yield from super().read(source, folder, options)

    def page(self, number: int, total: int, text: str, folder: Path) -> ReadPage:
        """Read one page."""
        if self.thorough:
            text = "!corrupt" if text.startswith("breaks") else text.replace("INV-2041", "INV-2047")
        page = super().page(number, total, text, folder)
        if not self.scanned:
            return page
        words = tuple(replace(word, source=WordSource.RAPIDOCR) for word in page.reading.words)
        return replace(page, reading=replace(page.reading, words=words))


@pytest.fixture
def reader() -> OtherReader:
    """The reader of a test."""
    return OtherReader()


@pytest.fixture
def works(idle_plant: Plant, engine: Engine, reader: OtherReader) -> Plant:
    """Workers for documents and candidates."""
    return start_workers(idle_plant, engine, reader)


def start_workers(plant: Plant, engine: Engine, reader: OtherReader) -> Plant:
    """Start what such a document needs."""
    records = CandidateRecords()
    plant.work(queues.IO, *io_activities(engine), records.weigh_candidate, records.give_up_candidate)
    plant.work(queues.CPU, ReadingActivities(reader).read_pages, CandidateActivities(reader).read_candidate)
    plant.relay()
    return plant


def ask(office: Office, ref: RunRef, means: Means = THOROUGH) -> UUID:
    """Have a document read otherwise: thoroughly, unless it is said."""
    actor = office.house.actor(Role.OPERATOR)
    with tenant_scope(office.tenant_id):
        return ask_rereading(actor=actor, document_id=ref.document_id, means=means).id


def row_of(office: Office, rereading_id: UUID) -> Rereading:
    """Read the row again."""
    with tenant_scope(office.tenant_id):
        return Rereading.objects.get(pk=rereading_id)


def test_it_is_read_compared_and_taken(works: Plant, reader: OtherReader) -> None:
    """The workflow of the run before ends as superseded, that of the next one judges without a reader."""
    office = open_office()
    ref = office.upload(f"{INVOICE}\fsecond page")
    works.watch.wait_for("assess", ref.workflow_id)
    works.wait_for_timer(ref.workflow_id)
    rereading_id = ask(office, ref)
    assert works.result(f"rereading/{rereading_id}") == "ready"
    row = row_of(office, rereading_id)
    assert [change["changed"] for change in row.page_changes] == [1, 0]
    assert office.document(ref).status == "IN_REVIEW"
    with tenant_scope(office.tenant_id):
        actor = office.house.actor(Role.OPERATOR)
        apply_rereading(actor=actor, document_id=ref.document_id, rereading_id=rereading_id)
    following = RunRef(ref.tenant_id, ref.document_id, 2)
    works.watch.wait_for("assess", following.workflow_id)
    assert works.result(ref.workflow_id) == "SUPERSEDED"
    assert reader.opened == 2
    document = office.document(following)
    assert (document.run, document.status, document.pages, document.pages_failed) == (2, "IN_REVIEW", 2, 0)
    with tenant_scope(office.tenant_id):
        assert "INV-2047" in [word["text"] for word in Page.objects.get(run=2, number=1).words]


def test_one_that_cannot_be_read_ends_with_its_reason(works: Plant) -> None:
    """At once, and the document is not touched."""
    office = open_office()
    ref = office.upload(f"{INVOICE}\fbreaks when it is looked at closely")
    works.watch.wait_for("assess", ref.workflow_id)
    before = office.document(ref)
    rereading_id = ask(office, ref)
    assert works.result(f"rereading/{rereading_id}") == "failed"
    row = row_of(office, rereading_id)
    assert (row.status, row.error_code) == ("failed", "corrupt")
    after = office.document(ref)
    assert (after.status, after.run, after.version) == (before.status, before.run, before.version)
    with tenant_scope(office.tenant_id):
        assert not Page.objects.filter(run=2).exists()


class Third:
    """Implements ports.LineReader."""

    def read_lines(self, picture: Path, boxes: Sequence[BoundingBox]) -> tuple[tuple[str, float], ...]:
        """Read the same on every line."""
        return tuple(("Aldgate Parer Ltd", 0.9) for _ in boxes)


def test_a_third_engine_reads_on_its_own_queue(works: Plant, reader: OtherReader, settings: Settings) -> None:
    """What the usual engines find is shown to it before anything is weighed."""
    settings.THIRD_ENGINE = True
    reader.scanned = True
    works.work(queues.GPU, LineActivities(Third()).look_at_candidate)
    office = open_office()
    ref = office.upload(INVOICE)
    works.watch.wait_for("assess", ref.workflow_id)
    rereading_id = ask(office, ref, Means("standard", ("trocr",)))
    assert works.result(f"rereading/{rereading_id}") == "ready"
    with tenant_scope(office.tenant_id):
        assert Page.objects.get(run=2).words[1]["text"] == "Parer"
    assert row_of(office, rereading_id).page_changes[0]["changed"] > 0


def test_without_its_lines_such_a_reading_fails(works: Plant, reader: OtherReader, settings: Settings) -> None:
    """The usual engines' reading is not passed off as its own."""
    settings.THIRD_ENGINE = True
    reader.scanned = True

    class Broken(Third):
        def read_lines(self, picture: Path, boxes: Sequence[BoundingBox]) -> tuple[tuple[str, float], ...]:
            raise WeightsMissing

    works.work(queues.GPU, LineActivities(Broken()).look_at_candidate)
    office = open_office()
    ref = office.upload(INVOICE)
    works.watch.wait_for("assess", ref.workflow_id)
    rereading_id = ask(office, ref, Means("standard", ("trocr",)))
    assert works.result(f"rereading/{rereading_id}") == "failed"
    with tenant_scope(office.tenant_id):
        assert not Page.objects.filter(run=2).exists()
