"""Small sound pictures, and the parts that unsound ones are made of."""

import io
import struct
import zlib
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

SHORT, LONG, ASCII = 3, 4, 2
PNG_HEAD = b"\x89PNG\r\n\x1a\n"


def print_of(text: str = "Invoice 4711", size: tuple[int, int] = (240, 64)) -> Image.Image:
    """Give a line of print on white paper."""
    paper = Image.new("RGB", size, "white")
    ImageDraw.Draw(paper).text((12, 16), text, fill="black", font=ImageFont.load_default(26))
    return paper


def saved(picture: Image.Image, form: str, **options: object) -> bytes:
    """Give a picture's file."""
    buffer = io.BytesIO()
    picture.save(buffer, form, **options)
    return buffer.getvalue()


def png() -> bytes:
    """Give a sound PNG."""
    return saved(print_of(), "PNG")


def jpeg() -> bytes:
    """Give a sound JPEG."""
    return saved(print_of(), "JPEG")


def tiff() -> bytes:
    """Give a sound TIFF."""
    return saved(print_of(), "TIFF")


def png_chunk(name: bytes, data: bytes) -> bytes:
    """Give a chunk with its length and check sum."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_of(width: int, height: int, packed: bytes, *, bits: int = 8, kind: int = 2, before: bytes = b"") -> bytes:
    """Give a PNG of compressed rows as told; `kind` 0 is grey, 2 RGB, 6 RGBA."""
    head = struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, 0)
    chunks = png_chunk(b"IHDR", head), before, png_chunk(b"IDAT", packed), png_chunk(b"IEND", b"")
    return PNG_HEAD + b"".join(chunks)


def tiff_of(directories: Sequence[bytes], *, data: bytes = b"") -> bytes:
    """Give a TIFF: directories one after another from byte 8, then `data`."""
    return b"II*\0\x08\0\0\0" + b"".join(directories) + data


def directory(entries: Sequence[tuple[int, int, int, int]], following: int) -> bytes:
    """Give a TIFF directory of (tag, type, count, value), and the place of the next one."""
    packed = b"".join(struct.pack("<HHII", *entry) for entry in sorted(entries))
    return struct.pack("<H", len(entries)) + packed + struct.pack("<I", following)


def plain_page(
    width: int, height: int, at: int, size: int, *, packing: int = 1
) -> list[tuple[int, int, int, int]]:
    """Give the entries of a grey page whose only strip lies at `at`."""
    return [
        (256, LONG, 1, width), (257, LONG, 1, height), (258, SHORT, 1, 8), (259, SHORT, 1, packing),
        (262, SHORT, 1, 1), (273, LONG, 1, at), (277, SHORT, 1, 1), (278, LONG, 1, height), (279, LONG, 1, size),
    ]  # fmt: skip
