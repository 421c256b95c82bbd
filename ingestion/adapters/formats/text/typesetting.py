"""HTML set on sheets of A4 by MuPDF, as a PDF in memory: no archive and no folder is open to it to fetch from.

The words are taken down as they are set. Read back from a PDF, scripts whose letters join or change their order
come out as their glyphs.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pymupdf
from pymupdf import mupdf

from ingestion.adapters.formats.pdf.generated import PrintedPdf, PrintedWord
from ingestion.adapters.formats.text.html_sanitizer import flat, words_of
from ingestion.adapters.formats.text.printable import A4, MARGIN, NEW_PAGE, Typescript
from ingestion.adapters.formats.text.rtl_html import directed
from ingestion.adapters.sandbox.limits import ChildLimits
from ingestion.domain.errors import EmptyFile, TooLarge

PAGES_TO = ChildLimits().pages
_KEPT = 0.98  # of the letters
_LEAST = 24.0  # points that are left on a page: less, and the next part begins on a new one
_ONCE = re.compile(r"&amp;(?=[#A-Za-z])")
_NOTHING = "&amp;<span></span>"  # MuPDF resolves "&amp;lt;" twice, to "<": what stands between keeps it apart
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
class _Press:
    """Sheets on their way into a PDF, one at a time; `at` is how far the one in work is filled."""

    writer: "pymupdf.DocumentWriter"
    paper: "pymupdf.Rect"
    most: int
    device: Any = None
    at: float = 0.0
    text: "mupdf.FzStextPage | None" = None
    pages: list[tuple[PrintedWord, ...]] = field(default_factory=list)

    def room(self) -> "pymupdf.Rect":
        """Give what is free of the sheet in work; raises TooLarge."""
        bottom = self.paper.height - MARGIN[1]
        if self.device is not None and bottom - self.at < _LEAST:
            self.turn()
        if self.device is None:
            if len(self.pages) >= self.most:
                raise TooLarge(f"This document has more than {self.most} pages: split it.")
            self.device, self.at = self.writer.begin_page(self.paper), MARGIN[1]
            self.text = mupdf.FzStextPage(_rect(self.paper))
        return pymupdf.Rect(MARGIN[0], self.at, self.paper.width - MARGIN[0], bottom)

    def draw(self, story: "pymupdf.Story") -> None:
        """Print what was placed last, and take its words down."""
        sheet = _rect(self.paper)
        drawn = mupdf.fz_new_display_list(sheet)
        pen = mupdf.fz_new_list_device(drawn)
        mupdf.fz_draw_story(story.this, pen, mupdf.FzMatrix())
        mupdf.fz_close_device(pen)
        clerk = mupdf.fz_new_stext_device(self.text, mupdf.FzStextOptions())
        for device in (self.device.this, clerk):
            mupdf.fz_run_display_list(drawn, device, mupdf.FzMatrix(), sheet, mupdf.FzCookie())
        mupdf.fz_close_device(clerk)

    def turn(self) -> None:
        """Put the sheet in work away."""
        if self.device is not None:
            self.writer.end_page()
            self.pages.append(tuple(word[:5] for word in pymupdf.TextPage(self.text).extractWORDS()))
            self.device = None


def typeset(script: Typescript, most: int = PAGES_TO) -> PrintedPdf:
    """Give the PDF; raises EmptyFile where there is nothing to print, TooLarge above `most` pages.

    A row of a table that is longer than a page is cut off there: then all is printed anew, without tables.
    """
    parts: list[str] = []
    printed = _printed(_noted(script.parts, parts), script, most)
    if _letters(printed) < _KEPT * sum(len("".join(words_of(part).split())) for part in parts):
        printed = _printed(map(flat, parts), script, most)
    if not any(printed.pages) and not any("<img" in part for part in parts):
        raise EmptyFile("There is no text in this file.")
    return printed


def _noted(parts: Iterable[str], seen: list[str]) -> Iterator[str]:
    for part in parts:
        seen.append(part)
        yield part


def _printed(parts: Iterable[str], script: Typescript, most: int) -> PrintedPdf:
    stream = BytesIO()
    paper = pymupdf.Rect(0, 0, *(A4[::-1] if script.wide else A4))
    press = _Press(pymupdf.DocumentWriter(stream), paper, most)
    for part in parts:
        if part == NEW_PAGE:
            press.turn()
        else:
            _set(part, script.size, press)
    press.turn()
    if not press.pages:
        raise EmptyFile("There is no text in this file.")
    press.writer.close()
    return PrintedPdf(stream.getvalue(), tuple(press.pages))


def _letters(printed: PrintedPdf) -> int:
    return sum(len(word[4]) for page in printed.pages for word in page)


def _set(part: str, size: float, press: _Press) -> None:
    written = _ONCE.sub(_NOTHING, directed(part))
    story = pymupdf.Story(f"<body>{written}</body>", user_css=_CSS, em=size)
    more = True
    while more:
        room = press.room()
        fresh = room.y0 == MARGIN[1]
        more, filled = story.place(room)
        press.draw(story)
        press.at = max(room.y0, float(filled[3]))
        if more and fresh and press.at <= room.y0:
            return  # it fits on no sheet: what is missing is found out at the end
        if more:
            press.turn()


def _rect(paper: "pymupdf.Rect") -> "mupdf.FzRect":
    return mupdf.FzRect(paper.x0, paper.y0, paper.x1, paper.y1)
