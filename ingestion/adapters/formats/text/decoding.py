"""Bytes of a text in whatever encoding, as characters that can be printed."""

import re
from collections.abc import Sequence

from ingestion.domain.formats.text import codec_named, shifted_encoding, wide_encoding

_SAMPLE = 64 * 1024
_LIKELY = (
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "iso8859_2", "iso8859_5",
    "iso8859_6", "iso8859_7", "iso8859_8", "koi8_r", "koi8_u", "mac_roman", "cp437", "cp850", "shift_jis",
    "euc_jp", "iso2022_jp", "gb18030", "big5", "euc_kr", "cp874",
)  # fmt: skip
_WESTERN = "cp1252"
_WESTERN_WORDS = re.compile("[A-Za-zÀ-ÖØ-öø-ÿŒœŠšŽžŸ]{2,}")
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")  # colours of a terminal's log
_UNSEEN = dict.fromkeys(
    code
    for code in (*range(32), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF, 0xFFFE)
    if code not in (9, 10)
)
_UNSEEN |= {11: "\n", 12: "\n", 13: "\n", 0x85: "\n", 0x2028: "\n", 0x2029: "\n"}


def decode(content: bytes, declared: str | None = None) -> str:
    """Give a text's characters: by its byte order mark, as UTF-8, as declared, or as they make most sense."""
    for encoding in (wide_encoding(content[:_SAMPLE]), shifted_encoding(content), "utf-8", declared):
        if encoding:
            try:
                return printable(content.decode(codec_named(encoding)))
            except (LookupError, UnicodeError):
                continue
    return printable(content.decode(_guess(content), "replace"))


def printable(text: str) -> str:
    """Give text without what cannot be seen: controls, marks that turn the direction, lone surrogates."""
    joined = _ESCAPES.sub("", text).replace("\r\n", "\n").translate(_UNSEEN)
    return joined.encode("utf-8", "replace").decode("utf-8")


def _guess(content: bytes) -> str:
    """Name the likeliest encoding; a short text in a Western one is not taken for its Eastern neighbour."""
    from charset_normalizer import from_bytes

    sample = _spread(content)
    if _is_western(sample):
        return _WESTERN
    best = from_bytes(sample, cp_isolation=list(_LIKELY)).best()
    return best.encoding if best else _WESTERN


def _is_western(sample: bytes) -> bool:
    """Say whether nearly all of a text is Latin letters with an accent here and there."""
    accented = sum(byte >= 0x80 for byte in sample)
    if accented > 0.12 * len(sample):
        return False
    try:
        text = sample.decode(_WESTERN)
    except UnicodeError:
        return False
    words = _WESTERN_WORDS.findall(text)
    return bool(words) and _sensible(words)


def _sensible(words: Sequence[str]) -> bool:
    """Say whether accented letters stand among plain ones, and not in rows of their own."""
    marked = [word for word in words if not word.isascii()]
    odd = sum(sum(letter > "\x7f" for letter in word) > max(2, len(word) / 2) for word in marked)
    return odd <= 0.1 * len(marked)


def _spread(content: bytes) -> bytes:
    """Give a sample that holds what tells encodings apart, wherever in the text it stands."""
    if len(content) <= _SAMPLE:
        return content
    telling = [line for line in content.splitlines() if not line.isascii()]
    return (b"\n".join(telling) or content)[:_SAMPLE]
