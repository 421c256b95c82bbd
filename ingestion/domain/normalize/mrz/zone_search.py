"""Search of a zone among the lines of a page, and within lines that other text was joined to."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise, product

from ingestion.domain.normalize.mrz.document_formats import MRZ_FORMATS
from ingestion.domain.normalize.mrz.zone import MrzZone
from ingestion.domain.normalize.mrz.zone_reading import MAX_WIDTH_ERROR, clean_line, has_zone_characters, parse_mrz

_TOKEN = re.compile(r"\S+")
_WIDTHS = tuple(sorted({form.width for form in MRZ_FORMATS}))
_MAX_TOKENS = 24  # of one line: a zone is not printed in more pieces, so the search is bounded
_MAX_LINES = 40  # of one page: a page with more of such lines is no travel document, so the search is bounded
_MAX_VARIANTS = 3  # of one line for one width
_MAX_BETWEEN = 2  # lines of other text between two lines of a zone
_PROVEN_FROM = 2  # check digits that agree: a line with fewer than two fillers is then part of a zone
_DIGITS_WITHOUT_FILLER = 4
_MAX_SMALL_SHARE = 0.34  # of a token's characters: a zone is in capitals, which engines sometimes read as small letters
_DOCUMENT_CODES = "PVIAC"  # first letters of the codes of Doc 9303

_Rank = tuple[int, bool, int, int]


@dataclass(frozen=True, slots=True)
class MrzSpan:
    """Part of a line of a page, `lines[index][start:stop]`."""

    index: int
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class MrzLocation:
    """Zone with the parts of the page's lines that contain it."""

    zone: MrzZone
    spans: tuple[MrzSpan, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    span: MrzSpan
    text: str
    joined: int  # columns of the page in one text

    def error(self, width: int) -> int:
        return abs(len(self.text) - width)


def find_mrz(lines: Sequence[str]) -> MrzLocation | None:
    """Find the zone among the lines of a page; None without one.

    Among several readings the one with the fewest wrong check digits counts, then the one in which the fewest
    columns of the page were joined and the fewest fillers corrected.
    """
    candidates = [found for index, line in enumerate(lines) if (found := tuple(_possible_lines(index, line)))]
    possible = candidates[-_MAX_LINES:]
    ranked = (ranked for count in (3, 2) for near in _neighbours(possible, count) for ranked in _zones_of(near))
    best = min(ranked, key=lambda each: each[0], default=None)
    return best[1] if best else None


def _possible_lines(index: int, line: str) -> Iterator[_Line]:
    """Yield the runs of a line's tokens that could be a line of a zone."""
    tokens = list(_TOKEN.finditer(line))
    cleaned = [clean_line(token[0]) if _is_capital(token[0]) else "" for token in tokens]
    for first in range(len(tokens)):
        text = ""
        for last in range(first, min(first + _MAX_TOKENS, len(tokens))):
            text += cleaned[last]
            if len(text) > _WIDTHS[-1] + MAX_WIDTH_ERROR or not has_zone_characters(cleaned[last]):
                break
            if _has_line_form(text):
                start, stop = tokens[first].start(), tokens[last].end()
                yield _Line(MrzSpan(index, start, stop), text, line.count("\t", start, stop))


def _is_capital(token: str) -> bool:
    return sum(map(str.islower, token)) <= len(token) * _MAX_SMALL_SHARE


def _has_line_form(text: str) -> bool:
    """Return whether a text has a width of a zone, and a filler or, at the exact width, several digits."""
    error = min(abs(len(text) - width) for width in _WIDTHS)
    if "<" in text:
        return error <= MAX_WIDTH_ERROR
    return error == 0 and sum(map(str.isdigit, text)) >= _DIGITS_WITHOUT_FILLER


def _neighbours(candidates: Sequence[tuple[_Line, ...]], count: int) -> Iterator[Sequence[tuple[_Line, ...]]]:
    """Yield the groups of `count` lines that are close enough to be one zone."""
    for at, first in enumerate(candidates):
        for others in combinations(candidates[at + 1 : at + count + _MAX_BETWEEN], count - 1):
            near = (first, *others)
            rows = [lines[0].span.index for lines in near]
            if all(below - above <= _MAX_BETWEEN + 1 for above, below in pairwise(rows)):
                yield near


def _zones_of(near: Sequence[tuple[_Line, ...]]) -> Iterator[tuple[_Rank, MrzLocation]]:
    for width in sorted({form.width for form in MRZ_FORMATS if form.lines == len(near)}):
        for chosen in product(*(_closest(lines, width) for lines in near)):
            zone = parse_mrz([line.text for line in chosen])
            if zone and zone.format.width == width and _is_certain(zone, chosen):
                joined, errors = sum(line.joined for line in chosen), sum(line.error(width) for line in chosen)
                unusual = zone.lines[0][0] not in _DOCUMENT_CODES
                yield (
                    (len(zone.failed_checks), unusual, joined, errors),
                    MrzLocation(zone, tuple(line.span for line in chosen)),
                )


def _closest(lines: Sequence[_Line], width: int) -> Sequence[_Line]:
    fitting = [line for line in lines if line.error(width) <= MAX_WIDTH_ERROR]
    return sorted(fitting, key=lambda line: (line.joined, line.error(width)))[:_MAX_VARIANTS]


def _is_certain(zone: MrzZone, lines: Sequence[_Line]) -> bool:
    filled = zone.lines[0][0] in _DOCUMENT_CODES and all(line.text.count("<") > 1 for line in lines)
    return filled or zone.right_checks >= _PROVEN_FROM
