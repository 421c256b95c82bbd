"""Read model of a reprocessing's page: fields and pages in comparison, and the words of one page."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ingestion.domain.reprocessing import FieldChange, PageChange
from ingestion.models import Page
from ingestion.selectors.labels import Explanation, explain_failure
from ingestion.selectors.reprocessings import PageDiff, ReprocessingComparison, WordDiff, page_diff
from ingestion.selectors.stored_readings import image_address, schema_titles
from refinery.core.tenancy.actor import Actor

MARK_PADDING = 4  # pixels of the page image


@dataclass(frozen=True, slots=True)
class FieldComparison:
    """Comparison of a field, with its title."""

    title: str
    change: FieldChange


@dataclass(frozen=True, slots=True)
class DiffPiece:
    """Text of a page for display: `same`, `gone` or `new`; `breaks` starts a line."""

    kind: str
    text: str
    breaks: bool


@dataclass(frozen=True, slots=True)
class DiffMark:
    """Rectangle of a word on the page image, in pixels."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class PageWordsDiff:
    """Comparison of one page: its image with the different words marked, and its text."""

    number: int
    image: str
    width: int
    height: int
    marks: tuple[DiffMark, ...]
    pieces: tuple[DiffPiece, ...]
    error: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class ReprocessingPage:
    """Comparison for display: `differing` fields first, `alike` ones collapsed."""

    comparison: ReprocessingComparison
    differing: list[FieldComparison]
    alike: list[FieldComparison]
    pages: tuple[PageChange, ...]
    words: PageWordsDiff | None
    error: Explanation | None
    title_before: str
    title_after: str

    @property
    def alike_pages(self) -> int:
        """Return the number of pages with unchanged words."""
        return sum(not change.changed for change in self.pages)


def reprocessing_page(actor: Actor, comparison: ReprocessingComparison, wanted: int | None) -> ReprocessingPage:
    """Return the comparison; `wanted` is a page number, by default the first page that differs."""
    before, names = schema_titles(actor, comparison.schema_before)
    after, names_after = schema_titles(actor, comparison.schema_after)
    titles = {name: spec.title for name, spec in (names_after | names).items()}
    lines = [FieldComparison(titles.get(change.name, change.name), change) for change in comparison.fields]
    return ReprocessingPage(
        comparison=comparison,
        differing=[line for line in lines if line.change.changed],
        alike=[line for line in lines if not line.change.changed],
        pages=comparison.page_changes,
        words=_words(actor, comparison, wanted),
        error=explain_failure(comparison.error_code),
        title_before=before,
        title_after=after,
    )


def _words(actor: Actor, comparison: ReprocessingComparison, wanted: int | None) -> PageWordsDiff | None:
    changes = comparison.page_changes
    if not changes:
        return None
    first = next((change.number for change in changes if change.changed), changes[0].number)
    number = wanted if wanted in {change.number for change in changes} else first
    diff = page_diff(actor, comparison, number or first)
    shown = diff.after if diff.after and diff.after.image_key else diff.before
    if shown is None:
        return None
    return PageWordsDiff(
        number=diff.number,
        image=image_address(shown.document_id, shown.number, shown.run, shown.image_key) if shown.image_key else "",
        width=shown.width,
        height=shown.height,
        marks=tuple(_marks(diff, shown)),
        pieces=tuple(_pieces(diff.word_diffs)),
        error=diff.after.error if diff.after else "",
        before=len(diff.before.words) if diff.before else None,
        after=len(diff.after.words) if diff.after else None,
    )


def _marks(diff: PageDiff, shown: Page) -> Iterator[DiffMark]:
    for run in diff.word_diffs:
        if not run.alike:
            yield from (_mark("new", word, shown) for word in run.after)
            if not run.after:
                yield from (_mark("gone", word, shown) for word in run.before)


def _mark(kind: str, word: dict[str, Any], page: Page) -> DiffMark:
    """Return a word's rectangle with some padding."""
    x0, y0, x1, y1 = word["bbox"]
    left, top = x0 * page.width - MARK_PADDING, y0 * page.height - MARK_PADDING
    width, height = (x1 - x0) * page.width + 2 * MARK_PADDING, (y1 - y0) * page.height + 2 * MARK_PADDING
    return DiffMark(kind, round(left, 1), round(top, 1), round(width, 1), round(height, 1))


def _pieces(runs: Iterable[WordDiff]) -> Iterator[DiffPiece]:
    """Yield the text line by line; removed words precede added ones on the same line."""
    line: int | None = None
    for run in runs:
        parts = list(_by_line(run.after))
        if not run.alike and run.before:
            breaks = bool(parts) and line is not None and parts[0][0] != line
            line = parts[0][0] if parts else line
            yield DiffPiece("gone", _joined(run.before), breaks=breaks)
        for number, words in parts:
            yield DiffPiece("same" if run.alike else "new", _joined(words), breaks=line is not None and number != line)
            line = number


def _by_line(words: Sequence[dict[str, Any]]) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """Group words at line changes; a table is read cell by cell, so that a line may occur several times."""
    part: list[dict[str, Any]] = []
    for word in words:
        if part and word.get("line", 0) != part[-1].get("line", 0):
            yield part[-1].get("line", 0), part
            part = []
        part.append(word)
    if part:
        yield part[-1].get("line", 0), part


def _joined(words: Sequence[dict[str, Any]]) -> str:
    return " ".join(word["text"] for word in words)
