"""A searchable PDF: each page's picture with its words behind it, as invisible text where they stand."""

from io import BytesIO

import pymupdf
from PIL import Image

from review.domain.exporting import ExportedPage, ExportedWord, ExportFacts

POINTS_WIDE = 595.0  # pages come as pixels; A4's width is the scale, the proportions are the page's own
INVISIBLE = 3  # text render mode 3 of ISO 32000-1, 9.3.6
FONT = "helv"
WEBP = b"RIFF"


class SearchablePdfMaker:
    """Makes a PDF from pictures and words, never from the foreign original."""

    def make(self, facts: ExportFacts) -> bytes:
        """Give the PDF's bytes; raises ValueError for a document without pages."""
        if not facts.pages:
            message = "there is no page to export"
            raise ValueError(message)
        with pymupdf.open() as pdf:
            for page in facts.pages:
                _add(pdf, page)
            pdf.set_metadata({"title": facts.filename, "producer": "Refinery"})
            content: bytes = pdf.tobytes(garbage=3, deflate=True)
        return content


def _add(pdf: "pymupdf.Document", page: ExportedPage) -> None:
    height = POINTS_WIDE * page.height / max(1, page.width)
    sheet = pdf.new_page(width=POINTS_WIDE, height=height)
    if page.image:
        sheet.insert_image(sheet.rect, stream=_embeddable(page.image))
    for word in page.words:
        _write(sheet, word, height)


def _embeddable(image: bytes) -> bytes:
    """Give a picture as PDF can hold it: born-digital pages are kept as WebP, which it does not know."""
    if not image.startswith(WEBP):
        return image
    made = BytesIO()
    with Image.open(BytesIO(image)) as picture:
        picture.save(made, "PNG", compress_level=1)  # PDF packs it again
    return made.getvalue()


def _write(sheet: "pymupdf.Page", word: ExportedWord, height: float) -> None:
    """Set the word as wide as its box, so that a selection covers what is seen."""
    wide = word.bbox.width * POINTS_WIDE
    natural = pymupdf.get_text_length(word.text, fontname=FONT, fontsize=1)
    if not natural or not wide:
        return
    size = max(1.0, min(wide / natural, 4 * word.bbox.height * height))
    foot = pymupdf.Point(word.bbox.x0 * POINTS_WIDE, (word.bbox.y1 - 0.2 * word.bbox.height) * height)
    sheet.insert_text(foot, word.text + " ", fontname=FONT, fontsize=size, render_mode=INVISIBLE)
