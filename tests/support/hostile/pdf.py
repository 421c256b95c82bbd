"""PDF writer that writes every object unchanged, however invalid."""

import zlib
from collections.abc import Mapping

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
TEXT_CONTENT = b"BT /F1 18 Tf 72 700 Td (Invoice 4711 of Hansen Tools) Tj ET"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
CATALOG_OBJECT, PAGE_TREE_OBJECT, PAGE_OBJECT, CONTENT_OBJECT, FONT_OBJECT, FIRST_FREE_OBJECT = 1, 2, 3, 4, 5, 10
"""Object numbers of `one_page`; numbers from FREE on are available to the caller."""


def pdf(objects: Mapping[int, bytes], *, trailer: bytes = b"/Root 1 0 R", header: bytes = HEADER) -> bytes:
    """Build a PDF of the objects, with a correct cross-reference table."""
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
    """Return a stream object; `length` is the declared length, the real one by default."""
    return b"<< %s /Length %s >>\nstream\n%s\nendstream" % (entries, length or b"%d" % len(data), data)


def flate(data: bytes, entries: bytes = b"") -> bytes:
    """Return a Flate-compressed stream object."""
    return stream(zlib.compress(data, 9), b"/Filter /FlateDecode " + entries)


def one_page(
    content: bytes = TEXT_CONTENT,
    *,
    page: bytes = b"/MediaBox [0 0 595 842]",
    resources: bytes = b"",
    catalog: bytes = b"",
    more: Mapping[int, bytes] | None = None,
) -> bytes:
    """Build a one-page PDF; `content` is the text of a content stream, or a whole stream object."""
    return pdf(page_objects(content, page=page, resources=resources, catalog=catalog) | dict(more or {}))


def page_objects(
    content: bytes = TEXT_CONTENT,
    *,
    page: bytes = b"/MediaBox [0 0 595 842]",
    resources: bytes = b"",
    catalog: bytes = b"",
) -> dict[int, bytes]:
    """Return the objects of `one_page`, so that the caller can change them."""
    body = content if content.endswith(b"endstream") else stream(content)
    return {
        CATALOG_OBJECT: b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog,
        PAGE_TREE_OBJECT: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        PAGE_OBJECT: b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> %s >> %s >>"
        % (resources, page),
        CONTENT_OBJECT: body,
        FONT_OBJECT: FONT,
    }


def repeated(chunk: bytes, times: int) -> bytes:
    """Return zlib data of `chunk` repeated `times` times, without holding the uncompressed data in memory."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = packer.compress(chunk) + packer.flush(zlib.Z_FULL_FLUSH)
    check = 1
    for _ in range(times):
        check = zlib.adler32(chunk, check)
    return b"\x78\xda" + block * times + b"\x03\x00" + check.to_bytes(4)
