"""What the reader makes of children that die, hang or lie: no process is needed to tell."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from ingestion.adapters.reader.page_reader import SandboxedPageReader
from ingestion.adapters.reader.wire import page_from_json, page_to_json
from ingestion.adapters.sandbox.frames import Frame
from ingestion.adapters.sandbox.pool import ChildDied, Nursery
from ingestion.domain.errors import CorruptFile, NeedsPassword, ReadingError, ResourceLimit
from ingestion.domain.formats.intake import PDF
from ingestion.domain.page.elements import PageReading, WordSource
from ingestion.domain.ports import ReadingOptions
from tests.fakes import page_of

JPEG = b"\xff\xd8\xff picture"
Script = Sequence[Frame | ChildDied]


@dataclass
class ScriptedChild:
    """Answers what it is told, then dies or goes on."""

    answers: Iterator[Frame | ChildDied]
    asked: list[Frame] = field(default_factory=list)

    def ask(self, request: Frame, descriptor: int) -> None:
        self.asked.append(request)

    def answer(self) -> Frame:
        told = next(self.answers)
        if isinstance(told, ChildDied):
            raise told
        return told


@dataclass
class ScriptedNursery:
    """Gives one scripted child after the other."""

    scripts: list[Script]
    children: list[ScriptedChild] = field(default_factory=list)
    retired: int = 0

    def take(self) -> ScriptedChild:
        self.children.append(ScriptedChild(iter(self.scripts.pop(0))))
        return self.children[-1]

    def retire(self, child: ScriptedChild) -> None:
        self.retired += 1


def opened(total: int) -> Frame:
    return Frame({"kind": "opened", "total": total})


def page(number: int, reading: PageReading | None = None) -> Frame:
    head = {
        "kind": "page",
        "page": page_to_json(reading or page_of("hello", number=number)),
        "image_type": "image/jpeg",
    }
    return Frame(head, (JPEG, JPEG))


def lost(number: int, code: str) -> Frame:
    return page(number, PageReading(number, 10, 10, WordSource.NATIVE, 0.0, error=code))


DONE = Frame({"kind": "done"})
CRASH, LIMIT = ChildDied(exhausted=False), ChildDied(exhausted=True)
SPENT = ChildDied(exhausted=True, spent=True)


def read(
    tmp_path: Path, *scripts: Script, known: tuple[int, ...] = ()
) -> tuple[ScriptedNursery, list[tuple[int, str | None]]]:
    nursery = ScriptedNursery(list(scripts))
    source = tmp_path / "file"
    source.touch()
    reader = SandboxedPageReader(cast("Nursery", nursery))
    pages = list(reader.read(source, tmp_path, ReadingOptions(PDF, known=known)))
    return nursery, [(found.reading.number, found.reading.error) for found in pages]


def test_a_child_that_dies_once_is_replaced_where_it_stopped(tmp_path: Path) -> None:
    nursery, pages = read(tmp_path, [opened(3), page(1), CRASH], [opened(3), page(2), page(3), DONE])
    assert pages == [(1, None), (2, None), (3, None)]
    assert [child.asked[0].head["first_page"] for child in nursery.children] == [1, 2]
    assert nursery.retired == 2


def test_known_pages_are_left_out_also_when_a_child_dies_before_them(tmp_path: Path) -> None:
    nursery, pages = read(tmp_path, [opened(6), page(2), CRASH], [opened(6), page(5), DONE], known=(1, 3, 4, 6))
    assert pages == [(2, None), (5, None)]
    asked = [child.asked[0].head for child in nursery.children]
    assert [(head["first_page"], head["known"]) for head in asked] == [(2, [1, 3, 4, 6]), (5, [1, 3, 4, 6])]


def test_a_child_that_gives_a_page_nobody_asked_for_is_not_believed(tmp_path: Path) -> None:
    honest = [opened(3), page(1), page(3), DONE]
    nursery, pages = read(tmp_path, [opened(3), page(2)], honest, known=(2,))
    assert pages == [(1, None), (3, None)]
    assert nursery.retired == 2


def test_a_page_that_kills_two_children_is_given_up_and_the_document_goes_on(tmp_path: Path) -> None:
    rest = [opened(3), lost(2, "resource_limit"), page(3), DONE]
    nursery, pages = read(tmp_path, [opened(3), page(1), LIMIT], [opened(3), LIMIT], rest)
    assert nursery.children[2].asked[0].head["lost"] == {"2": "resource_limit"}
    assert pages == [(1, None), (2, "resource_limit"), (3, None)]


def test_a_page_that_takes_all_the_processor_time_is_given_up_at_once(tmp_path: Path) -> None:
    rest = [opened(3), lost(2, "resource_limit"), page(3), DONE]
    nursery, pages = read(tmp_path, [opened(3), page(1), SPENT], rest)
    assert nursery.children[1].asked[0].head["lost"] == {"2": "resource_limit"}
    assert pages == [(1, None), (2, "resource_limit"), (3, None)]
    with pytest.raises(ResourceLimit):
        read(tmp_path, [opened(1), SPENT])


@pytest.mark.parametrize(("death", "kind"), [(CRASH, CorruptFile), (LIMIT, ResourceLimit)])
def test_a_file_that_kills_its_readers_before_its_first_page_is_to_blame(
    tmp_path: Path, death: ChildDied, kind: type[ReadingError]
) -> None:
    with pytest.raises(kind):
        read(tmp_path, [death], [death])
    with pytest.raises(kind):
        read(tmp_path, [opened(1), death], [opened(1), death])


def test_a_second_page_that_takes_all_its_processor_time_ends_the_document(tmp_path: Path) -> None:
    """A file made of such pages must not take a page's time for each."""
    with pytest.raises(ResourceLimit) as end:
        read(tmp_path, [opened(9), page(1), SPENT], [opened(9), lost(2, "resource_limit"), page(3), SPENT])
    assert not end.value.retryable


def test_once_a_child_has_died_the_next_ones_are_hurried(tmp_path: Path) -> None:
    """What is honest is done far sooner than what is allowed."""
    nursery, _ = read(tmp_path, [opened(3), page(1), CRASH], [opened(3), page(2), page(3), DONE])
    assert [child.asked[0].head["hurried"] for child in nursery.children] == [False, True]


def test_too_many_deadly_pages_end_the_document(tmp_path: Path) -> None:
    scripts: list[Script] = [[opened(9), CRASH], [opened(9), CRASH]]
    for number in range(2, 7):
        scripts += [[opened(9), lost(number - 1, "corrupt"), CRASH], [opened(9), CRASH]]
    with pytest.raises(CorruptFile):
        read(tmp_path, *scripts)


@pytest.mark.parametrize(
    "nonsense",
    [
        Frame({"kind": "page"}),
        page(2),
        Frame({**page(1).head, "image_type": "text/html"}, (b"<script>", JPEG)),
        Frame(page(1).head, (b"<script>", JPEG)),
        Frame(page(1).head, (JPEG,)),
    ],
)
def test_a_child_that_lies_is_not_believed(tmp_path: Path, nonsense: Frame) -> None:
    with pytest.raises(CorruptFile):
        read(tmp_path, [opened(1), nonsense], [opened(1), nonsense])


def test_the_childs_verdict_becomes_its_error(tmp_path: Path) -> None:
    with pytest.raises(NeedsPassword, match="its password"):
        read(tmp_path, [Frame({"kind": "failed", "code": "needs_password", "message": "its password"})])
    with pytest.raises(CorruptFile):
        read(tmp_path, [Frame({"kind": "failed", "code": "something new", "message": "x"})])


@pytest.mark.parametrize(
    "change",
    [
        {"confidence": 1.5},
        {"confidence": "high"},
        {"source": "oracle"},
        {"words": [["x", [0, 0, 2, 1], 0.5, "native", 0, []]]},
        {"words": [["x", [0, 0, 1], 0.5, "native", 0, []]]},
        {"blocks": [["title", [0, 0, 1, 1], 0, 99]]},
        {"measures": [1, 2]},
    ],
)
def test_what_a_child_says_is_checked_value_by_value(change: dict[str, Any]) -> None:
    honest = page_to_json(page_of("some words"))
    assert page_from_json(honest).text == "some words"
    with pytest.raises((ValueError, TypeError, KeyError)):
        page_from_json({**honest, **change})


def test_text_that_no_database_takes_is_cleaned() -> None:
    dirty = page_to_json(page_of("nul"))
    dirty["words"][0][0] = "n\x00u\ud800l"
    assert page_from_json(dirty).words[0].text == "nu?l"
