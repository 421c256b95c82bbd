"""Tiny generated files of the kinds that a reader must handle."""

import io
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pymupdf
from PIL import Image, ImageDraw, ImageFont

A4 = (595, 842)
_AES_256 = 5  # PDF_ENCRYPT_AES_256 of MuPDF
LINES = ("Invoice 4711 of Hansen Tools", "Net amount 1284.50", "Payable before December")


def native_pdf(path: Path, *, pages: int = 1, lines: tuple[str, ...] = LINES, rotation: int = 0) -> Path:
    """Write a PDF with a native text layer."""
    document = pymupdf.open()
    for _ in range(pages):
        page = document.new_page(width=A4[0], height=A4[1])
        for row, line in enumerate(lines):
            page.insert_text((72, 100 + 24 * row), line, fontsize=12)
        page.set_rotation(rotation)
    document.save(path)
    return path


def text_image(
    lines: tuple[str, ...] = LINES, *, size: tuple[int, int] = (520, 160), height: int = 24, turn: float = 0.0
) -> Image.Image:
    """Draw text on white paper; `turn` is clockwise, in degrees."""
    paper = Image.new("RGB", size, "white")
    pen, font = ImageDraw.Draw(paper), ImageFont.load_default(height)
    for row, line in enumerate(lines):
        pen.text((20, 16 + row * height * 1.7), line, fill="black", font=font)
    return paper.rotate(-turn, expand=False, fillcolor="white", resample=Image.Resampling.BICUBIC)


def scanned_pdf(path: Path, image: Image.Image, *, hidden_text: str = "") -> Path:
    """Write a PDF whose page is one image, with invisible text under it."""
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    document = pymupdf.open()
    page = document.new_page(width=image.width / 2, height=image.height / 2)
    page.insert_image(page.rect, stream=buffer.getvalue())
    if hidden_text:
        page.insert_text((20, 20), hidden_text, fontsize=10, render_mode=3)
    document.save(path)
    return path


def encrypted_pdf(path: Path, *, user: str = "", owner: str = "owner") -> Path:
    """Write an encrypted PDF."""
    document = pymupdf.open()
    document.new_page().insert_text((72, 100), LINES[0])
    document.save(path, encryption=_AES_256, user_pw=user, owner_pw=owner)
    return path


def pdf_with_garbled_text_layer(path: Path, *, shift: int) -> Path:
    """Write a PDF that prints correctly but whose text layer shifts each character by `shift` code points."""
    return pdf_with_font_map(path, LINES, {chr(code): chr(code + shift) for code in range(0x21, 0x7F)})


def pdf_with_font_map(
    path: Path, lines: tuple[str, ...], wrong: Mapping[str, str], *, rotation: int = 0, pages: int = 1
) -> Path:
    """Write a PDF whose font maps the characters in `wrong` to others: it shows the lines, its text layer differs."""
    document = pymupdf.open()
    for _ in range(pages):
        page = document.new_page(width=A4[0], height=A4[1])
        for row, line in enumerate(lines):
            page.insert_text((72, 100 + 24 * row), line, fontsize=12)
        page.set_rotation(rotation)
    font = document[0].get_fonts()[0][0]
    stream = document.get_new_xref()
    document.update_object(stream, "<<>>")
    document.update_stream(stream, _to_unicode(wrong).encode())
    document.xref_set_key(font, "ToUnicode", f"{stream} 0 R")
    document.save(path)
    return path


def _to_unicode(wrong: Mapping[str, str]) -> str:
    """Return a map of one-byte characters to Unicode."""
    codes = range(0x21, 0x7F)
    pairs = "".join(f"<{code:02x}> <{ord(wrong.get(chr(code), chr(code))):04x}>\n" for code in codes)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "1 begincodespacerange <00> <ff> endcodespacerange\n"
        f"{len(codes)} beginbfchar\n{pairs}endbfchar endcmap end end"
    )


def pdf_with_picture(
    path: Path,
    picture: Image.Image,
    place: tuple[float, float, float, float],
    *,
    lines: tuple[str, ...] = LINES,
    below: bool = False,
) -> Path:
    """Write an A4 page with a native text layer and a picture at `place`, in points; `below` its text."""
    document = pymupdf.open()
    page = document.new_page(width=A4[0], height=A4[1])
    for row, line in enumerate(lines):
        page.insert_text((72, 60 + 24 * row), line, fontsize=12)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    page.insert_image(pymupdf.Rect(place), stream=buffer.getvalue(), overlay=not below)
    document.save(path)
    return path


def pdf_of_html(path: Path, html: str) -> Path:
    """Write a native page of any script: MuPDF has fonts for most."""
    document = pymupdf.open()
    document.new_page(width=A4[0], height=A4[1]).insert_htmlbox(pymupdf.Rect(60, 60, 535, 780), html)
    document.save(path)
    return path


def tiff_of_16_bits(path: Path, levels: npt.NDArray[np.uint16], *, order: str, photometric: int) -> Path:
    """Write an uncompressed grey TIFF; `order` is "<" (little-endian) or ">", `photometric` 0 if zero is white."""
    height, width = levels.shape
    content = levels.astype(f"{order}u2").tobytes()
    entries = {256: width, 257: height, 258: 16, 259: 1, 262: photometric, 273: 0, 277: 1, 278: height}
    entries |= {273: 8 + 2 + 12 * (len(entries) + 1) + 4, 279: len(content)}
    long = {273, 279}
    table = b"".join(
        struct.pack(f"{order}HHI", tag, 4 if tag in long else 3, 1)
        + (struct.pack(f"{order}I", value) if tag in long else struct.pack(f"{order}HH", value, 0))
        for tag, value in sorted(entries.items())
    )
    head = (b"II" if order == "<" else b"MM") + struct.pack(f"{order}HIH", 42, 8, len(entries))
    path.write_bytes(head + table + struct.pack(f"{order}I", 0) + content)
    return path


def png_with_false_size(path: Path, width: int, height: int) -> Path:
    """Write a PNG whose header declares a larger size than its data."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(b"\0" * 99)) + _chunk(b"IEND", b"")
    )
    return path


def png_of_zeros(path: Path, side: int) -> Path:
    """Write a small PNG that decodes to side x side RGB pixels."""
    packer = zlib.compressobj(1)
    row = b"\0" * (1 + 3 * side)
    data = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", data) + _chunk(b"IEND", b""))
    return path


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
