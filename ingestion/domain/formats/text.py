"""Bytes of texts: their encodings, and whether bytes may be a text at all."""

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE, lookup

BOMS: tuple[tuple[bytes, str], ...] = (
    (BOM_UTF32_LE, "utf-32"),
    (BOM_UTF32_BE, "utf-32"),
    (BOM_UTF8, "utf-8-sig"),
    (BOM_UTF16_LE, "utf-16"),
    (BOM_UTF16_BE, "utf-16"),
)
_SUPERSETS = (
    "ascii=cp1252 iso8859_1=cp1252 iso8859_9=cp1254 iso8859_11=cp874 tis_620=cp874 gb2312=gb18030 gbk=gb18030 "
    "euc_kr=cp949 shift_jis=cp932"
)
_SUPERSET_CODECS = dict(pair.split("=") for pair in _SUPERSETS.split())
_ISO2022_ESCAPES = ((b"\x1b$)C", "iso2022_kr"), (b"\x1b$", "iso2022_jp_ext"))
_FOLDED_TO = 0.3  # a text in UTF-16 has a zero in every second place for each Latin letter, blank and line end
_CONTROLS_TO = 0.02
_SAMPLE = 4096
_CONTROLS = bytes(code for code in range(32) if code not in (8, 9, 10, 11, 12, 13, 26, 27))


def is_text(head: bytes) -> bool:
    """Return whether bytes may be a text: in any encoding, with a few stray controls at most."""
    if not head:
        return False
    if wide_encoding(head):
        return True
    strays = sum(head.count(code) for code in _CONTROLS)
    return strays <= max(2, _CONTROLS_TO * len(head))


def wide_encoding(head: bytes) -> str | None:
    """Return the encoding indicated by a byte order mark, or by zeros in every second or fourth place; else None."""
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


def browser_codec(declared: str) -> str:
    """Return the encoding that browsers use for a name (WHATWG), which is usually the one that was meant.

    Texts declared as Latin 1 often contain characters that Windows adds to it, a euro sign or a dash. Raises
    LookupError.
    """
    name = lookup(declared).name.replace("-", "_")
    return _SUPERSET_CODECS.get(name, name)


def iso2022_encoding(content: bytes) -> str | None:
    """Return the seven-bit encoding that marks its Japanese or Korean letters with escape sequences, else None."""
    return next((encoding for shift, encoding in _ISO2022_ESCAPES if shift in content), None)


def ascii_part(head: bytes) -> bytes:
    """Return the ASCII in a head, in any encoding: enough to detect markup."""
    encoding = wide_encoding(head)
    if encoding is None:
        return head
    return head.decode(encoding, "ignore").encode("ascii", "ignore")


def plain_rtf(content: bytes) -> bytes:
    """Return RTF that was saved as UTF-16 or with a byte order mark in the ASCII that its standard demands."""
    text = content.decode(wide_encoding(content[:_SAMPLE]) or "utf-8", "replace").removeprefix("\ufeff")
    units = text.encode("utf-16-le", "replace")
    codes = (int.from_bytes(units[at : at + 2], "little", signed=True) for at in range(0, len(units), 2))
    return b"".join(bytes((code,)) if 0 <= code < 128 else b"\\u%d?" % code for code in codes)
