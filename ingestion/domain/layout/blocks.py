"""Rows become blocks: what stands close, in one size and one manner, belongs together."""

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from ingestion.domain.layout.draft_blocks import Draft
from ingestion.domain.layout.line_segments import height_of, row_middle, tokens_in
from ingestion.domain.layout.plane import Area, Row, around, overlap_across
from ingestion.domain.layout.tables import are_choices
from ingestion.domain.page.elements import BlockKind

_GAP = 0.9  # in line heights
_CHOICES_GAP = 0.5  # the same before a row of check boxes
_EXTRA = 0.35  # in line heights: more white than between the lines around
_LEAST = 0.05
_GROWS = 1.25
_LARGE = 1.6
_OTHER_SIZE = 1.35  # boxes of one size differ by less, drawn round ink as they are by an engine
_TITLE_LINES = 3
_TITLE_WORDS = 20
_BOLD_WORDS = 12
_BOLD_SHARE = 0.7  # of a line: of a scan not every word is seen to be bold
_SENTENCE = 5  # words
_ITEMS = 2
_AROUND = 12  # rows above, whose distance is the usual one
_MARKER = re.compile(
    r"^(?:[•‣◦▪■●○∙·⁃–—\-*\u2022\uf0b7\u25b6➢➤►✓✔]"  # noqa: RUF001 - dashes that begin items
    r"|\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})[.)]\)?)$"
)
_BULLET = re.compile(r"^[•‣◦▪■●○∙·⁃\uf0b7➢➤►✓✔\-–—*]$")  # noqa: RUF001 - dashes that begin items


def is_marker(text: str) -> bool:
    """Say whether a word can begin an item of a list: a bullet, a dash, "2.", "b)"."""
    return bool(_MARKER.match(text))


def is_bullet(text: str) -> bool:
    """Say whether a word is a bullet, which no table has a column of."""
    return bool(_BULLET.match(text))


def blocks_of(rows: Sequence[Row], usual: float, boxes: Sequence[Area]) -> list[Draft]:
    """Make blocks of rows from top to bottom.

    `usual` is the height of the page's running text, `boxes` are its check boxes.
    """
    made, group = [], [rows[0]] if rows else []
    steps = [row_middle(b) - row_middle(a) for a, b in pairwise(rows)]
    for index, (before, row) in enumerate(pairwise(rows)):
        within = steps[max(index + 1 - len(group), index - _AROUND) : index]
        usual_step = median(within) if len(within) > 1 else min(steps[max(index - 1, 0) : index + 2])
        choices = len(row) > 1 and are_choices(row, boxes)
        if _apart(before, row, steps[index] - usual_step, _CHOICES_GAP if choices else _GAP, usual) or _changes(
            group, row, rows[index + 1 : index + 5]
        ):
            made.append(group)
            group = []
        group.append(row)
    return [_block(lines, usual) for lines in (*made, group) if lines]


def _height(row: Row) -> float:
    return height_of(tokens_in([row]))


def _space(above: Row, below: Row) -> float:
    return min(s.y0 for s in below) - max(s.y1 for s in above)


def _apart(before: Row, row: Row, extra: float, gap: float, usual: float) -> bool:
    """Say whether two rows stand apart; `extra` is how much farther than rows around them."""
    heights, space = (_height(before), _height(row)), _space(before, row)
    height = max(heights)
    tabular = len(before) > 1 and len(row) > 1 and gap == _GAP
    widest = (2 if tabular else 1) * gap * height
    if min(heights) >= _GROWS * usual and max(heights) <= _OTHER_SIZE * min(heights):
        extra = 0.0  # lines of a title stand farther apart than those of the text below it
    if space > widest or (not tabular and extra > _EXTRA * height and space > _LEAST * height):
        return True
    if overlap_across(around(before), around(row)) <= 0:
        return True
    return not tabular and max(heights) > _OTHER_SIZE * min(heights)


def _changes(group: Sequence[Row], row: Row, rest: Sequence[Row]) -> bool:
    """Say whether a list begins or ends here, or a bold line of its own is followed by sentences."""
    if _is_item(row) and not _is_item(group[0]):
        return any(_is_item(other) for other in rest[1:4])
    if _is_item(group[0]) and not _is_item(row):
        return row[0].x0 <= group[0][0].x0 + 0.3 * _height(row) and len(group[0][0].tokens) > 1
    return (
        len(group) == 1
        and _is_bold(group[0])
        and not _is_bold(row)
        and len(row[0].tokens) >= _SENTENCE
        and len(tokens_in(group)) <= _BOLD_WORDS
    )


def _is_item(row: Row) -> bool:
    first = row[0].tokens[0]
    return first.led or (is_marker(first.text) and len(tokens_in([row])) > 1)


def _is_bold(row: Row) -> bool:
    tokens = tokens_in([row])
    return sum(token.bold for token in tokens) >= _BOLD_SHARE * len(tokens)


def _block(lines: Sequence[Row], usual: float) -> Draft:
    return Draft.of(_kind(lines, usual), lines)


def _kind(lines: Sequence[Row], usual: float) -> BlockKind:
    items = sum(_is_item(row) for row in lines)
    if items >= _ITEMS and _is_item(lines[0]) and 3 * items >= len(lines):
        return BlockKind.LIST
    return BlockKind.TITLE if _is_title(lines, usual) else BlockKind.PARAGRAPH


def _is_title(lines: Sequence[Row], usual: float) -> bool:
    tokens = tokens_in(lines)
    if (
        len(lines) > _TITLE_LINES
        or len(tokens) > _TITLE_WORDS
        or not any(c.isalpha() for t in tokens for c in t.text)
    ):
        return False
    height, area = height_of(tokens), around(segment for row in lines for segment in row)
    if area.width < area.height:
        return False  # set upright
    if height >= _LARGE * usual:
        return True
    if tokens[-1].text.endswith((".", ",", ";")) or tokens[0].text[:1].islower() or any(len(r) > 1 for r in lines):
        return False
    small = len(lines) == 1 and len(tokens) <= _BOLD_WORDS
    return height >= _GROWS * usual or (small and _is_bold(lines[0]) and height >= 0.9 * usual)
