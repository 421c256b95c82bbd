"""Decoding of texts in any encoding into printable characters."""

import re
from collections.abc import Sequence

from ingestion.domain.formats.text import browser_codec, iso2022_encoding, wide_encoding

_SAMPLE = 64 * 1024
_LIKELY = tuple(
    (
        "cp1252 cp1250 cp1251 cp1253 cp1254 cp1255 cp1256 cp1257 iso8859_2 iso8859_5 iso8859_6 iso8859_7 iso8859_8 "
        "koi8_r koi8_u mac_roman cp437 cp850 shift_jis euc_jp iso2022_jp gb18030 big5 euc_kr cp874"
    ).split()
)
_WESTERN = "cp1252"
_WESTERN_WORDS = re.compile("[A-Za-zÀ-ÖØ-öø-ÿŒœŠšŽžŸ]{2,}")
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")  # colours of a terminal's log
_INVISIBLE_CHARACTERS = dict.fromkeys(
    code
    for code in (*range(32), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF, 0xFFFE)
    if code not in (9, 10)
)
_INVISIBLE_CHARACTERS |= {11: "\n", 12: "\n", 13: "\n", 0x85: "\n", 0x2028: "\n", 0x2029: "\n"}


def decode(content: bytes, declared: str | None = None) -> str:
    """Decode a text: by its byte order mark, as UTF-8, as declared, or by the likeliest encoding."""
    for encoding in (wide_encoding(content[:_SAMPLE]), iso2022_encoding(content), "utf-8", declared):
        if encoding:
            try:
                return printable(content.decode(browser_codec(encoding)))
            except (LookupError, UnicodeError):
                continue
    return printable(content.decode(_guess(content), "replace"))


def printable(text: str) -> str:
    """Return text without invisible characters: controls, marks that change the direction, lone surrogates."""
    joined = _ESCAPES.sub("", text).replace("\r\n", "\n").translate(_INVISIBLE_CHARACTERS)
    return joined.encode("utf-8", "replace").decode("utf-8")


def _guess(content: bytes) -> str:
    """Return the likeliest encoding; a short Western text is not mistaken for a similar Eastern one."""
    from charset_normalizer import from_bytes

    sample = _spread(content)
    if _is_western(sample):
        return _WESTERN
    best = from_bytes(sample, cp_isolation=list(_LIKELY)).best()
    return best.encoding if best else _WESTERN


def _is_western(sample: bytes) -> bool:
    """Return whether nearly all of a text is Latin letters with occasional accents."""
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
    """Return whether accented letters occur among plain ones, and not in sequences."""
    marked = [word for word in words if not word.isascii()]
    odd = sum(sum(letter > "\x7f" for letter in word) > max(2, len(word) / 2) for word in marked)
    return odd <= 0.1 * len(marked)


def _spread(content: bytes) -> bytes:
    """Return a sample with the bytes that distinguish encodings, from any position in the text."""
    if len(content) <= _SAMPLE:
        return content
    telling = [line for line in content.splitlines() if not line.isascii()]
    return (b"\n".join(telling) or content)[:_SAMPLE]
