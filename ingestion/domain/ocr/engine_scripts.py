"""Scripts that the OCR engines read: what an engine reads in another script says nothing about the print."""

from collections.abc import Iterable
from typing import Final

PPOCR_SCRIPTS: Final = frozenset(
    {"LATIN", "CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "FULLWIDTH", "SUPERSCRIPT", "SUBSCRIPT"}
)
"""Scripts of PP-OCRv6; of Greek its alphabet has only the letters without accents."""

_OTHER_SCRIPTS: Final = frozenset(
    "amh ara asm ben bel bul ckb ell fas grc guj heb hin hye iku kan kat kaz khm kir kor kur_ara lao mal mar mkd mon"
    " mya nep ori pan pus rus san sin snd srp syr tam tel tgk tha tir uig ukr urd yid".split()
)
"""Languages of Tesseract whose scripts PP-OCRv6 does not read."""


def needs_tesseract(language: str, installed: Iterable[str]) -> bool:
    """Return whether only Tesseract reads the first of these languages ("heb+eng"), and has it installed."""
    first = language.partition("+")[0]
    return first in _OTHER_SCRIPTS and first in set(installed)
