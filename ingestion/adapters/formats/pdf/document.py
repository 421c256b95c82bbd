"""PDF files by MuPDF: pages rendered, text layers with boxes on the page as displayed."""

import contextlib
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pymupdf

from ingestion.adapters.formats.page_source import MAX_DPI, MAX_PIXELS, Image, SourcePage, TextLayer
from ingestion.adapters.formats.pdf.coordinates import unrotated_size
from ingestion.adapters.formats.pdf.graphics import PdfGraphics
from ingestion.adapters.formats.pdf.large_pages import POINTS, cut_to_print, render_part, user_unit
from ingestion.adapters.formats.pdf.print_pictures import NO_PICTURES, find_print_pictures
from ingestion.adapters.formats.pdf.text_layer import read_text_layer
from ingestion.domain.errors import CorruptFile, EmptyFile, NeedsPassword, TooLarge, WrongPassword
from ingestion.domain.formats.attachments import is_e_invoice
from ingestion.domain.page.glyph_evidence import GlyphEvidence
from ingestion.domain.page.marks import NO_MARKS
from ingestion.domain.page.notes import Note
from refinery.core.types import BoundingBox

_NATIVE_DPI = 200
_SCAN_DPI_FROM = 100
_FULL_PAGE = 0.75
_PINNED_FILE = 17  # pymupdf's number for an annotation with a file
_SIGNED_FLAGS = 3  # ISO 32000-1, 12.7.2: signatures exist, and the file may only be appended to
_PAGE_POINTS_TO = 14_400 * 3  # three times the largest page of ISO 32000-1

pymupdf.TOOLS.mupdf_display_errors(False)
pymupdf.TOOLS.mupdf_display_warnings(False)
pymupdf.TOOLS.store_shrink(100)


class PdfSource:
    """Open PDF; `generated` if it was rendered here, `notes` are shown to people."""

    generated = False
    notes: tuple[str, ...] = ()

    def __init__(self, path: Path, password: str | None = None, *, generated: bool = False) -> None:
        """Open and decrypt it; raises CorruptFile, EmptyFile, NeedsPassword or WrongPassword."""
        try:
            self._document: pymupdf.Document = pymupdf.open(str(path), filetype="pdf")
        except pymupdf.EmptyFileError as empty:
            raise EmptyFile("The file is empty.") from empty
        except (RuntimeError, ValueError) as broken:
            raise CorruptFile("This PDF is damaged beyond repair.") from broken
        locked = self._unlock(password)
        self._evidence = GlyphEvidence()
        self.attachments = _attachment_count(self._document)
        self.generated, self.notes = generated, () if generated else _notes(self._document, locked=locked)
        if not self.page_count:
            raise EmptyFile("This PDF has no page.")

    def _unlock(self, password: str | None) -> bool:
        """Return whether it was encrypted. Call it once: MuPDF checks by trying no password, which locks it again."""
        if not self._document.needs_pass:
            return False
        if password is None:
            raise NeedsPassword("This PDF is encrypted: its password is needed.")
        if not self._document.authenticate(password):
            raise WrongPassword("The password does not open this PDF.")
        return True

    @property
    def page_count(self) -> int:
        """Number of pages; raises CorruptFile if the page tree cannot be read."""
        try:
            return int(self._document.page_count)
        except (RuntimeError, ValueError) as broken:
            raise CorruptFile("This PDF's page tree is damaged.") from broken

    def rotate(self, number: int, quarters: int) -> None:
        """Rotate the display of a page with its text layer; a damaged one raises when it is rendered."""
        if not 1 <= number <= self.page_count:
            return
        with contextlib.suppress(Exception):  # MuPDF may raise anything, and the other pages are intact
            page = self._document.load_page(number - 1)
            page.set_rotation((page.rotation + 90 * quarters) % 360)

    def source_page(self, number: int) -> SourcePage:
        """Render a page and read its text layer; raises CorruptFile or TooLarge."""
        try:
            page = self._document.load_page(number - 1)
            self.attachments += sum(note[1] == _PINNED_FILE for note in page.annot_xrefs())
            self._check_size(page.rect, user_unit(page))
            cut = cut_to_print(page)
            page = self._document.load_page(number - 1) if cut else page
            pictures = page.get_image_info()
            scan_dpi = _scan_resolution(page, pictures)
            printed = NO_PICTURES if scan_dpi else find_print_pictures(page, pictures)
            dpi = max(scan_dpi, _SCAN_DPI_FROM) if scan_dpi else _NATIVE_DPI
            fitting = _fitting_dpi(page.rect, min(dpi, MAX_DPI))
            image = _render(page, fitting)
            layer = self._layer(page)
            marks = NO_MARKS if scan_dpi else PdfGraphics(page, pictures, layer.words if layer else ()).marks()
        except (RuntimeError, ValueError, IndexError) as broken:
            raise CorruptFile("This page is damaged.") from broken
        finally:
            pymupdf.TOOLS.store_shrink(100)
        return SourcePage(
            number,
            image,
            scan_dpi or float(_NATIVE_DPI),
            layer,
            scanned=scan_dpi > 0,
            marks=marks,
            generated=self.generated,
            notes=(*(self.notes if number == 1 else ()), *((Note.CUT_TO_PRINT.value,) if cut else ())),
            close_up=None if scan_dpi else partial(_close_up, page),
            pictures=printed.boxes,
            picture_dpi=min(printed.dpi, MAX_DPI),
            inches=max(page.rect.width, page.rect.height) / POINTS,
        )

    def _layer(self, page: pymupdf.Page) -> TextLayer | None:
        return read_text_layer(page, None if self.generated else self._evidence)

    def _check_size(self, rect: pymupdf.Rect, unit: float) -> None:
        if rect.is_empty or rect.is_infinite:
            raise CorruptFile("This page has no area.")
        if max(rect.width, rect.height) > _PAGE_POINTS_TO * unit:
            raise TooLarge("This page is larger than any paper.")


class GeneratedPdfSource(PdfSource):
    """PDF that a library rendered here, in memory, from a file of another kind."""

    def __init__(self, content: bytes, notes: tuple[str, ...] = ()) -> None:
        """Open the PDF."""
        self._document = pymupdf.open(stream=content, filetype="pdf")
        self.attachments = 0
        self.generated, self.notes = True, notes


def _notes(document: "pymupdf.Document", *, locked: bool) -> tuple[str, ...]:
    """Return notes on properties of a PDF that its pages do not show."""
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


def _attachment_count(document: pymupdf.Document) -> int:
    """Count the files in the document's list, without the data of an e-invoice."""
    try:
        return sum(not is_e_invoice(name) for name in document.embfile_names())
    except (RuntimeError, ValueError, TypeError, KeyError):
        return 0


def _fitting_dpi(rect: pymupdf.Rect, dpi: float) -> float:
    """Return the resolution at which the page stays within the allowed number of pixels."""
    pixels = max(rect.width * rect.height * (dpi / POINTS) ** 2, 1.0)
    return float(dpi * min(1.0, (MAX_PIXELS / pixels) ** 0.5))


def _render(page: pymupdf.Page, dpi: float) -> Image:
    scale = dpi / POINTS
    return _pixels(page.get_pixmap(matrix=pymupdf.Matrix(scale, scale), colorspace=pymupdf.csRGB, alpha=False))


def _close_up(page: pymupdf.Page, box: BoundingBox, dpi: float) -> Image:
    """Render a part of a page with another resolution."""
    area = pymupdf.Rect(0, 0, box.width * page.rect.width, box.height * page.rect.height)
    return _pixels(render_part(page, (box.x0, box.y0, box.x1, box.y1), _fitting_dpi(area, dpi)))


def _pixels(pixmap: pymupdf.Pixmap) -> Image:
    return np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width, 3)


def _scan_resolution(page: pymupdf.Page, pictures: Sequence[Mapping[str, Any]]) -> float:
    """Return the resolution of the picture that fills the page, 0 if there is none."""
    whole = pymupdf.Rect(0, 0, *unrotated_size(page))
    area = whole.width * whole.height
    best = 0.0
    for picture in pictures:
        box = pymupdf.Rect(picture["bbox"]) & whole
        if box.is_empty or box.width * box.height < _FULL_PAGE * area:
            continue
        across = picture["width"] * POINTS / pymupdf.Rect(picture["bbox"]).width
        down = picture["height"] * POINTS / pymupdf.Rect(picture["bbox"]).height
        best = max(best, (across * down) ** 0.5)
    return best
