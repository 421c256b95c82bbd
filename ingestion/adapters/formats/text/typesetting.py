"""Typesetting of HTML on A4 pages by MuPDF, as a PDF in memory: it has no archive or folder to fetch from.

The words are recorded while they are set. Extracted from a PDF, scripts whose letters join or change their order
would come out as their glyphs.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pymupdf
from pymupdf import mupdf

from ingestion.adapters.formats.pdf.generated import TypesetPdf, TypesetWord
from ingestion.adapters.formats.text.html_sanitizer import flatten_tables, html_text
from ingestion.adapters.formats.text.printable import A4, MARGIN, NEW_PAGE, HtmlDocument
from ingestion.adapters.formats.text.rtl_html import with_directions
from ingestion.adapters.sandbox.limits import SandboxLimits
from ingestion.domain.errors import EmptyFile, TooLarge

MAX_TYPESET_PAGES = SandboxLimits().max_pages
_MIN_KEPT = 0.98  # of the letters
_MIN_SPACE = 24.0  # points left on a page: with less, the next part begins on a new one
_ONCE = re.compile(r"&amp;(?=[#A-Za-z])")
_NOTHING = "&amp;<span></span>"  # MuPDF resolves "&amp;lt;" twice, to "<": the element keeps it apart
_CSS = """
body { font-family: sans-serif; line-height: 1.3; }
h1 { font-size: 1.7em; margin: 0.4em 0; } h2 { font-size: 1.4em; margin: 0.6em 0 0.4em; }
h3 { font-size: 1.2em; margin: 0.6em 0 0.4em; } h4, h5, h6 { font-size: 1em; margin: 0.6em 0 0.4em; }
p { margin: 0.4em 0; }
p, div, li, h1, h2, h3, h4, h5, h6, table.fixed td, table.fixed th { overflow-wrap: break-word; }
td p, th p, td div, th div, td li, th li { overflow-wrap: normal; }
ul, ol { margin: 0.4em 0; padding-left: 2em; } blockquote { margin: 0.4em 1.5em; }
pre, .kept { white-space: pre-wrap; overflow-wrap: break-word; margin: 0.4em 0; }
pre, code, kbd, samp, tt, .columns { font-family: monospace; font-size: 0.9em; line-height: 1.2; }
table { border-collapse: collapse; margin: 0.4em 0; }
td, th { padding: 2pt 4pt; text-align: left; vertical-align: top; }
table.ruled td, table.ruled th { border: 0.6pt solid #888888; } th { font-weight: bold; }
table.head th { padding-right: 16pt; }
a { color: #000000; text-decoration: none; } mark { background-color: #ffffff; }
"""


@dataclass(slots=True)
class _PageWriter:
    """Writer of pages into a PDF, one at a time; `at` is how far the current page is filled."""

    writer: "pymupdf.DocumentWriter"
    paper: "pymupdf.Rect"
    max_pages: int
    device: Any = None
    at: float = 0.0
    text: "mupdf.FzStextPage | None" = None
    pages: list[tuple[TypesetWord, ...]] = field(default_factory=list)

    def free_area(self) -> "pymupdf.Rect":
        """Return the free area of the current page; raises TooLarge."""
        bottom = self.paper.height - MARGIN[1]
        if self.device is not None and bottom - self.at < _MIN_SPACE:
            self.finish_page()
        if self.device is None:
            if len(self.pages) >= self.max_pages:
                raise TooLarge(f"This document has more than {self.max_pages} pages: split it.")
            self.device, self.at = self.writer.begin_page(self.paper), MARGIN[1]
            self.text = mupdf.FzStextPage(_rect(self.paper))
        return pymupdf.Rect(MARGIN[0], self.at, self.paper.width - MARGIN[0], bottom)

    def draw(self, story: "pymupdf.Story") -> None:
        """Print the content that was placed last, and record its words."""
        sheet = _rect(self.paper)
        drawn = mupdf.fz_new_display_list(sheet)
        pen = mupdf.fz_new_list_device(drawn)
        mupdf.fz_draw_story(story.this, pen, mupdf.FzMatrix())
        mupdf.fz_close_device(pen)
        clerk = mupdf.fz_new_stext_device(self.text, mupdf.FzStextOptions())
        for device in (self.device.this, clerk):
            mupdf.fz_run_display_list(drawn, device, mupdf.FzMatrix(), sheet, mupdf.FzCookie())
        mupdf.fz_close_device(clerk)

    def finish_page(self) -> None:
        """Finish the current page."""
        if self.device is not None:
            self.writer.end_page()
            self.pages.append(tuple(word[:5] for word in pymupdf.TextPage(self.text).extractWORDS()))
            self.device = None


def typeset(document: HtmlDocument, max_pages: int = MAX_TYPESET_PAGES) -> TypesetPdf:
    """Return the PDF; raises EmptyFile if there is nothing to print, TooLarge above `max_pages` pages.

    MuPDF cuts off a table row that is longer than a page: in that case everything is printed again, without tables.
    """
    parts: list[str] = []
    printed = _typeset_parts(_recorded(document.parts, parts), document, max_pages)
    if _letters(printed) < _MIN_KEPT * sum(len("".join(html_text(part).split())) for part in parts):
        printed = _typeset_parts(map(flatten_tables, parts), document, max_pages)
    if not any(printed.pages) and not any("<img" in part for part in parts):
        raise EmptyFile("There is no text in this file.")
    return printed


def _recorded(parts: Iterable[str], seen: list[str]) -> Iterator[str]:
    for part in parts:
        seen.append(part)
        yield part


def _typeset_parts(parts: Iterable[str], document: HtmlDocument, max_pages: int) -> TypesetPdf:
    stream = BytesIO()
    paper = pymupdf.Rect(0, 0, *(A4[::-1] if document.wide else A4))
    page_writer = _PageWriter(pymupdf.DocumentWriter(stream), paper, max_pages)
    for part in parts:
        if part == NEW_PAGE:
            page_writer.finish_page()
        else:
            _typeset_part(part, document.size, page_writer)
    page_writer.finish_page()
    if not page_writer.pages:
        raise EmptyFile("There is no text in this file.")
    page_writer.writer.close()
    return TypesetPdf(stream.getvalue(), tuple(page_writer.pages))


def _letters(printed: TypesetPdf) -> int:
    return sum(len(word[4]) for page in printed.pages for word in page)


def _typeset_part(part: str, size: float, page_writer: _PageWriter) -> None:
    written = _ONCE.sub(_NOTHING, with_directions(part))
    story = pymupdf.Story(f"<body>{written}</body>", user_css=_CSS, em=size)
    more = True
    while more:
        room = page_writer.free_area()
        fresh = room.y0 == MARGIN[1]
        more, filled = story.place(room)
        page_writer.draw(story)
        page_writer.at = max(room.y0, float(filled[3]))
        if more and fresh and page_writer.at <= room.y0:
            return  # it fits on no page: the missing text is detected at the end
        if more:
            page_writer.finish_page()


def _rect(paper: "pymupdf.Rect") -> "mupdf.FzRect":
    return mupdf.FzRect(paper.x0, paper.y0, paper.x1, paper.y1)
