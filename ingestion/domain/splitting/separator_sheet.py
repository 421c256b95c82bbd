"""Printable separator sheet: a PDF of one page with the tenant's code on it, written without any library.

It is created in the web process, which loads no PDF library; a page of black rectangles and four lines of text needs
none. The code is printed twice, so that a crease or a staple spoils one at most.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from ingestion.domain.splitting.code128 import code128_bars

SHEET_WIDTH, SHEET_HEIGHT = 595, 842  # A4 in points
_WIDEST, _MODULE = 470.0, 1.9  # of a code, and of its narrowest bar
_BAR_HEIGHT = 110
_CODE_BASELINES: Final = (620, 130)
_LINE_STYLES: Final = ((28, 470), (12, 436), (12, 416))  # size and height of each line


def separator_sheet_pdf(text: str, lines: Sequence[str]) -> bytes:
    """Return the sheet for one separator; `lines` explain its purpose, in the printer's fonts (Latin 1).

    Raises ValueError for a text that the code cannot represent.
    """
    drawn = "\n".join((*_barcodes(text), *_text_lines(lines), _line(9, 96, text))).encode("cp1252", "replace")
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    page = (
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {SHEET_WIDTH} {SHEET_HEIGHT}] /Contents 4 0 R"
        " /Resources << /Font << /F1 5 0 R >> >> >>"
    )
    return _file(
        (
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            page.encode(),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
            font,
        )
    )


def _barcodes(text: str) -> Iterator[str]:
    drawn = code128_bars(text)
    module = min(_MODULE, _WIDEST / (drawn[-1][0] + drawn[-1][1]))
    left = (SHEET_WIDTH - module * (drawn[-1][0] + drawn[-1][1])) / 2
    for foot in _CODE_BASELINES:
        for at, width in drawn:
            yield f"{left + at * module:.2f} {foot} {width * module:.2f} {_BAR_HEIGHT} re f"


def _text_lines(lines: Sequence[str]) -> Iterator[str]:
    for (size, height), line in zip(_LINE_STYLES, lines, strict=False):
        yield _line(size, height, line)


def _line(size: int, height: int, text: str) -> str:
    escaped = "".join(f"\\{sign}" if sign in "()\\" else sign for sign in text)
    return f"BT /F1 {size} Tf 62 {height} Td ({escaped}) Tj ET"


def _file(objects: Sequence[bytes]) -> bytes:
    """Assemble numbered objects into a file with its cross-reference table (ISO 32000-1, 7.5)."""
    written, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    tail = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, len(written))
    return written + b"xref\n0 %d\n0000000000 65535 f \n" % count + table + tail
