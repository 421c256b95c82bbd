"""Files that are text: which kinds are laid out on pages, told by their first bytes and then by their name.

Nothing in a plain text proves what it is, so a name or a declared type has to say so; the bytes must bear it out.
"""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE, lookup
from pathlib import PurePosixPath

TXT = "text/plain"
MARKDOWN = "text/markdown"
RST = "text/x-rst"
HTML = "text/html"
CSV = "text/csv"
XML = "application/xml"
JSON = "application/json"

TEXTS = frozenset({TXT, MARKDOWN, RST, HTML, CSV, XML, JSON})
BY_SUFFIX = {
    ".txt": TXT, ".text": TXT, ".log": TXT, ".asc": TXT, ".md": MARKDOWN, ".markdown": MARKDOWN, ".rst": RST,
    ".htm": HTML, ".html": HTML, ".xhtml": HTML, ".csv": CSV, ".tsv": CSV, ".xml": XML, ".json": JSON,
}  # fmt: skip
_BY_DECLARED = {
    "text/x-markdown": MARKDOWN, "text/prs.fallenstein.rst": RST, "application/xhtml+xml": HTML, "text/xml": XML,
    "text/tab-separated-values": CSV, "application/csv": CSV, "text/json": JSON,
}  # fmt: skip

BOMS: tuple[tuple[bytes, str], ...] = (
    (BOM_UTF32_LE, "utf-32"),
    (BOM_UTF32_BE, "utf-32"),
    (BOM_UTF8, "utf-8-sig"),
    (BOM_UTF16_LE, "utf-16"),
    (BOM_UTF16_BE, "utf-16"),
)
_WIDER = {
    "ascii": "cp1252", "iso8859_1": "cp1252", "iso8859_9": "cp1254", "iso8859_11": "cp874", "tis_620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949", "shift_jis": "cp932",
}  # fmt: skip
_SHIFTS = ((b"\x1b$)C", "iso2022_kr"), (b"\x1b$", "iso2022_jp_ext"))
_FOLDED_TO = 0.3  # a text in UTF-16 has a zero in every second place for each Latin letter, blank and line end
_CONTROLS_TO = 0.02
_CONTROLS = bytes(code for code in range(32) if code not in (8, 9, 10, 11, 12, 13, 26, 27))
_HTML = re.compile(
    rb"(?:<!--.*?-->\s*|<\?xml[^>]*>\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_SVG = re.compile(rb"(?:<!--.*?-->\s*|<\?xml[^>]*>\s*|<!doctype[^>]*>\s*)*<svg\b", re.IGNORECASE | re.DOTALL)


def text_type(head: bytes, filename: str, declared_type: str) -> str | None:
    """Give the type of a text by its first bytes, name and declared type, None for what is not laid out."""
    if not is_text(head):
        return None
    shown = _ascii(head).lstrip()
    if _SVG.match(shown):
        return None
    promised = promised_text(filename, declared_type)
    if _HTML.match(shown) and promised not in {TXT, MARKDOWN, RST}:
        return HTML
    if shown.startswith(b"<?xml") and promised in {None, XML, HTML}:
        return XML
    return promised


def is_drawing(head: bytes) -> bool:
    """Say whether it is a drawing in XML (SVG)."""
    return is_text(head) and bool(_SVG.match(_ascii(head).lstrip()))


def promised_text(filename: str, declared_type: str) -> str | None:
    """Give the kind of text that a name promises; where the name says nothing, the declared type may."""
    suffix = PurePosixPath(filename.lower()).suffix
    if suffix:
        return BY_SUFFIX.get(suffix)
    declared = declared_type.partition(";")[0].strip().lower()
    return declared if declared in TEXTS else _BY_DECLARED.get(declared)


def is_text(head: bytes) -> bool:
    """Say whether bytes may be a text: in any encoding, with a few stray controls at most."""
    if not head:
        return False
    if wide_encoding(head):
        return True
    strays = sum(head.count(code) for code in _CONTROLS)
    return strays <= max(2, _CONTROLS_TO * len(head))


def wide_encoding(head: bytes) -> str | None:
    """Name the encoding that a byte order mark tells, or zeros in every second or fourth place; else None."""
    for mark, encoding in BOMS:
        if head.startswith(mark):
            return encoding
    sample = head[: len(head) // 4 * 4]
    if len(sample) < 8:
        return None
    zeros = [sample[place::4].count(0) / (len(sample) / 4) for place in range(4)]
    if min(zeros[1:]) > 1 - _FOLDED_TO and zeros[0] < _FOLDED_TO:
        return "utf-32-le"
    if min(zeros[:3]) > 1 - _FOLDED_TO and zeros[3] < _FOLDED_TO:
        return "utf-32-be"
    if min(zeros[1], zeros[3]) > _FOLDED_TO and max(zeros[0], zeros[2]) < _CONTROLS_TO:
        return "utf-16-le"
    if min(zeros[0], zeros[2]) > _FOLDED_TO and max(zeros[1], zeros[3]) < _CONTROLS_TO:
        return "utf-16-be"
    return None


def codec_named(declared: str) -> str:
    """Give the encoding that a name stands for as browsers take it (WHATWG): the one that its writers meant.

    Who says Latin 1 often writes what Windows adds to it, a euro sign or a dash. Raises LookupError.
    """
    name = lookup(declared).name.replace("-", "_")
    return _WIDER.get(name, name)


def shifted_encoding(content: bytes) -> str | None:
    """Name the encoding in seven bits that tells by escapes where its Japanese or Korean letters begin."""
    return next((encoding for shift, encoding in _SHIFTS if shift in content), None)


def _ascii(head: bytes) -> bytes:
    """Give the ASCII in a head, whatever its encoding: enough to tell markup."""
    encoding = wide_encoding(head)
    if encoding is None:
        return head
    return head.decode(encoding, "ignore").encode("ascii", "ignore")
