"""Bar codes and matrix codes on a page. Their text is foreign: it is cut, and what does not print is spelt."""

import unicodedata
from dataclasses import dataclass

from refinery.core.types import BoundingBox

LONGEST = 4000  # characters: a QR code of bytes holds 2,953 of them
MOST = 50  # on one page


@dataclass(frozen=True, slots=True)
class Code:
    """A code and its place: `kind` is one of KINDS, `text` what it says, line ends kept and controls escaped."""

    kind: str
    text: str
    bbox: BoundingBox


KINDS = (
    "qr_code", "micro_qr_code", "data_matrix", "aztec", "pdf417", "maxi_code", "code_128", "code_39", "code_93",
    "codabar", "itf", "ean_13", "ean_8", "upc_a", "upc_e", "data_bar",
)  # fmt: skip


def shown_text(text: str) -> str:
    r"""Give a code's text so that it can be kept, shown and compared: one kind of line end, `\x1d` for a control.

    Marks that turn the direction of writing are escaped as well: a code would show another thing than it says.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(_shown(character) for character in lines[:LONGEST])[:LONGEST]


def _shown(character: str) -> str:
    if character == "\n" or not unicodedata.category(character).startswith("C"):
        return character
    number = ord(character)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
