"""Small valid images, and the components of invalid ones."""

import io
import struct
import zlib
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

SHORT, LONG, ASCII = 3, 4, 2
PNG_HEAD = b"\x89PNG\r\n\x1a\n"


def text_image(text: str = "Invoice 4711", size: tuple[int, int] = (240, 64)) -> Image.Image:
    """Draw one line of text on white paper."""
    paper = Image.new("RGB", size, "white")
    ImageDraw.Draw(paper).text((12, 16), text, fill="black", font=ImageFont.load_default(26))
    return paper


def encoded(picture: Image.Image, form: str, **options: object) -> bytes:
    """Return an image's file content."""
    buffer = io.BytesIO()
    picture.save(buffer, form, **options)
    return buffer.getvalue()


def png() -> bytes:
    """Return a valid PNG."""
    return encoded(text_image(), "PNG")


def jpeg() -> bytes:
    """Return a valid JPEG."""
    return encoded(text_image(), "JPEG")


def tiff() -> bytes:
    """Return a valid TIFF."""
    return encoded(text_image(), "TIFF")


def png_chunk(name: bytes, data: bytes) -> bytes:
    """Return a PNG chunk with its length and checksum."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_of(width: int, height: int, packed: bytes, *, bits: int = 8, kind: int = 2, before: bytes = b"") -> bytes:
    """Return a PNG of the compressed rows; `kind` 0 is grey, 2 RGB, 6 RGBA."""
    head = struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, 0)
    chunks = png_chunk(b"IHDR", head), before, png_chunk(b"IDAT", packed), png_chunk(b"IEND", b"")
    return PNG_HEAD + b"".join(chunks)


def tiff_of(directories: Sequence[bytes], *, data: bytes = b"") -> bytes:
    """Return a TIFF: consecutive directories from byte 8, then `data`."""
    return b"II*\0\x08\0\0\0" + b"".join(directories) + data


def directory(entries: Sequence[tuple[int, int, int, int]], following: int) -> bytes:
    """Return a TIFF directory of (tag, type, count, value), and the offset of the next one."""
    packed = b"".join(struct.pack("<HHII", *entry) for entry in sorted(entries))
    return struct.pack("<H", len(entries)) + packed + struct.pack("<I", following)


def plain_page(width: int, height: int, at: int, size: int, *, packing: int = 1) -> list[tuple[int, int, int, int]]:
    """Return the entries of a grey page whose only strip is at offset `at`."""
    return [
        (256, LONG, 1, width),
        (257, LONG, 1, height),
        (258, SHORT, 1, 8),
        (259, SHORT, 1, packing),
        (262, SHORT, 1, 1),
        (273, LONG, 1, at),
        (277, SHORT, 1, 1),
        (278, LONG, 1, height),
        (279, LONG, 1, size),
    ]
