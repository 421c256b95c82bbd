"""Content of a signed message (CMS, RFC 5652): what was signed, without a check of the signature.

Mail programs sign by packing the whole mail into one file, `smime.p7m`. Its ASN.1 may be in BER: of lengths that are
not stated in advance, and in pieces.
"""

from collections.abc import Iterator
from dataclasses import dataclass

SIGNED_TYPES = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")  # 1.2.840.113549.1.7.2
_SEQUENCE, _OBJECT_ID, _EXPLICIT, _BYTES, _CONSTRUCTED = 0x30, 0x06, 0xA0, 0x04, 0x20
_DEPTH_TO = 16
_LONG_LENGTH = 0x80


@dataclass(frozen=True, slots=True)
class _Element:
    """Element of ASN.1: its tag, and where its content starts and ends; the next one starts at `after`."""

    tag: int
    start: int
    end: int
    after: int


def signed_content(message: bytes) -> bytes | None:
    """Return the content of a signed message; None for an encrypted or malformed one, or without content."""
    try:
        outer = _element(message, 0)
        kind, packed = list(_children(message, outer))[:2]
        if outer.tag != _SEQUENCE or kind.tag != _OBJECT_ID or message[kind.start : kind.end] != _SIGNED_DATA:
            return None
        signed = _element(message, packed.start)
        wrapped = list(_children(message, signed))[2]  # after the version and the algorithms
        _, explicit = list(_children(message, wrapped))[:2]
        return b"".join(_pieces(message, _element(message, explicit.start)))
    except (IndexError, ValueError):
        return None


def _pieces(message: bytes, element: _Element, depth: int = 0) -> Iterator[bytes]:
    """Yield the bytes of an octet string, which may consist of others."""
    if depth > _DEPTH_TO or element.tag & ~_CONSTRUCTED != _BYTES:
        message_text = "The signed content is not a sequence of bytes."
        raise ValueError(message_text)
    if not element.tag & _CONSTRUCTED:
        yield message[element.start : element.end]
        return
    for child in _children(message, element):
        yield from _pieces(message, child, depth + 1)


def _children(message: bytes, element: _Element) -> Iterator[_Element]:
    at = element.start
    while at < element.end:
        child = _element(message, at)
        yield child
        at = child.after


def _element(message: bytes, at: int, depth: int = 0) -> _Element:
    """Read the head of an element; raises IndexError or ValueError if it leads out of the message."""
    tag, length, start = message[at], message[at + 1], at + 2
    if tag == 0 or depth > _DEPTH_TO:
        message_text = "An element is missing or nested too deeply."
        raise ValueError(message_text)
    if length == _LONG_LENGTH:
        end = start
        while message[end] or message[end + 1]:
            end = _element(message, end, depth + 1).after
        return _Element(tag, start, end, end + 2)
    if length > _LONG_LENGTH:
        size = length - _LONG_LENGTH
        length, start = int.from_bytes(message[start : start + size]), start + size
    if start + length > len(message):
        message_text = "An element is cut off."
        raise ValueError(message_text)
    return _Element(tag, start, start + length, start + length)
