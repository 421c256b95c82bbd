"""Text of payment codes, decoded by the character set that they name: readers of QR codes can only guess it.

Sources: EPC069-12 v3.1 of the European Payments Council, table of character sets; the Swiss Implementation Guidelines
for the QR-bill v2.3 of SIX (UTF-8).
"""

import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

_EPC_CHARSETS: Mapping[bytes, str] = MappingProxyType(
    {
        b"1": "utf-8",
        b"2": "iso8859-1",
        b"3": "iso8859-2",
        b"4": "iso8859-4",
        b"5": "iso8859-5",
        b"6": "iso8859-7",
        b"7": "iso8859-10",
        b"8": "iso8859-15",
    }
)
_CHARSET_LINE = 2


def payment_code_text(raw: bytes) -> str | None:
    """Return the text of a payment code's bytes; None if they are not one, or are not in the set that it names."""
    lines = [line.strip() for line in raw.split(b"\n", _CHARSET_LINE + 1)]
    charset = _charset_of(lines)
    if charset is None:
        return None
    try:
        text = raw.decode(charset)
    except UnicodeDecodeError:
        return None
    garbled = any(unicodedata.category(character) == "Cc" and character not in "\r\n" for character in text)
    return None if garbled else text


def _charset_of(lines: list[bytes]) -> str | None:
    if len(lines) <= _CHARSET_LINE:
        return None
    if lines[0] == b"SPC":
        return "utf-8"
    return _EPC_CHARSETS.get(lines[_CHARSET_LINE]) if lines[0] == b"BCD" else None
