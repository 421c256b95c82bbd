"""Blocks of marks beside the words: figures, stamps, signatures, and check boxes with their labels."""

import re
from collections.abc import Iterable, Sequence

from ingestion.domain.layout.draft_blocks import BlockDraft
from ingestion.domain.layout.line_segments import build_rows, build_segments
from ingestion.domain.layout.plane import Area, Token, overlap_x, overlap_y
from ingestion.domain.page.elements import BlockKind

_BACKGROUND = 0.4  # share of the page's words: a picture under more of them is a background
_UNSURE_BELOW = 0.6  # words below it in a signature are misread loops
_LABEL_NEAR = 6.0  # in line heights, above or below a signature
_LABEL_BESIDE = 20.0
_LINE_NEAR = 2.5  # in line heights: a rule under a signature
_SIGNED = re.compile(
    r"^(?:signature|signed|sign|signatory|undersigned|unterschrift\w*|unterzeichn\w*|gezeichnet|gez|signé\w*|"
    r"firma|sincerely|regards|grüßen|grüssen|grüße|salutations|handtekening|podpis)$"
)
_AS_HIGH = 0.85  # of a word as which an engine has read a check box
_STRETCHED = 1.2  # heights of a line: letters this wide are not print
_SIGN_LINE = (0.1, 0.55)  # page widths
_ALONE = 3.0  # in line heights
_BLANK_LINE = re.compile(r"^[_.…]{5,}$")
_BULLET_GAP = (0.2, 2.5)  # in line heights, between a bullet and its text
_ALIGNED = 0.004  # page widths
LABEL_GAP = 2.0  # in line heights, between a check box and its label


def partition_tokens(tokens: Sequence[Token], areas: Iterable[Area]) -> tuple[list[Token], list[list[Token]]]:
    """Partition words into those outside all areas and those inside each; the first area that holds a word gets it."""
    kept = list(areas)
    inside: list[list[Token]] = [[] for _ in kept]
    free: list[Token] = []
    for token in tokens:
        home = next((place for place, area in enumerate(kept) if area.contains_center(token)), None)
        (free if home is None else inside[home]).append(token)
    return free, inside


def picture_block(kind: BlockKind, area: Area, tokens: Sequence[Token], unit: float) -> BlockDraft:
    """Build the block of a stamp or a figure, with the text in it."""
    return BlockDraft.of(kind, build_rows(build_segments(tokens, unit)), area)


def foreground_pictures(pictures: Sequence[Area], tokens: Sequence[Token]) -> list[Area]:
    """Return the pictures without backgrounds, which the page's text is printed on."""
    most = _BACKGROUND * len(tokens)
    return [
        area for area in pictures if not tokens or sum(area.contains_center(token) for token in tokens) <= max(most, 1)
    ]


def is_signature(stroke: Area, tokens: Sequence[Token], horizontals: Sequence[Area], unit: float) -> bool:
    """Return whether strokes are a signature: they hold no confident word and have a label or signing line nearby."""
    if any(
        token.confidence >= _UNSURE_BELOW
        and stroke.contains_center(token)
        and len(token.text) > 1
        and not is_handwriting(token)
        for token in tokens
    ):
        return False
    if any(_is_label(token, stroke, unit) for token in tokens):
        return True
    under = [line for line in horizontals if _is_under(line, stroke, unit)]
    return len(under) == 1 and _is_signing_line(under[0], stroke, horizontals, unit)


def is_handwriting(token: Token) -> bool:
    """Return whether letters are too far apart for print: misread strokes of handwriting."""
    return token.width > _STRETCHED * len(token.text) * token.height


def _is_label(token: Token, stroke: Area, unit: float) -> bool:
    word = token.text.strip(":,.;()/_").casefold()
    if _BLANK_LINE.match(token.text):
        return _is_under(token, stroke, unit)
    if not _SIGNED.match(word):
        return False
    above, across = overlap_y(token, stroke), overlap_x(token, stroke)
    return above > -_LABEL_NEAR * unit and across > -(_LABEL_BESIDE if above > 0 else _LABEL_NEAR) * unit


def _is_signing_line(line: Area, stroke: Area, horizontals: Sequence[Area], unit: float) -> bool:
    """Return whether a line is for signing, not of a table: isolated and not much longer than the text on it."""
    alone = not any(other is not line and abs(other.center_y - line.center_y) < _ALONE * unit for other in horizontals)
    return alone and _SIGN_LINE[0] <= line.width <= _SIGN_LINE[1] and stroke.width >= 0.2 * line.width


def _is_under(line: Area, stroke: Area, unit: float) -> bool:
    """Return whether a rule is under a signature; a signature may extend below it."""
    return (
        overlap_x(line, stroke) >= 0.6 * stroke.width
        and line.width <= 8 * stroke.width
        and stroke.center_y < line.y1
        and line.y0 - stroke.y1 <= _LINE_NEAR * unit
    )


def bulleted_tokens(bullets: Sequence[Area], tokens: Sequence[Token]) -> frozenset[int]:
    """Return the indexes of the words that bullets precede.

    No word precedes such a bullet, and the bullets are aligned one below the other.
    """
    bulleted = set()
    for bullet in bullets:
        if not any(other is not bullet and abs(other.x0 - bullet.x0) <= _ALIGNED for other in bullets):
            continue
        level = [t for t in tokens if t.y0 <= bullet.center_y <= t.y1]
        right = min((t for t in level if t.center_x > bullet.x1), key=lambda t: t.x0, default=None)
        if right is None or any(t.center_x < bullet.x0 and bullet.x0 - t.x1 < _BULLET_GAP[1] * t.height for t in level):
            continue
        if _BULLET_GAP[0] * right.height <= right.x0 - bullet.x1 <= _BULLET_GAP[1] * right.height:
            bulleted.add(right.index)
    return frozenset(bulleted)


def is_printed_letter(box: Area, tokens: Sequence[Token]) -> bool:
    """Return whether a small square is print: one letter of a word, or a short word whose letters touch."""
    return any(token.contains_center(box) and _is_part(box, token) for token in tokens if token.x0 < box.x1)


def _is_part(box: Area, token: Token) -> bool:
    before, after = token.x0 < box.x0 - 0.5 * box.width, token.x1 > box.x1 + 0.5 * box.width
    if before and after:
        return True
    if (token.text[0] if after else token.text[-1]).isdigit():
        return True  # a crossed zero
    return box.height < _AS_HIGH * token.height if before or after else len(token.text) > 1


def check_box_label(box: Area, tokens: Sequence[Token], boxes: Sequence[Area]) -> list[Token]:
    """Return the label of a check box: the words right of it, up to the next box or a wide blank.

    Without any, those left of it.
    """
    near = [t for t in tokens if t.y0 < box.y1 and t.y1 > box.y0]
    level = [t for t in near if overlap_y(t, box) >= 0.4 * min(t.height, box.height) and not box.contains_center(t)]
    obstacles = [other for other in boxes if other is not box and overlap_y(other, box) > 0]
    right = sorted((t for t in level if t.center_x > box.x1), key=lambda t: t.x0)
    found = _chain(box.x1, box, right, min((w.x0 for w in obstacles if w.x0 >= box.x1), default=2.0))
    if found:
        return found
    left = sorted((t for t in level if t.center_x < box.x0), key=lambda t: -t.x1)
    left_limit = max((w.x1 for w in obstacles if w.x1 <= box.x0), default=-1.0)
    back: list[Token] = []
    edge = box.x0
    for token in left:
        if token.x0 < left_limit or edge - token.x1 > LABEL_GAP * max(token.height, box.height):
            break
        back.append(token)
        edge = token.x0
    return back[::-1]


def _chain(edge: float, box: Area, right: Sequence[Token], limit: float) -> list[Token]:
    found: list[Token] = []
    for token in right:
        gap = LABEL_GAP if not found else 1.0
        if token.x1 > limit or token.x0 - edge > gap * max(token.height, box.height):
            break
        found.append(token)
        edge = token.x1
    return found
