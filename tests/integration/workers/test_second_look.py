"""A third engine's reading of doubted lines: asked for in thorough mode alone, weighed once, and never missed."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from pytest_django import Settings

from ingestion.contracts import RunRef
from ingestion.domain.page.elements import WordSource
from ingestion.domain.page.serialization import unpack_word
from ingestion.domain.ports import ReadingOptions, ReadPage
from ingestion.models import Document, Page
from ingestion.services.progress import StaleAttempt
from ingestion.services.reading import begin_run
from quality.services.rule_set import Engine
from refinery.core.database.scope import tenant_scope
from refinery.core.outbox.models import OutboxMessage
from refinery.core.tenancy.models import Tenant
from refinery.core.tenancy.roles import Role
from refinery.core.types import BoundingBox
from refinery.settings.env import env
from review.contracts import Means
from review.models import Rereading
from review.services.reprocessings import NoSuchEngine, ask_rereading, drop_rereading
from tests.integration.workers.conftest import order_of, perform
from tests.integration.workers.conftest import read as read_first
from tests.workflows.papers import INVOICE, Office
from tests.workflows.readers import TextReader
from workers.activities.read_pages import ReadingActivities
from workers.activities.reprocess_document import CandidateActivities, CandidateRecords
from workers.activities.third_engine_lines import LineActivities
from workers.bootstrap import gpu_activities
from workers.messages import CandidateOrder, LinesRead, PagesRead, ReadOrder


class Third:
    """Implements ports.LineReader: reads every line as it is told, and keeps what it was shown."""

    def __init__(self, text: str) -> None:
        """Take the text."""
        self.text = text
        self.shown: list[int] = []

    def read_lines(self, picture: Path, boxes: Sequence[BoundingBox]) -> tuple[tuple[str, float], ...]:
        """Give the text for each."""
        assert picture.stat().st_size > 0
        self.shown.append(len(boxes))
        return tuple((self.text, 0.9) for _ in boxes)


class Noting(TextReader):
    """Notes by which engines it is to read."""

    engines: tuple[str, ...] = ()

    def read(self, source: Path, folder: Path, options: ReadingOptions) -> Iterator[ReadPage]:
        """Note, and read."""
        self.engines = options.engines
        yield from super().read(source, folder, options)


class Scanned(TextReader):
    """Reads as an engine reads a scan."""

    def page(self, number: int, total: int, text: str, folder: Path) -> ReadPage:
        """Say of each word that OCR has read it."""
        page = super().page(number, total, text, folder)
        words = tuple(replace(word, source=WordSource.RAPIDOCR) for word in page.reading.words)
        return replace(page, reading=replace(page.reading, words=words, source=WordSource.RAPIDOCR))


def ask(office: Office, ref: RunRef, means: Means) -> Rereading:
    """Ask for another reading, as an operator."""
    with tenant_scope(office.tenant_id):
        return ask_rereading(actor=office.house.actor(Role.OPERATOR), document_id=ref.document_id, means=means)


def order_for(row: Rereading, third: str = "") -> CandidateOrder:
    """Give what travels of another reading."""
    return CandidateOrder(str(row.tenant_id), str(row.id), third)


def doubt(office: Office, word: int, other: str) -> str:
    """Leave one word of the first page in doubt, read otherwise by the witness; gives its text."""
    with tenant_scope(office.tenant_id):
        page = Page.objects.get(number=1)
        page.words[word] |= {"confidence": 0.3, "alternatives": [other], "source": "rapidocr"}
        page.settings = "a digest"
        page.save(update_fields=["words", "settings"])
        return str(page.words[word]["text"])


def read(office: Office, mode: str, *, third: bool) -> tuple[ReadOrder, PagesRead]:
    """Read a document whose words are all sure."""
    with tenant_scope(office.tenant_id):
        Tenant.objects.filter(id=office.tenant_id).update(reading_mode=mode)
    ref = office.upload(INVOICE)
    begin_run(ref, scan=False)
    order = ReadOrder(order_of(ref))
    return order, perform(ReadingActivities(TextReader(), third=third).read_pages, order)


@pytest.mark.parametrize(("mode", "third"), [("standard", True), ("fast", True), ("thorough", False)])
def test_nothing_changes_without_a_third_engine_or_in_another_mode(office: Office, mode: str, third: bool) -> None:
    order, done = read(office, mode, third=third)
    assert not done.look_again
    doubt(office, 0, "other")
    again = perform(ReadingActivities(TextReader(), third=third).read_pages, order)
    assert not again.look_again


def test_doubted_lines_are_weighed_once_and_the_page_is_taken_over_by_nobody(office: Office) -> None:
    order, sure = read(office, "thorough", third=True)
    assert not sure.look_again
    text = doubt(office, 0, "other")
    assert perform(ReadingActivities(TextReader(), third=True).read_pages, order).look_again
    third = Third("other")
    assert perform(LineActivities(third).look_again, order.order) == LinesRead(1, 1)
    with tenant_scope(office.tenant_id):
        page = Page.objects.get(number=1)
    first = unpack_word(page.words[0])
    assert (first.text, first.alternatives) == ("other", (text,))
    assert page.settings == "looked again"
    assert perform(LineActivities(third).look_again, order.order) == LinesRead(0, 0)
    assert third.shown == [1]


def test_a_run_that_is_over_is_left_alone(office: Office) -> None:
    order, _ = read(office, "thorough", third=True)
    doubt(office, 0, "other")
    with tenant_scope(office.tenant_id):
        Document.objects.update(status="IN_REVIEW")
    with pytest.raises(StaleAttempt):
        perform(LineActivities(Third("other")).look_again, order.order)


@pytest.mark.parametrize(
    ("means", "third", "engines"),
    [
        (Means("standard", ("trocr",)), "every", ("rapidocr", "tesseract")),
        (Means("thorough"), "doubted", ("rapidocr", "tesseract")),
        (Means("standard", ("tesseract",)), "", ("tesseract",)),
        (Means("standard"), "", ("rapidocr", "tesseract")),
    ],
)
def test_what_a_third_engine_is_shown_of_another_reading(
    office: Office, engine: Engine, settings: Settings, means: Means, third: str, engines: tuple[str, ...]
) -> None:
    settings.THIRD_ENGINE = True
    ref = read_first(office, INVOICE, engine)
    row = ask(office, ref, means)
    reader = Noting()
    perform(CandidateActivities(reader).read_candidate, order_for(row))
    with tenant_scope(office.tenant_id):
        payload = OutboxMessage.objects.get(key=f"rereading/{row.id}").payload
    assert (payload.get("third", ""), reader.engines) == (third, engines)


def test_its_own_reading_is_a_candidate(office: Office, engine: Engine, settings: Settings) -> None:
    settings.THIRD_ENGINE = True
    ref = read_first(office, INVOICE, engine)
    row = ask(office, ref, Means("standard", ("trocr",)))
    order = order_for(row, "every")
    perform(CandidateActivities(Scanned()).read_candidate, order)
    third = Third("Aldgate Parer Ltd")
    read = perform(LineActivities(third).look_at_candidate, order)
    assert (read.lines, third.shown) == (10, [10])
    assert perform(LineActivities(third).look_at_candidate, order) == LinesRead(0, 0)
    assert perform(CandidateRecords().weigh_candidate, order) == "ready"
    with tenant_scope(office.tenant_id):
        words = [word["text"] for word in Page.objects.get(run=2).words]
        assert [word["text"] for word in Page.objects.get(run=1).words][:3] == ["Aldgate", "Paper", "Ltd"]
        (change,) = Rereading.objects.get().page_changes
    assert words[:3] == ["Aldgate", "Parer", "Ltd"]
    assert change["changed"] == sum(a != b for a, b in zip(words, INVOICE.split(), strict=True)) > 0


def test_a_candidate_that_is_over_is_shown_to_no_engine(
    office: Office, engine: Engine, settings: Settings
) -> None:
    settings.THIRD_ENGINE = True
    ref = read_first(office, INVOICE, engine)
    row = ask(office, ref, Means("standard", ("trocr",)))
    perform(CandidateActivities(Scanned()).read_candidate, order_for(row, "every"))
    with tenant_scope(office.tenant_id):
        drop_rereading(actor=office.house.actor(Role.OPERATOR), document_id=ref.document_id, rereading_id=row.id)
    third = Third("other")
    with pytest.raises(StaleAttempt):
        perform(LineActivities(third).look_at_candidate, order_for(row, "every"))
    assert third.shown == []


def test_an_engine_that_is_not_set_up_is_not_taken(office: Office, engine: Engine) -> None:
    ref = read_first(office, INVOICE, engine)
    with pytest.raises(NoSuchEngine):
        ask(office, ref, Means("standard", ("trocr",)))


def test_the_gpu_queue_serves_it_where_weights_are_named(tmp_path: Path) -> None:
    without = env.model_copy(update={"trocr_weights": ""})
    named = env.model_copy(update={"trocr_weights": str(tmp_path)})
    assert [step.__name__ for step in gpu_activities(without)] == ["train"]
    assert [step.__name__ for step in gpu_activities(named)] == ["train", "look_again", "look_at_candidate"]
