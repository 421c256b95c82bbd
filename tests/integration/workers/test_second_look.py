"""A third engine's reading of doubted lines: asked for in thorough mode alone, weighed once, and never missed."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from ingestion.domain.page_json import unpack_word
from ingestion.models import Document, Page
from ingestion.services.progress import StaleAttempt
from ingestion.services.reading import begin_run
from refinery.database.scope import tenant_scope
from refinery.settings.env import env
from refinery.tenancy.models import Tenant
from refinery.types import BoundingBox
from tests.integration.workers.conftest import order_of, perform
from tests.workflows.papers import INVOICE, Office
from tests.workflows.readers import TextReader
from workers.activities.lines import LineActivities
from workers.activities.reading import ReadingActivities
from workers.bootstrap import gpu_activities
from workers.messages import LinesRead, PagesRead, ReadOrder


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


def test_the_gpu_queue_serves_it_where_weights_are_named(tmp_path: Path) -> None:
    without = env.model_copy(update={"trocr_weights": ""})
    named = env.model_copy(update={"trocr_weights": str(tmp_path)})
    assert [step.__name__ for step in gpu_activities(without)] == ["train"]
    assert [step.__name__ for step in gpu_activities(named)] == ["train", "look_again"]
