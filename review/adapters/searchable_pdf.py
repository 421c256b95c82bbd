"""A searchable PDF: each page's picture with its words behind it, as invisible text where they stand."""

from io import BytesIO

import pymupdf
from PIL import Image

from review.domain.exporting import ExportedPage, ExportedWord, ExportFacts

POINTS_WIDE = 595.0  # pages come as pixels; A4's width is the scale, the proportions are the page's own
INVISIBLE = 3  # text render mode 3 of ISO 32000-1, 9.3.6
FONT = "helv"
WIDER = (("japan", "euc_jis_2004"), ("korea", "cp949"), ("china-s", "gbk"), ("china-t", "big5"))
"""Fonts whose letters every reader of PDF knows by number, with encodings that tell which: none is embedded."""
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
        _write(sheet, word, page.lie)


def _embeddable(image: bytes) -> bytes:
    """Give a picture as PDF can hold it: born-digital pages are kept as WebP, which it does not know."""
    if not image.startswith(WEBP):
        return image
    made = BytesIO()
    with Image.open(BytesIO(image)) as picture:
        picture.save(made, "PNG", compress_level=1)  # PDF packs it again
    return made.getvalue()


def _write(sheet: "pymupdf.Page", word: ExportedWord, lie: int) -> None:
    """Set the word as long as its box, so that a selection covers what is seen, along the lines of its page."""
    place = pymupdf.Rect(*word.bbox.as_list()) * pymupdf.Matrix(sheet.rect.width, sheet.rect.height)
    long, high = (place.height, place.width) if lie % 2 else (place.width, place.height)
    font = _font(word.text)
    natural = pymupdf.get_text_length(word.text, fontname=font, fontsize=1)
    if not natural or not long:
        return
    size = max(1.0, min(long / natural, 4 * high))
    sheet.insert_text(
        _foot(place, lie), word.text + " ", fontname=font, fontsize=size, render_mode=INVISIBLE, rotate=90 * lie
    )


def _foot(place: "pymupdf.Rect", lie: int) -> "pymupdf.Point":
    """Give where the line that the letters stand on begins."""
    across, down = 0.2 * place.width, 0.2 * place.height
    return (
        pymupdf.Point(place.x0, place.y1 - down),
        pymupdf.Point(place.x1 - across, place.y1),
        pymupdf.Point(place.x1, place.y0 + down),
        pymupdf.Point(place.x0 + across, place.y0),
    )[lie]


def _font(text: str) -> str:
    """Give a font whose letters can be found again; Hebrew, Arabic and others have none that is everywhere."""
    return next((font for font, encoding in ((FONT, "latin-1"), *WIDER) if _has(encoding, text)), FONT)


def _has(encoding: str, text: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeError:
        return False
    return True
