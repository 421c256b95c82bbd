"""Typefaces by family and weight, with their metrics; all are part of PyMuPDF and pymupdf-fonts, on any machine."""

from dataclasses import dataclass, replace
from functools import lru_cache

import pymupdf

Color = tuple[float, float, float]
BLACK: Color = (0.0, 0.0, 0.0)
INK: Color = (0.11, 0.12, 0.14)
GREY: Color = (0.42, 0.44, 0.47)
WHITE: Color = (1.0, 1.0, 1.0)

# family: regular, bold, italic
FAMILIES = {
    "helvetica": ("helv", "hebo", "heit"),
    "times": ("tiro", "tibo", "tiit"),
    "courier": ("cour", "cobo", "coit"),
    "fira": ("figo", "figbo", "figit"),
    "noto": ("notos", "notosbo", "notosit"),
    "ubuntu": ("ubuntu", "ubuntubo", "ubuntuit"),
    "ubuntu-mono": ("ubuntm", "ubuntmbo", "ubuntmit"),
    "cascadia": ("cascadia", "cascadiab", "cascadiai"),
}
WEIGHTS = ("regular", "bold", "italic")
_TALL = frozenset("bdfhijklt0123456789()[]{}/|\\!?&%$£€§#@'\"*") | frozenset(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÜßäöüéèêàâîôûçÉÈÀÇŒ"
)
_DEEP = frozenset("gjpqyQ,;()[]{}/|$§çÇ@ý")


@dataclass(frozen=True, slots=True)
class Style:
    """Text style: family, size in points, weight and colour."""

    family: str
    size: float
    weight: str = "regular"
    color: Color = INK

    def bold(self) -> "Style":
        """Return the style in bold."""
        return replace(self, weight="bold")

    def italic(self) -> "Style":
        """Return the style in italics."""
        return replace(self, weight="italic")

    def sized(self, size: float) -> "Style":
        """Return the style in another size."""
        return replace(self, size=size)

    def colored(self, color: Color) -> "Style":
        """Return the style in another colour."""
        return replace(self, color=color)

    @property
    def font_name(self) -> str:
        """Return PyMuPDF's name of the typeface."""
        return FAMILIES[self.family][WEIGHTS.index(self.weight)]


@lru_cache(maxsize=32)
def face(name: str) -> pymupdf.Font:
    """Return a typeface, loaded once per process."""
    return pymupdf.Font(name)


@lru_cache(maxsize=65_536)
def _unit_width(name: str, text: str) -> float:
    return float(face(name).text_length(text, 1.0))


def text_width(text: str, style: Style) -> float:
    """Return the width of `text` in points."""
    return _unit_width(style.font_name, text) * style.size


def ink_extent(text: str, style: Style) -> tuple[float, float]:
    """Return the height of the ink of `text` above and below its baseline, in points.

    Letters have few classes of height, which are the same in all text faces to a few hundredths of the size.
    """
    above = 0.75 if any(character in _TALL for character in text) else 0.57
    accented = any(character in "ÄÖÜÉÈÀÇØÅẞŽ" for character in text)
    below = 0.23 if any(character in _DEEP for character in text) else 0.03
    return (above + (0.16 if accented else 0.0)) * style.size, below * style.size


def wrap(text: str, style: Style, width: float) -> list[str]:
    """Break `text` at spaces into lines no wider than `width`; a longer word gets a separate line."""
    lines: list[str] = []
    for word in text.split():
        candidate = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(candidate, style) <= width:
            lines[-1] = candidate
        else:
            lines.append(word)
    return lines
