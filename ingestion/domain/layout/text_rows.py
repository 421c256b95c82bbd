"""A page as rows of text that a person would read across, independent of the engine's lines.

Engines disagree on lines: one reports "TOTAL" and "9.00" as two, another joins them. Rows are rebuilt from
the words' boxes. Within a row's text a blank separates neighbours and a tab separates columns, so a pattern
that allows blanks never crosses a column.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, reduce
from itertools import islice
from statistics import median

from ingestion.domain.normalize import UNKNOWN_STYLE, NumberStyle, find_amounts, find_dates, fold, number_style_of
from ingestion.domain.normalize.dates import DateMatch
from ingestion.domain.normalize.money import AmountMatch
from ingestion.domain.page.elements import PageReading, Word
from ingestion.domain.page.orientation import detect_orientation, inverse_rotation, rotate_upright
from ingestion.domain.page.rotation import rotate_box
from refinery.core.types import BoundingBox

COLUMN_GAP = 1.1  # in heights of the row: more than a wide blank, less than a column's gutter
MIN_SKEW_LINE_WIDTH = 0.12  # of the page's width: the skew of shorter lines is unreliable
MIN_SKEW_LINES = 4
MAX_SLOPE = 0.12  # about seven degrees: a page with more rotation was corrected when it was read
MAX_LABEL_REACH = 300  # characters between a value and a label to its left: a hostile file's row has no end
MAX_WORD_CHARS = 200  # characters: no value has a longer one, and patterns would be slow on it
MAX_BANDS = 1000
MAX_NEAR = 200  # rows compared with a word in each of its bands: more are words printed over each other
SAME_ROW_OVERLAP = 0.5  # overlap of two words' heights, as a share of the smaller one


@dataclass(frozen=True, slots=True)
class RowSegment:
    """Run of neighbouring words within a row: `text[start:stop]` of it, and its horizontal extent in pixels."""

    start: int
    stop: int
    x0: float
    x1: float


@dataclass(frozen=True)  # without slots, because of the cached properties
class TextRow:
    """Row of words. `y0`..`y1` and the segments' x are pixels; `index` counts over the whole document.

    `numbers` is how the document prints its numbers. On a rotated page all coordinates are those of the upright page,
    which was rotated by `quarter_turns` quarters.
    """

    index: int
    page: int
    words: tuple[Word, ...]
    text: str
    folded: str
    starts: tuple[int, ...]
    segments: tuple[RowSegment, ...]
    y0: float
    y1: float
    relative_y: float
    quarter_turns: int = 0
    numbers: NumberStyle = UNKNOWN_STYLE

    def __hash__(self) -> int:
        """Return a hash without the words: a set holds thousands of spans of a long row."""
        return hash((self.index, self.page, self.y0))

    @cached_property
    def amounts(self) -> tuple[AmountMatch, ...]:
        """Amounts of the row, read as the document prints numbers; several steps need them."""
        return tuple(find_amounts(self.text, self.numbers))

    @cached_property
    def dates(self) -> tuple[DateMatch, ...]:
        """Dates of the row."""
        return tuple(find_dates(self.text))

    @property
    def height(self) -> float:
        """Height in pixels."""
        return self.y1 - self.y0

    @property
    def x0(self) -> float:
        """Left edge in pixels."""
        return self.segments[0].x0

    @property
    def x1(self) -> float:
        """Right edge in pixels."""
        return self.segments[-1].x1

    def segment_at(self, position: int) -> int:
        """Return the index of the segment that contains the character at `position`."""
        return max(0, bisect_right([segment.start for segment in self.segments], position) - 1)


@dataclass(frozen=True, slots=True)
class RowSpan:
    """Part of a row's text, `row.text[start:stop]`."""

    row: TextRow
    start: int
    stop: int

    @property
    def text(self) -> str:
        """Text of the span, with columns separated by a blank."""
        return self.row.text[self.start : self.stop].replace("\t", " ").strip()

    @property
    def words(self) -> tuple[Word, ...]:
        """Words that the span touches."""
        first = max(0, bisect_right(self.row.starts, self.start) - 1)
        last = max(first + 1, bisect_right(self.row.starts, self.stop - 1))
        return self.row.words[first:last]

    def overlaps(self, other: "RowSpan") -> bool:
        """Return whether two spans of one row share a character."""
        return self.start < other.stop and other.start < self.stop


@dataclass(frozen=True, slots=True)
class DocumentRows:
    """Pages of a document and their rows of text, page after page; `page_widths` are pixels, by page number."""

    pages: tuple[PageReading, ...]
    rows: tuple[TextRow, ...]
    page_widths: dict[int, int] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Text of all pages, in the lines that their engines reported."""
        return "\n".join(page.text for page in self.pages)

    @property
    def numbers(self) -> NumberStyle:
        """How the document prints its numbers."""
        return self.rows[0].numbers if self.rows else UNKNOWN_STYLE

    def on_page(self, page: int) -> tuple[TextRow, ...]:
        """Return the rows of one page."""
        return tuple(row for row in self.rows if row.page == page)


def bbox_of(spans: Iterable[RowSpan]) -> BoundingBox | None:
    """Return the smallest box around the spans' words, on the page as displayed; None without a word."""
    boxes = [rotate_box(word.bbox, inverse_rotation(span.row.quarter_turns)) for span in spans for word in span.words]
    return reduce(BoundingBox.union, boxes) if boxes else None


@dataclass(slots=True)
class _PlacedWord:
    word: Word
    x0: float
    x1: float
    y0: float
    y1: float

    @property
    def centre(self) -> float:
        return (self.y0 + self.y1) / 2


def slope_of(page: PageReading) -> float:
    """Measure the slope of lines (pixels down per pixel right) from the words that the engine put in one line."""
    slopes: list[tuple[float, float]] = []
    for line in page.lines:
        first, last = line[0].bbox, line[-1].bbox
        run = (last.x0 + last.x1 - first.x0 - first.x1) / 2
        if run >= MIN_SKEW_LINE_WIDTH:
            fall = (last.y0 + last.y1 - first.y0 - first.y1) / 2
            slopes.append((fall * page.height / (run * max(page.width, 1)), run))
    if len(slopes) < MIN_SKEW_LINES:
        return 0.0
    slope = _weighted_median(slopes)
    return slope if abs(slope) <= MAX_SLOPE else 0.0


def _weighted_median(values: list[tuple[float, float]]) -> float:
    half = sum(weight for _, weight in values) / 2
    passed = 0.0
    for value, weight in sorted(values):
        passed += weight
        if passed >= half:
            return value
    return 0.0


def _place_words(page: PageReading) -> list[_PlacedWord]:
    """Return a page's words in pixels, with the skew removed by a shear."""
    width, height, slope = max(page.width, 1), max(page.height, 1), slope_of(page)
    placed = []
    for word in page.words:
        if word.text.strip():
            box = word.bbox
            fall = slope * (box.x0 + box.x1) / 2 * width
            top, bottom = box.y0 * height - fall, box.y1 * height - fall
            placed.append(_PlacedWord(word, box.x0 * width, box.x1 * width, top, bottom))
    return placed


def _continues_row(left: _PlacedWord, right: _PlacedWord) -> bool:
    shared = min(left.y1, right.y1) - max(left.y0, right.y0)
    smaller = min(left.y1 - left.y0, right.y1 - right.y0)
    return shared >= SAME_ROW_OVERLAP * smaller and right.x0 > left.x0 + (left.x1 - left.x0) / 2


def _chain(placed: list[_PlacedWord]) -> list[list[_PlacedWord]]:
    """Join each word to the row whose rightmost word it continues: a chain follows the skew of a scan."""
    chains: list[list[_PlacedWord]] = []
    bands = _Bands(placed)
    for word in sorted(placed, key=lambda each: (each.x0, each.y0)):
        touched = bands.touched(word)
        fitting = [number for number in bands.near(touched) if _continues_row(chains[number][-1], word)]
        if fitting:
            chosen = fitting[0]
            if len(fitting) > 1:
                chosen = min(fitting, key=lambda number: (abs(chains[number][-1].centre - word.centre), number))
            bands.remove(chosen)
            chains[chosen].append(word)
        else:
            chosen = len(chains)
            chains.append([word])
        bands.add(chosen, touched)
    return sorted(chains, key=lambda chain: (median(word.centre for word in chain), chain[0].x0))


class _Bands:
    """Chains by the horizontal bands of the page that their rightmost words touch.

    A word is compared with the chains in its own bands alone, so that a page of thousands of rows takes no longer for
    each word than a short one.
    """

    def __init__(self, placed: Sequence[_PlacedWord]) -> None:
        """Choose bands as high as an ordinary word, and few enough that a tall word does not touch thousands."""
        extent = max((word.y1 for word in placed), default=0.0) - min((word.y0 for word in placed), default=0.0)
        usual = median(word.y1 - word.y0 for word in placed) if placed else 0.0
        self._height = max(usual, extent / MAX_BANDS, 1.0)
        self._chains: defaultdict[int, dict[int, None]] = defaultdict(dict)  # sets in order of insertion
        self._bands: dict[int, range] = {}

    def touched(self, word: _PlacedWord) -> range:
        """Return the bands that a word touches."""
        return range(int(word.y0 // self._height), int(word.y1 // self._height) + 1)

    def near(self, touched: range) -> set[int]:
        """Return the chains whose rightmost word touches one of these bands, at most the newest of each band."""
        return {chain for band in touched for chain in islice(reversed(self._chains[band]), MAX_NEAR)}

    def add(self, chain: int, touched: range) -> None:
        """Store the bands of a chain's rightmost word."""
        self._bands[chain] = touched
        for band in touched:
            self._chains[band][chain] = None

    def remove(self, chain: int) -> None:
        """Forget the word that was the rightmost one of a chain."""
        for band in self._bands[chain]:
            del self._chains[band][chain]


def _lay_out(chain: Sequence[_PlacedWord]) -> tuple[str, tuple[int, ...], tuple[RowSegment, ...]]:
    unit = median(word.y1 - word.y0 for word in chain)
    text, starts, segments = "", [], []
    opened = 0
    for position, word in enumerate(chain):
        if position:
            wide = word.x0 - chain[position - 1].x1 > COLUMN_GAP * unit
            if wide:
                segments.append((opened, position, len(text)))
                opened = position
            text += "\t" if wide else " "
        starts.append(len(text))
        text += word.word.text.strip()[:MAX_WORD_CHARS]
    segments.append((opened, len(chain), len(text)))
    return (
        text,
        tuple(starts),
        tuple(
            RowSegment(starts[first], stop, chain[first].x0, max(word.x1 for word in chain[first:last]))
            for first, last, stop in segments
        ),
    )


def _row(index: int, page: PageReading, chain: Sequence[_PlacedWord], quarter_turns: int) -> TextRow:
    text, starts, segments = _lay_out(chain)
    y0, y1 = median(word.y0 for word in chain), median(word.y1 for word in chain)
    words = tuple(word.word for word in chain)
    relative = (y0 + y1) / 2 / max(page.height, 1)
    return TextRow(index, page.number, words, text, fold(text), starts, segments, y0, y1, relative, quarter_turns)


def build_document_rows(pages: Sequence[PageReading]) -> DocumentRows:
    """Build the rows of all pages, top to bottom; expensive, so done once per document and passed on."""
    rows: list[TextRow] = []
    widths = {}
    for shown in pages:
        quarter_turns = detect_orientation(shown)
        page = rotate_upright(shown, quarter_turns)
        widths[page.number] = page.width
        rows += _rows(page, quarter_turns, len(rows))
    numbers = number_style_of(row.text for row in rows)
    return DocumentRows(tuple(pages), tuple(replace(row, numbers=numbers) for row in rows), widths)


def rows_in_direction(page: PageReading, quarter_turns: int) -> tuple[TextRow, ...]:
    """Return the rows of the words that are upright after `quarter_turns` quarters, clockwise, numbered from 0.

    A document that was glued or laid on a page lies in another direction than the page. After one or three quarters,
    words that are wider than high on the page as displayed do not belong to it.
    """
    kept = [word for word in page.words if quarter_turns % 2 == 0 or _is_tall(word, page)]
    return tuple(_rows(rotate_upright(replace(page, words=tuple(kept)), quarter_turns), quarter_turns, 0))


def _is_tall(word: Word, page: PageReading) -> bool:
    return word.bbox.height * page.height > word.bbox.width * page.width


def _rows(page: PageReading, quarter_turns: int, first: int) -> list[TextRow]:
    return [_row(index, page, chain, quarter_turns) for index, chain in enumerate(_chain(_place_words(page)), first)]
