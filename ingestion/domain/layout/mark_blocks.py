"""Marks beside the words become blocks: figures, stamps, signatures, and check boxes with their labels."""

import re
from collections.abc import Iterable, Sequence

from ingestion.domain.layout.draft_blocks import Draft
from ingestion.domain.layout.line_segments import rows_of, segments_of
from ingestion.domain.layout.plane import Area, Token, overlap_across, overlap_down
from ingestion.domain.page.elements import BlockKind

_BACKGROUND = 0.4  # share of the page's words: a picture under so many is paper
_UNSURE = 0.6  # words below it in a signature are its loops, misread
_LABEL_NEAR = 6.0  # in line heights, above or below a signature
_LABEL_BESIDE = 20.0
_LINE_NEAR = 2.5  # in line heights: a rule under a signature
_SIGNED = re.compile(
    r"^(?:signature|signed|sign|signatory|undersigned|unterschrift\w*|unterzeichn\w*|gezeichnet|gez|signé\w*|"
    r"firma|sincerely|regards|grüßen|grüssen|grüße|salutations|handtekening|podpis)$"
)
_AS_HIGH = 0.85  # of a word that an engine has read a check box into
_STRETCHED = 1.2  # heights of a line: letters so wide are no print
_SIGN_LINE = (0.1, 0.55)  # page widths
_ALONE = 3.0  # in line heights
_BLANK_LINE = re.compile(r"^[_.…]{5,}$")
_BULLET_GAP = (0.2, 2.5)  # in line heights, between a bullet and its text
_ALIGNED = 0.004  # page widths
LABEL_GAP = 2.0  # in line heights, between a check box and its label


def without(tokens: Sequence[Token], areas: Iterable[Area]) -> tuple[list[Token], list[list[Token]]]:
    """Part words into those outside all areas and those inside each; a word is in the first that holds it."""
    kept = list(areas)
    inside: list[list[Token]] = [[] for _ in kept]
    free: list[Token] = []
    for token in tokens:
        home = next((place for place, area in enumerate(kept) if area.holds(token)), None)
        (free if home is None else inside[home]).append(token)
    return free, inside


def pictured(kind: BlockKind, area: Area, tokens: Sequence[Token], unit: float) -> Draft:
    """Make the block of a stamp or a figure, with what is written on it."""
    return Draft.of(kind, rows_of(segments_of(tokens, unit)), area)


def foreground(pictures: Sequence[Area], tokens: Sequence[Token]) -> list[Area]:
    """Leave out pictures that the page is written on."""
    most = _BACKGROUND * len(tokens)
    return [area for area in pictures if not tokens or sum(area.holds(token) for token in tokens) <= max(most, 1)]


def is_signature(stroke: Area, tokens: Sequence[Token], lying: Sequence[Area], unit: float) -> bool:
    """Say whether strokes are a signature: no sure word in them, and a label or a line to sign on beside them."""
    if any(
        token.sure >= _UNSURE and stroke.holds(token) and len(token.text) > 1 and not is_scrawl(token)
        for token in tokens
    ):
        return False
    if any(_is_label(token, stroke, unit) for token in tokens):
        return True
    under = [line for line in lying if _is_under(line, stroke, unit)]
    return len(under) == 1 and _is_to_sign_on(under[0], stroke, lying, unit)


def is_scrawl(token: Token) -> bool:
    """Say whether letters are too far apart for print: a hand's strokes, misread."""
    return token.width > _STRETCHED * len(token.text) * token.height


def _is_label(token: Token, stroke: Area, unit: float) -> bool:
    word = token.text.strip(":,.;()/_").casefold()
    if _BLANK_LINE.match(token.text):
        return _is_under(token, stroke, unit)
    if not _SIGNED.match(word):
        return False
    above, across = overlap_down(token, stroke), overlap_across(token, stroke)
    return above > -_LABEL_NEAR * unit and across > -(_LABEL_BESIDE if above > 0 else _LABEL_NEAR) * unit


def _is_to_sign_on(line: Area, stroke: Area, lying: Sequence[Area], unit: float) -> bool:
    """Tell a line to sign on from a table's: it stands alone and is not much longer than what is written on it."""
    alone = not any(other is not line and abs(other.down - line.down) < _ALONE * unit for other in lying)
    return alone and _SIGN_LINE[0] <= line.width <= _SIGN_LINE[1] and stroke.width >= 0.2 * line.width


def _is_under(line: Area, stroke: Area, unit: float) -> bool:
    """Say whether a rule lies under a signature; a signature may dip below it."""
    return (
        overlap_across(line, stroke) >= 0.6 * stroke.width
        and line.width <= 8 * stroke.width
        and stroke.down < line.y1
        and line.y0 - stroke.y1 <= _LINE_NEAR * unit
    )


def led_by(bullets: Sequence[Area], tokens: Sequence[Token]) -> frozenset[int]:
    """Give the numbers of the words that bullets stand before; nothing stands before those bullets, and they stand
    one below the other.
    """
    led = set()
    for bullet in bullets:
        if not any(other is not bullet and abs(other.x0 - bullet.x0) <= _ALIGNED for other in bullets):
            continue
        level = [t for t in tokens if t.y0 <= bullet.down <= t.y1]
        right = min((t for t in level if t.across > bullet.x1), key=lambda t: t.x0, default=None)
        if right is None or any(
            t.across < bullet.x0 and bullet.x0 - t.x1 < _BULLET_GAP[1] * t.height for t in level
        ):
            continue
        if _BULLET_GAP[0] * right.height <= right.x0 - bullet.x1 <= _BULLET_GAP[1] * right.height:
            led.add(right.index)
    return frozenset(led)


def is_letter(box: Area, tokens: Sequence[Token]) -> bool:
    """Say whether a small square is print: one letter of a word, or a short word that runs together."""
    return any(token.holds(box) and _is_part(box, token) for token in tokens if token.x0 < box.x1)


def _is_part(box: Area, token: Token) -> bool:
    before, after = token.x0 < box.x0 - 0.5 * box.width, token.x1 > box.x1 + 0.5 * box.width
    if before and after:
        return True
    if (token.text[0] if after else token.text[-1]).isdigit():
        return True  # a crossed zero
    return box.height < _AS_HIGH * token.height if before or after else len(token.text) > 1


def label_of(box: Area, tokens: Sequence[Token], boxes: Sequence[Area]) -> list[Token]:
    """Give the words that a check box belongs to: those right of it, up to the next box or a wide blank.

    Without any, those left of it.
    """
    near = [t for t in tokens if t.y0 < box.y1 and t.y1 > box.y0]
    level = [t for t in near if overlap_down(t, box) >= 0.4 * min(t.height, box.height) and not box.holds(t)]
    walls = [other for other in boxes if other is not box and overlap_down(other, box) > 0]
    right = sorted((t for t in level if t.across > box.x1), key=lambda t: t.x0)
    found = _chain(box.x1, box, right, min((w.x0 for w in walls if w.x0 >= box.x1), default=2.0))
    if found:
        return found
    left = sorted((t for t in level if t.across < box.x0), key=lambda t: -t.x1)
    wall = max((w.x1 for w in walls if w.x1 <= box.x0), default=-1.0)
    back: list[Token] = []
    edge = box.x0
    for token in left:
        if token.x0 < wall or edge - token.x1 > LABEL_GAP * max(token.height, box.height):
            break
        back.append(token)
        edge = token.x0
    return back[::-1]


def _chain(edge: float, box: Area, right: Sequence[Token], wall: float) -> list[Token]:
    found: list[Token] = []
    for token in right:
        gap = LABEL_GAP if not found else 1.0
        if token.x1 > wall or token.x0 - edge > gap * max(token.height, box.height):
            break
        found.append(token)
        edge = token.x1
    return found
