"""A writer of PDF that takes every object as it is told, however wrong."""

import zlib
from collections.abc import Mapping

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
TEXT = b"BT /F1 18 Tf 72 700 Td (Invoice 4711 of Hansen Tools) Tj ET"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
CATALOG, PAGES, PAGE, CONTENT, FONT_AT, FREE = 1, 2, 3, 4, 5, 10
"""Numbers of the objects of `one_page`; from FREE on they are the caller's."""


def pdf(objects: Mapping[int, bytes], *, trailer: bytes = b"/Root 1 0 R", header: bytes = HEADER) -> bytes:
    """Write objects with a true cross-reference table."""
    written, places = bytearray(header), {}
    for number, body in sorted(objects.items()):
        places[number] = len(written)
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table, size = len(written), max(objects) + 1
    written += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        place = places.get(number)
        written += b"%010d 00000 n \n" % place if place is not None else b"0000000000 00000 f \n"
    written += b"trailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, table)
    return bytes(written)


def stream(data: bytes, entries: bytes = b"", *, length: bytes = b"") -> bytes:
    """Give a stream; `length` is what it claims, its true length by default."""
    return b"<< %s /Length %s >>\nstream\n%s\nendstream" % (entries, length or b"%d" % len(data), data)


def flate(data: bytes, entries: bytes = b"") -> bytes:
    """Give a stream, compressed."""
    return stream(zlib.compress(data, 9), b"/Filter /FlateDecode " + entries)


def one_page(
    content: bytes = TEXT,
    *,
    page: bytes = b"/MediaBox [0 0 595 842]",
    resources: bytes = b"",
    catalog: bytes = b"",
    more: Mapping[int, bytes] | None = None,
) -> bytes:
    """Write a document of one page; `content` is a content stream's text, or a whole stream object."""
    return pdf(page_objects(content, page=page, resources=resources, catalog=catalog) | dict(more or {}))


def page_objects(
    content: bytes = TEXT,
    *,
    page: bytes = b"/MediaBox [0 0 595 842]",
    resources: bytes = b"",
    catalog: bytes = b"",
) -> dict[int, bytes]:
    """Give the objects of `one_page`, to be changed."""
    body = content if content.endswith(b"endstream") else stream(content)
    return {
        CATALOG: b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog,
        PAGES: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        PAGE: b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> %s >> %s >>"
        % (resources, page),
        CONTENT: body,
        FONT_AT: FONT,
    }


def repeated(chunk: bytes, times: int) -> bytes:
    """Give zlib data of `chunk` over and over, made without ever holding what it unpacks to."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = packer.compress(chunk) + packer.flush(zlib.Z_FULL_FLUSH)
    check = 1
    for _ in range(times):
        check = zlib.adler32(chunk, check)
    return b"\x78\xda" + block * times + b"\x03\x00" + check.to_bytes(4)
