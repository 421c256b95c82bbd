"""Words of right-to-left lines, built from the places of their characters.

MuPDF keeps the order of a file's drawing operations, which in such lines is any: numbers are put between letters,
words are divided at quotation marks. The places of the characters are the same in every file.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from unicodedata import combining

from ingestion.domain.page.scripts import RTL_SCRIPT
from ingestion.domain.page.visual_text import logical_word, move_punctuation

Corners = tuple[float, float, float, float]

_SAME_BASELINE = 0.25  # of the size of print
_WORD_GAP = 0.25  # of the size of print
_BLANK_GAP = 0.08  # of the size of print, where the file has a blank
_WIDE_GAP = 1.5  # of the size of print: what is farther apart is read separately
_CHARACTERS_TO = 30_000
_CONTINUED = -1  # glyph number of the further letters of a ligature


@dataclass(slots=True)
class _Glyph:
    """Printed character with its marks, or a ligature; `base` is the height of its baseline."""

    text: str
    base: float
    size: float
    box: Corners


def rtl_words(trace: Sequence[Mapping[str, Any]], found: Sequence[Sequence[Any]]) -> list[Sequence[Any]]:
    """Return MuPDF's words with those of right-to-left lines replaced by words in logical order.

    On a page with more characters than any print has they are left as they are, so that the work is bounded.
    """
    if sum(len(span["chars"]) for span in trace) > _CHARACTERS_TO:
        return list(found)
    lines = [line for line in _lines(_glyphs(trace)) if any(RTL_SCRIPT.search(glyph.text) for glyph in line)]
    areas = [_around(line) for line in lines]
    kept = [word for word in found if not any(_inside(word, area) for area in areas)]
    return [*kept, *(word for line in lines for word in _words(line))]


def _is_level(span: Mapping[str, Any]) -> bool:
    across, down = span["dir"]
    return bool(across > 0.99 and abs(down) < 0.1)


def _glyphs(trace: Iterable[Mapping[str, Any]]) -> Iterator[_Glyph]:
    """Yield the characters of level lines; marks and the letters of a ligature are joined to theirs."""
    last: _Glyph | None = None
    for span in trace:
        if not _is_level(span):
            continue
        for code, number, origin, box in span["chars"]:
            character = chr(code)
            if last and (number == _CONTINUED or (combining(character) and _on_top(box, last.box))):
                last.text += character
                continue
            if last:
                yield last
            last = _Glyph(character, float(origin[1]), float(span["size"]), tuple(map(float, box)))  # type: ignore[arg-type]
    if last:
        yield last


def _on_top(mark: Corners, box: Corners) -> bool:
    return box[0] - 0.5 <= (mark[0] + mark[2]) / 2 <= box[2] + 0.5


def _lines(glyphs: Iterable[_Glyph]) -> list[list[_Glyph]]:
    """Group characters on one baseline without a wide gap between them, each group from left to right."""
    levels: list[list[_Glyph]] = []
    for glyph in sorted(glyphs, key=lambda each: each.base):
        if levels and abs(glyph.base - levels[-1][-1].base) <= _SAME_BASELINE * glyph.size:
            levels[-1].append(glyph)
        else:
            levels.append([glyph])
    return [part for level in levels for part in _split(level, _WIDE_GAP, _WIDE_GAP)]


def _split(glyphs: Iterable[_Glyph], gap: float, blank_gap: float) -> Iterator[list[_Glyph]]:
    """Split a line, from left to right, at gaps of so many sizes of print; `blank_gap` counts where a blank is."""
    part: list[_Glyph] = []
    blank, edge = False, 0.0
    for glyph in sorted(glyphs, key=lambda each: (each.box[0], each.box[2])):
        if not glyph.text.strip():
            blank = True
            if part:
                part.append(glyph)
            continue
        if part and glyph.box[0] - edge > (blank_gap if blank else gap) * glyph.size:
            yield part
            part = []
        part.append(glyph)
        blank, edge = False, max(edge, glyph.box[2])
    if part:
        yield part


def _words(line: Sequence[_Glyph]) -> Iterator[tuple[float, float, float, float, str]]:
    rtl = _is_rtl("".join(glyph.text for glyph in line))
    parts = [[glyph for glyph in part if glyph.text.strip()] for part in _split(line, _WORD_GAP, _BLANK_GAP)]
    visual = ["".join(glyph.text for glyph in part) for part in parts]
    moved = move_punctuation(visual) if rtl else visual
    texts = [
        logical_word([glyph.text for glyph in part] if text == before else list(text), rtl_line=rtl)
        for part, text, before in zip(parts, moved, visual, strict=True)
    ]
    for part, text in zip(parts, texts, strict=True):
        yield *_around(part), text


def _is_rtl(text: str) -> bool:
    """Return whether a line's letters at both ends, or else most of them, are written from right to left."""
    strong = [RTL_SCRIPT.match(letter) is not None for letter in text if RTL_SCRIPT.match(letter) or letter.isalpha()]
    return strong[0] if strong[0] == strong[-1] else 2 * sum(strong) >= len(strong)


def _around(glyphs: Sequence[_Glyph]) -> Corners:
    boxes = [glyph.box for glyph in glyphs]
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)


def _inside(word: Sequence[Any], area: Corners) -> bool:
    across, down = (word[0] + word[2]) / 2, (word[1] + word[3]) / 2
    return bool(area[0] <= across <= area[2] and area[1] <= down <= area[3])
