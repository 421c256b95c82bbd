"""Reader behaviour when child processes die, hang or send invalid data, with scripted children."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, cast

import pytest

from ingestion.adapters.reader.page_reader import SandboxedPageReader
from ingestion.adapters.reader.wire import page_from_json, page_to_json
from ingestion.adapters.sandbox.frames import Frame
from ingestion.adapters.sandbox.pool import SandboxDied, SandboxPool
from ingestion.domain.errors import CorruptFile, NeedsPassword, ReadingError, ResourceLimit
from ingestion.domain.formats.entries.pdf import PDF
from ingestion.domain.page.elements import ImageMeasures, PageReading, WordSource
from ingestion.domain.ports import ReadingOptions
from tests.support.text_pages import native_page

JPEG = b"\xff\xd8\xff picture"
Script = Sequence[Frame | SandboxDied]


@dataclass
class ScriptedChild:
    """Child with scripted answers and crashes."""

    answers: Iterator[Frame | SandboxDied]
    asked: list[Frame] = field(default_factory=list)

    def send_request(self, request: Frame, descriptor: int) -> None:
        self.asked.append(request)

    def receive_frame(self) -> Frame:
        answer = next(self.answers)
        if isinstance(answer, SandboxDied):
            raise answer
        return answer


@dataclass
class ScriptedPool:
    """Pool of scripted children."""

    scripts: list[Script]
    children: list[ScriptedChild] = field(default_factory=list)
    stopped: int = 0

    def acquire(self) -> ScriptedChild:
        self.children.append(ScriptedChild(iter(self.scripts.pop(0))))
        return self.children[-1]

    def release(self, child: ScriptedChild) -> None:
        self.stopped += 1


def opened_frame(total: int) -> Frame:
    return Frame({"kind": "opened", "total": total})


def page_frame(number: int, reading: PageReading | None = None) -> Frame:
    head = {
        "kind": "page",
        "page": page_to_json(reading or native_page("hello", number=number)),
        "image_type": "image/jpeg",
    }
    return Frame(head, (JPEG, JPEG))


def failed_page(number: int, code: str) -> Frame:
    return page_frame(number, PageReading(number, 10, 10, WordSource.NATIVE, 0.0, error=code))


DONE = Frame({"kind": "done"})
CRASHED, OVER_LIMIT = SandboxDied(exhausted=False), SandboxDied(exhausted=True)
OUT_OF_CPU_TIME = SandboxDied(exhausted=True, cpu_exhausted=True)


def read(
    tmp_path: Path, *scripts: Script, known: tuple[int, ...] = ()
) -> tuple[ScriptedPool, list[tuple[int, str | None]]]:
    pool = ScriptedPool(list(scripts))
    source = tmp_path / "file"
    source.touch()
    reader = SandboxedPageReader(cast("SandboxPool", pool))
    pages = list(reader.read(source, tmp_path, ReadingOptions(PDF, known_pages=known)))
    return pool, [(found.reading.number, found.reading.error) for found in pages]


def test_crashed_child_is_replaced_at_its_page(tmp_path: Path) -> None:
    pool, pages = read(
        tmp_path, [opened_frame(3), page_frame(1), CRASHED], [opened_frame(3), page_frame(2), page_frame(3), DONE]
    )
    assert pages == [(1, None), (2, None), (3, None)]
    assert [child.asked[0].head["first_page"] for child in pool.children] == [1, 2]
    assert pool.stopped == 2


def test_known_pages_are_skipped_also_after_crash(tmp_path: Path) -> None:
    pool, pages = read(
        tmp_path, [opened_frame(6), page_frame(2), CRASHED], [opened_frame(6), page_frame(5), DONE], known=(1, 3, 4, 6)
    )
    assert pages == [(2, None), (5, None)]
    asked = [child.asked[0].head for child in pool.children]
    assert [(head["first_page"], head["known_pages"]) for head in asked] == [(2, [1, 3, 4, 6]), (5, [1, 3, 4, 6])]


def test_unrequested_page_from_child_is_rejected(tmp_path: Path) -> None:
    honest = [opened_frame(3), page_frame(1), page_frame(3), DONE]
    pool, pages = read(tmp_path, [opened_frame(3), page_frame(2)], honest, known=(2,))
    assert pages == [(1, None), (3, None)]
    assert pool.stopped == 2


def test_page_crashing_two_children_fails_and_reading_continues(tmp_path: Path) -> None:
    rest = [opened_frame(3), failed_page(2, "resource_limit"), page_frame(3), DONE]
    pool, pages = read(tmp_path, [opened_frame(3), page_frame(1), OVER_LIMIT], [opened_frame(3), OVER_LIMIT], rest)
    assert pool.children[2].asked[0].head["failed_pages"] == {"2": "resource_limit"}
    assert pages == [(1, None), (2, "resource_limit"), (3, None)]


def test_page_using_all_cpu_time_fails_at_once(tmp_path: Path) -> None:
    rest = [opened_frame(3), failed_page(2, "resource_limit"), page_frame(3), DONE]
    pool, pages = read(tmp_path, [opened_frame(3), page_frame(1), OUT_OF_CPU_TIME], rest)
    assert pool.children[1].asked[0].head["failed_pages"] == {"2": "resource_limit"}
    assert pages == [(1, None), (2, "resource_limit"), (3, None)]
    with pytest.raises(ResourceLimit):
        read(tmp_path, [opened_frame(1), OUT_OF_CPU_TIME])


@pytest.mark.parametrize(("death", "kind"), [(CRASHED, CorruptFile), (OVER_LIMIT, ResourceLimit)])
def test_file_crashing_children_before_first_page_fails(
    tmp_path: Path, death: SandboxDied, kind: type[ReadingError]
) -> None:
    with pytest.raises(kind):
        read(tmp_path, [death], [death])
    with pytest.raises(kind):
        read(tmp_path, [opened_frame(1), death], [opened_frame(1), death])


def test_second_page_using_all_cpu_time_ends_document(tmp_path: Path) -> None:
    """Otherwise a file of such pages would use the time limit for each of them."""
    with pytest.raises(ResourceLimit) as end:
        read(
            tmp_path,
            [opened_frame(9), page_frame(1), OUT_OF_CPU_TIME],
            [opened_frame(9), failed_page(2, "resource_limit"), page_frame(3), OUT_OF_CPU_TIME],
        )
    assert not end.value.retryable


def test_children_after_crash_get_reduced_limits(tmp_path: Path) -> None:
    """Normal pages need far less than the limits."""
    pool, _ = read(
        tmp_path, [opened_frame(3), page_frame(1), CRASHED], [opened_frame(3), page_frame(2), page_frame(3), DONE]
    )
    assert [child.asked[0].head["retry"] for child in pool.children] == [False, True]


def test_too_many_crashing_pages_end_document(tmp_path: Path) -> None:
    scripts: list[Script] = [[opened_frame(9), CRASHED], [opened_frame(9), CRASHED]]
    for number in range(2, 7):
        scripts += [[opened_frame(9), failed_page(number - 1, "corrupt"), CRASHED], [opened_frame(9), CRASHED]]
    with pytest.raises(CorruptFile):
        read(tmp_path, *scripts)


@pytest.mark.parametrize(
    "nonsense",
    [
        Frame({"kind": "page"}),
        page_frame(2),
        Frame({**page_frame(1).head, "image_type": "text/html"}, (b"<script>", JPEG)),
        Frame(page_frame(1).head, (b"<script>", JPEG)),
        Frame(page_frame(1).head, (JPEG,)),
    ],
)
def test_malformed_child_message_is_corrupt_file(tmp_path: Path, nonsense: Frame) -> None:
    with pytest.raises(CorruptFile):
        read(tmp_path, [opened_frame(1), nonsense], [opened_frame(1), nonsense])


@pytest.mark.parametrize("total", [float("inf"), float("nan"), "many", None])
def test_child_page_count_that_is_no_number_counts_as_death(tmp_path: Path, total: Any) -> None:  # noqa: ANN401
    """Twice, like any other nonsense of a child: the file is at fault."""
    nonsense = Frame({"kind": "opened", "total": total})
    with pytest.raises(CorruptFile):
        read(tmp_path, [nonsense], [nonsense])


def test_child_error_becomes_typed_error(tmp_path: Path) -> None:
    with pytest.raises(NeedsPassword, match="its password"):
        read(tmp_path, [Frame({"kind": "failed", "code": "needs_password", "message": "its password"})])
    with pytest.raises(CorruptFile):
        read(tmp_path, [Frame({"kind": "failed", "code": "something new", "message": "x"})])


WORD = {"text": "x", "bbox": [0, 0, 1, 1], "confidence": 0.5, "source": "native", "line": 0}


@pytest.mark.parametrize(
    "change",
    [
        {"confidence": 1.5},
        {"confidence": "high"},
        {"source": "oracle"},
        {"words": ["x"]},
        {"words": [{**WORD, "bbox": [0, 0, 2, 1]}]},
        {"words": [{**WORD, "bbox": [0, 0, 1]}]},
        {"words": [{**WORD, "confidence": 2}]},
        {"blocks": [{"kind": "title", "bbox": [0, 0, 1, 1], "words": [0, 99]}]},
        {"measures": [1, 2]},
        {"measures": {"dpi": 1}},
        {"measures": dict.fromkeys((one.name for one in fields(ImageMeasures)), float("nan"))},
        {"width": float("inf")},
        {"words": [{**WORD, "line": float("inf")}]},
        {"words": [{**WORD, "bbox": [0, 0, float("nan"), 1]}]},
        {"codes": [{"format": "oracle", "text": "x", "bbox": [0, 0, 1, 1]}]},
    ],
)
def test_child_page_values_are_validated(change: dict[str, Any]) -> None:
    honest = page_to_json(native_page("some words"))
    assert page_from_json(honest).text == "some words"
    with pytest.raises((ValueError, TypeError, KeyError)):
        page_from_json({**honest, **change})


def test_child_text_invalid_for_database_is_cleaned() -> None:
    dirty = page_to_json(native_page("nul"))
    dirty["words"][0]["text"] = "n\x00u\ud800l"
    assert page_from_json(dirty).words[0].text == "nu?l"
