"""Scripts: which are written from right to left, and which an OCR engine can read."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

RTL_SCRIPT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")  # Hebrew, Arabic, Syriac, Thaana, N'Ko and kin
LTR_LETTER = re.compile(r"[^\W\d_\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")


@lru_cache(maxsize=4096)
def script_of(letter: str) -> str:
    """Return the script of a letter or a digit as the first word of its Unicode name ("LATIN", "HEBREW").

    It is empty for signs and for the digits 0 to 9, which all scripts share.
    """
    has_script = letter.isalpha() or (letter.isdigit() and not letter.isascii())
    return unicodedata.name(letter, "").partition(" ")[0] if has_script else ""


def is_in_scripts(text: str, scripts: Iterable[str]) -> bool:
    """Return whether all letters of a text are of these scripts."""
    return {script_of(letter) for letter in text} - {""} <= set(scripts)
