"""Bar codes and matrix codes on a page. Their text is untrusted: it is cut, and unprintable characters are escaped."""

import unicodedata
from dataclasses import dataclass

from refinery.core.types import BoundingBox

MAX_BARCODE_TEXT = 4000  # characters: a QR code of bytes holds 2,953 of them
MAX_BARCODES = 50  # on one page


@dataclass(frozen=True, slots=True)
class Barcode:
    """Code and its place: `kind` is one of BARCODE_KINDS, `text` its content, line ends kept and controls escaped."""

    kind: str
    text: str
    bbox: BoundingBox


BARCODE_KINDS = tuple(
    (
        "qr_code micro_qr_code data_matrix aztec pdf417 maxi_code code_128 code_39 code_93 codabar itf ean_13 "
        "ean_8 upc_a upc_e data_bar"
    ).split()
)


def printable_barcode_text(text: str) -> str:
    r"""Return a code's text so that it can be stored, shown and compared: one line end, `\x1d` for a control.

    Marks that change the direction of writing are escaped as well, because they would make a code show another text.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(_printable_character(character) for character in lines[:MAX_BARCODE_TEXT])[:MAX_BARCODE_TEXT]


def _printable_character(character: str) -> str:
    if character == "\n" or not unicodedata.category(character).startswith("C"):
        return character
    number = ord(character)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
