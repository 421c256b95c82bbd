"""Grouping of rows into blocks by distance, size and style."""

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from ingestion.domain.layout.draft_blocks import BlockDraft
from ingestion.domain.layout.line_segments import median_height, row_middle, tokens_in
from ingestion.domain.layout.plane import Area, Row, bounding_area, overlap_x
from ingestion.domain.layout.tables import is_check_box_row
from ingestion.domain.page.elements import BlockKind

_GAP = 0.9  # in line heights
_CHOICES_GAP = 0.5  # the same before a row of check boxes
_EXTRA = 0.35  # in line heights: more white space than between the lines around
_LEAST = 0.05
_GROWS = 1.25
_LARGE = 1.6
_OTHER_SIZE = 1.35  # boxes of one size differ by less, because engines draw them around ink
_TITLE_LINES = 3
_TITLE_WORDS = 20
_BOLD_WORDS = 12
_BOLD_SHARE = 0.7  # of a line: in a scan not every bold word is detected as bold
_SENTENCE = 5  # words
_ITEMS = 2
_AROUND = 12  # rows above that define the usual distance
_MARKER = re.compile(
    r"^(?:[•‣◦▪■●○∙·⁃–—\-*\u2022\uf0b7\u25b6➢➤►✓✔]"  # noqa: RUF001 - dashes that begin items
    r"|\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})[.)]\)?)$"
)
_BULLET = re.compile(r"^[•‣◦▪■●○∙·⁃\uf0b7➢➤►✓✔\-–—*]$")  # noqa: RUF001 - dashes that begin items


def is_marker(text: str) -> bool:
    """Return whether a word can begin a list item: a bullet, a dash, "2.", "b)"."""
    return bool(_MARKER.match(text))


def is_bullet(text: str) -> bool:
    """Return whether a word is a bullet; tables have no columns of bullets."""
    return bool(_BULLET.match(text))


def build_blocks(rows: Sequence[Row], usual: float, check_boxes: Sequence[Area]) -> list[BlockDraft]:
    """Build blocks from rows, from top to bottom.

    `usual` is the height of the page's running text, `check_boxes` are its check boxes.
    """
    made, group = [], [rows[0]] if rows else []
    steps = [row_middle(b) - row_middle(a) for a, b in pairwise(rows)]
    for index, (before, row) in enumerate(pairwise(rows)):
        within = steps[max(index + 1 - len(group), index - _AROUND) : index]
        usual_step = median(within) if len(within) > 1 else min(steps[max(index - 1, 0) : index + 2])
        choices = len(row) > 1 and is_check_box_row(row, check_boxes)
        if _stand_apart(
            before, row, steps[index] - usual_step, _CHOICES_GAP if choices else _GAP, usual
        ) or _kind_changes(group, row, rows[index + 1 : index + 5]):
            made.append(group)
            group = []
        group.append(row)
    return [_block(lines, usual) for lines in (*made, group) if lines]


def _height(row: Row) -> float:
    return median_height(tokens_in([row]))


def _space(above: Row, below: Row) -> float:
    return min(s.y0 for s in below) - max(s.y1 for s in above)


def _stand_apart(before: Row, row: Row, extra: float, gap: float, usual: float) -> bool:
    """Return whether two rows belong to different blocks; `extra` is the excess over the usual row distance."""
    heights, space = (_height(before), _height(row)), _space(before, row)
    height = max(heights)
    tabular = len(before) > 1 and len(row) > 1 and gap == _GAP
    widest = (2 if tabular else 1) * gap * height
    if min(heights) >= _GROWS * usual and max(heights) <= _OTHER_SIZE * min(heights):
        extra = 0.0  # lines of a title are farther apart than those of the text below it
    if space > widest or (not tabular and extra > _EXTRA * height and space > _LEAST * height):
        return True
    if overlap_x(bounding_area(before), bounding_area(row)) <= 0:
        return True
    return not tabular and max(heights) > _OTHER_SIZE * min(heights)


def _kind_changes(group: Sequence[Row], row: Row, rest: Sequence[Row]) -> bool:
    """Return whether a list begins or ends here, or sentences follow a separate bold line."""
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
    return first.after_bullet or (is_marker(first.text) and len(tokens_in([row])) > 1)


def _is_bold(row: Row) -> bool:
    tokens = tokens_in([row])
    return sum(token.bold for token in tokens) >= _BOLD_SHARE * len(tokens)


def _block(lines: Sequence[Row], usual: float) -> BlockDraft:
    return BlockDraft.of(_kind(lines, usual), lines)


def _kind(lines: Sequence[Row], usual: float) -> BlockKind:
    items = sum(_is_item(row) for row in lines)
    if items >= _ITEMS and _is_item(lines[0]) and 3 * items >= len(lines):
        return BlockKind.LIST
    return BlockKind.TITLE if _is_title(lines, usual) else BlockKind.PARAGRAPH


def _is_title(lines: Sequence[Row], usual: float) -> bool:
    tokens = tokens_in(lines)
    if len(lines) > _TITLE_LINES or len(tokens) > _TITLE_WORDS or not any(c.isalpha() for t in tokens for c in t.text):
        return False
    height, area = median_height(tokens), bounding_area(segment for row in lines for segment in row)
    if area.width < area.height:
        return False  # vertical text
    if height >= _LARGE * usual:
        return True
    if tokens[-1].text.endswith((".", ",", ";")) or tokens[0].text[:1].islower() or any(len(r) > 1 for r in lines):
        return False
    small = len(lines) == 1 and len(tokens) <= _BOLD_WORDS
    return height >= _GROWS * usual or (small and _is_bold(lines[0]) and height >= 0.9 * usual)
