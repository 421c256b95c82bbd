"""PDF by MuPDF: pages rendered, text layers with boxes on the page as it is shown."""

import contextlib
from collections import Counter
from collections.abc import Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
import pymupdf

from ingestion.adapters.formats.page_source import DPI_TO, PIXELS_TO, Image, NativeWord, Sheet, TextLayer
from ingestion.adapters.formats.pdf.coordinates import ShownPaper
from ingestion.adapters.formats.pdf.graphics import Drawn, bold_spans, is_bold
from ingestion.domain.errors import CorruptFile, EmptyFile, NeedsPassword, TooLarge, WrongPassword
from ingestion.domain.formats.attachments import is_e_invoice
from ingestion.domain.page.marks import NO_MARKS
from ingestion.domain.page.notes import Note
from ingestion.domain.page.symbols import as_dingbats, with_signs

_POINTS = 72
_NATIVE_DPI = 200
_SCAN_DPI_FROM = 100
_FULL_PAGE = 0.75
_INVISIBLE = 3
_DINGBATS = "dingbats"  # in the name of a font
_ONE_WAY = 0.7  # of a page's characters
_PINNED_FILE = 17  # pymupdf's number for a note that holds a file
_SIGNED_FLAGS = 3  # ISO 32000-1, 12.7.2: signatures exist, and the file may only be appended to
_PAGE_POINTS_TO = 14_400 * 3  # three times what ISO 32000-1 calls the largest page
_FLAGS = pymupdf.TEXT_MEDIABOX_CLIP | pymupdf.TEXT_CID_FOR_UNKNOWN_UNICODE | pymupdf.TEXT_PRESERVE_WHITESPACE

pymupdf.TOOLS.mupdf_display_errors(False)
pymupdf.TOOLS.mupdf_display_warnings(False)
pymupdf.TOOLS.store_shrink(100)


class PdfSource:
    """An open PDF; `made` says that it was drawn here, `notes` what is to be told of it."""

    made = False
    notes: tuple[str, ...] = ()

    def __init__(self, path: Path, password: str | None = None, *, made: bool = False) -> None:
        """Open and unlock it; raises CorruptFile, EmptyFile, NeedsPassword or WrongPassword."""
        try:
            self._document: pymupdf.Document = pymupdf.open(str(path), filetype="pdf")
        except pymupdf.EmptyFileError as empty:
            raise EmptyFile("The file is empty.") from empty
        except (RuntimeError, ValueError) as broken:
            raise CorruptFile("This PDF is damaged beyond repair.") from broken
        locked = self._unlock(password)
        self.attachments = _attached(self._document)
        self.made, self.notes = made, () if made else _notes(self._document, locked=locked)
        if not self.total:
            raise EmptyFile("This PDF has no page.")

    def _unlock(self, password: str | None) -> bool:
        """Say whether there was a lock. Asked for once: MuPDF asks by trying no password, which locks again."""
        if not self._document.needs_pass:
            return False
        if password is None:
            raise NeedsPassword("This PDF is encrypted: its password is needed.")
        if not self._document.authenticate(password):
            raise WrongPassword("The password does not open this PDF.")
        return True

    @property
    def total(self) -> int:
        """Count the pages; raises CorruptFile when the page tree cannot be walked."""
        try:
            return int(self._document.page_count)
        except (RuntimeError, ValueError) as broken:
            raise CorruptFile("This PDF's page tree is damaged.") from broken

    def turn(self, number: int, quarters: int) -> None:
        """Have a page shown turned, text layer and all; one that is damaged says so when it is asked for."""
        if not 1 <= number <= self.total:
            return
        with contextlib.suppress(Exception):  # MuPDF raises what it likes, and the other pages are whole
            page = self._document.load_page(number - 1)
            page.set_rotation((page.rotation + 90 * quarters) % 360)

    def sheet(self, number: int) -> Sheet:
        """Render a page and take its text layer; raises CorruptFile or TooLarge."""
        try:
            page = self._document.load_page(number - 1)
            self.attachments += sum(note[1] == _PINNED_FILE for note in page.annot_xrefs())
            self._check_size(page.rect)
            pictures = page.get_image_info()
            scan_dpi = _scan_resolution(page, pictures)
            dpi = min(max(scan_dpi, _SCAN_DPI_FROM), DPI_TO) if scan_dpi else _NATIVE_DPI
            image = _render(page, _fitting(page.rect, dpi))
            layer = self._layer(page)
            marks = NO_MARKS if scan_dpi else Drawn(page, pictures, layer.words if layer else ()).marks()
        except (RuntimeError, ValueError, IndexError) as broken:
            raise CorruptFile("This page is damaged.") from broken
        finally:
            pymupdf.TOOLS.store_shrink(100)
        return Sheet(
            number, image, scan_dpi or float(_NATIVE_DPI), layer, scanned=scan_dpi > 0, marks=marks,
            made=self.made, notes=self.notes if number == 1 else (),
        )  # fmt: skip

    def _layer(self, page: pymupdf.Page) -> TextLayer | None:
        return _text_layer(page)

    def _check_size(self, rect: pymupdf.Rect) -> None:
        if rect.is_empty or rect.is_infinite:
            raise CorruptFile("This page has no area.")
        if max(rect.width, rect.height) > _PAGE_POINTS_TO:
            raise TooLarge("This page is larger than any paper.")


class MadeSource(PdfSource):
    """A PDF that a library made here, in memory, of a file of another kind."""

    def __init__(self, content: bytes, notes: tuple[str, ...] = ()) -> None:
        """Take the PDF."""
        self._document = pymupdf.open(stream=content, filetype="pdf")
        self.attachments = 0
        self.made, self.notes = True, notes


def _notes(document: "pymupdf.Document", *, locked: bool) -> tuple[str, ...]:
    """Give what a PDF has that its pages do not show."""
    try:
        catalog = document.pdf_catalog()
        found = {
            Note.XFA_FORM: document.xref_get_key(catalog, "AcroForm/XFA")[0] != "null",
            Note.SIGNED: document.get_sigflags() == _SIGNED_FLAGS,
            Note.PORTFOLIO: document.xref_get_key(catalog, "Collection")[0] != "null",
            Note.WAS_LOCKED: locked,
            Note.REPAIRED: document.is_repaired,
        }
    except (RuntimeError, ValueError, TypeError):
        return ()
    return tuple(note.value for note, there in found.items() if there)


def _attached(document: pymupdf.Document) -> int:
    """Count the files in the document's own list, without the data of an e-invoice."""
    try:
        return sum(not is_e_invoice(name) for name in document.embfile_names())
    except (RuntimeError, ValueError, TypeError, KeyError):
        return 0


def _fitting(rect: pymupdf.Rect, dpi: float) -> float:
    """Give the resolution at which the page stays within the pixels allowed."""
    pixels = rect.width * rect.height * (dpi / _POINTS) ** 2
    return float(dpi * min(1.0, (PIXELS_TO / pixels) ** 0.5))


def _render(page: pymupdf.Page, dpi: float) -> Image:
    scale = dpi / _POINTS
    pixmap = page.get_pixmap(matrix=pymupdf.Matrix(scale, scale), colorspace=pymupdf.csRGB, alpha=False)
    return np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width, 3)


def _scan_resolution(page: pymupdf.Page, pictures: Sequence[Mapping[str, Any]]) -> float:
    """Give the resolution of the picture that fills the page, 0 when there is none."""
    area = page.rect.width * page.rect.height
    best = 0.0
    for picture in pictures:
        box = pymupdf.Rect(picture["bbox"]) & page.rect
        if box.is_empty or box.width * box.height < _FULL_PAGE * area:
            continue
        across = picture["width"] * _POINTS / pymupdf.Rect(picture["bbox"]).width
        down = picture["height"] * _POINTS / pymupdf.Rect(picture["bbox"]).height
        best = max(best, (across * down) ** 0.5)
    return best


def _text_layer(page: pymupdf.Page) -> TextLayer | None:
    found = page.get_text("words", flags=_FLAGS, sort=False)
    if not found:
        return None
    trace = page.get_texttrace()
    hidden, unseen = _invisible(trace)
    bold, paper = bold_spans(trace), ShownPaper.of(page)
    dingbats = [pymupdf.Rect(span["bbox"]) for span in trace if _DINGBATS in span["font"].casefold()]
    words, off = [], 0
    for x0, y0, x1, y1, text, *_ in found:
        if any(area.contains(((x0 + x1) / 2, (y0 + y1) / 2)) for area in unseen):
            continue
        shown = paper.box((x0, y0, x1, y1))
        if shown is None:
            off += 1
        elif text.strip():
            if any(area.contains(((x0 + x1) / 2, (y0 + y1) / 2)) for area in dingbats):
                text = as_dingbats(text)  # noqa: PLW2901 - the word as it is printed
            words.append(NativeWord(with_signs(text), shown, is_bold((x0, y0, x1, y1), bold)))
    return TextLayer(tuple(words), hidden, off / len(found), _turn(trace, paper))


def _turn(trace: Sequence[Mapping[str, Any]], paper: ShownPaper) -> int:
    """Give the turn that nearly all characters need to stand upright; 0 where they disagree."""
    ways: Counter[int] = Counter()
    for span in trace:
        ways[0 if span["wmode"] else paper.way(span["dir"])] += len(span["chars"])
    way, count = max(ways.items(), key=itemgetter(1), default=(0, 0))
    return way if count > _ONE_WAY * ways.total() else 0


def _invisible(trace: Sequence[Mapping[str, Any]]) -> tuple[float, list[pymupdf.Rect]]:
    """Give the share of characters drawn without paint, and where they stand unless they are the most."""
    total = hidden = 0
    areas = []
    for span in trace:
        count = len(span["chars"])
        total += count
        if span["type"] == _INVISIBLE or span.get("opacity", 1) == 0:
            hidden += count
            areas.append(pymupdf.Rect(span["bbox"]))
    share = hidden / total if total else 0.0
    return share, areas if share < 0.5 else []
