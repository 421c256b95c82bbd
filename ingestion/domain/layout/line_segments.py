"""Line segments: words without a wide blank between them; segments side by side form rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from ingestion.domain.layout.plane import Row, Segment, Token, overlap_x, overlap_y

_SAME_LINE = 0.5  # share of the smaller height by which two words of a line overlap
_WIDE_BLANK = 1.0  # in heights of a line: words this far apart are cells, not a sentence
_LEVELS = range(-2, 3)  # levels above and below a word's own: beside a large word, a small one's centre differs
_STACKED = 0.3  # share of the smaller width
_RECENT = 6  # rows
_OPEN = 24  # latest chains of a level, which words may continue; words come by x, so the others end far left
_CROWDED = 100  # segments: a longer row is not a line of print, and takes no more


def median_height(tokens: Iterable[Token]) -> float:
    """Return the median height of at least one word."""
    return median(token.height for token in tokens) or 1e-6


def build_segments(tokens: Sequence[Token], unit: float) -> list[Segment]:
    """Chain words from left to right, following slanted lines. `unit` is the page's usual line height."""
    levels: dict[int, list[list[Token]]] = {}
    runs: list[list[Token]] = []
    for token in sorted(tokens, key=lambda t: (t.x0, t.y0)):
        level = int(token.center_y / unit)
        home = _best_run(token, [run for step in _LEVELS for run in levels.get(level + step, ())])
        if home is None:
            home = []
            runs.append(home)
        else:
            _drop(levels[int(home[-1].center_y / unit)], home)
        home.append(token)
        level_runs = levels.setdefault(level, [])
        level_runs.append(home)
        del level_runs[:-_OPEN]
    return [Segment.of(run) for run in runs]


def _drop(runs: list[list[Token]], run: list[Token]) -> None:
    del runs[next(place for place, other in enumerate(runs) if other is run)]


def _best_run(token: Token, runs: Iterable[list[Token]]) -> list[Token] | None:
    best, least = None, float("inf")
    for run in runs:
        last = run[-1]
        gap = token.x0 - last.x1
        if gap < least and _continues(token, last, gap):
            best, least = run, gap
    return best


def _continues(token: Token, last: Token, gap: float) -> bool:
    heights = token.height, last.height
    return (
        gap <= _WIDE_BLANK * (sum(heights) / 2)
        and token.center_x > last.x1 - 0.3 * last.width
        and overlap_y(token, last) >= _SAME_LINE * min(heights)
    )


def build_rows(segments: Iterable[Segment]) -> list[Row]:
    """Group segments on one level into one row, however far apart; rows come from top to bottom."""
    rows: list[_OpenRow] = []
    for segment in sorted(segments, key=lambda s: (s.center_y, s.x0)):
        fitting = [row for row in rows[-_RECENT:] if row.accepts(segment)]
        if fitting:
            min(fitting, key=lambda row: abs(row_middle(row.segments) - segment.center_y)).add(segment)
        else:
            rows.append(_OpenRow([segment], segment.y0, segment.y1))
    made = [tuple(sorted(row.segments, key=lambda s: s.x0)) for row in rows]
    return sorted(made, key=row_middle)


@dataclass(slots=True)
class _OpenRow:
    segments: list[Segment]
    y0: float
    y1: float

    def add(self, segment: Segment) -> None:
        self.segments.append(segment)
        self.y0, self.y1 = min(self.y0, segment.y0), max(self.y1, segment.y1)

    def accepts(self, segment: Segment) -> bool:
        """Return whether a segment is on the level of most of the row, and not above or below any of it."""
        row = self.segments
        if segment.y0 > self.y1 or segment.y1 < self.y0 or len(row) >= _CROWDED:
            return False
        level = sum(overlap_y(segment, other) / (min(segment.height, other.height) or 1e-9) for other in row)
        return level >= _SAME_LINE * len(row) and not any(
            overlap_x(segment, other) > _STACKED * min(segment.width, other.width) for other in row
        )


def row_middle(row: Sequence[Segment]) -> float:
    """Return the row's vertical centre."""
    return sum(segment.center_y for segment in row) / len(row)


def tokens_in(rows: Iterable[Sequence[Segment]]) -> list[Token]:
    """Return the words of rows, each row from left to right."""
    return [token for row in rows for segment in row for token in segment.tokens]
