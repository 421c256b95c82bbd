"""Searchable PDF: each page's image with its words behind it, as invisible text at their positions."""

from io import BytesIO

import pymupdf
from PIL import Image

from ingestion.domain.exporting import ExportedPage, ExportedWord, ExportFacts

POINTS_WIDE = 595.0  # pages are in pixels; A4's width sets the scale, the proportions are those of the page
INVISIBLE = 3  # text render mode 3 of ISO 32000-1, 9.3.6
FONT = "helv"
CJK_FONTS = (("japan", "euc_jis_2004"), ("korea", "cp949"), ("china-s", "gbk"), ("china-t", "big5"))
"""Fonts whose glyphs every PDF reader knows by number, with the encodings that select them: none is embedded."""
WEBP = b"RIFF"


class SearchablePdfExporter:
    """Exporter of a PDF from images and words, never from the untrusted original."""

    def make(self, facts: ExportFacts) -> bytes:
        """Return the PDF's bytes; raises ValueError for a document without pages."""
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
        _write(sheet, word, page.quarter_turns)


def _embeddable(image: bytes) -> bytes:
    """Return an image in a format that PDF supports: born-digital pages are stored as WebP, which it does not."""
    if not image.startswith(WEBP):
        return image
    made = BytesIO()
    with Image.open(BytesIO(image)) as picture:
        picture.save(made, "PNG", compress_level=1)  # PDF packs it again
    return made.getvalue()


def _write(sheet: "pymupdf.Page", word: ExportedWord, quarter_turns: int) -> None:
    """Write the word as long as its box, along its lines, so that a selection covers the visible text."""
    place = pymupdf.Rect(*word.bbox.as_list()) * pymupdf.Matrix(sheet.rect.width, sheet.rect.height)
    long, high = (place.height, place.width) if quarter_turns % 2 else (place.width, place.height)
    font = _font(word.text)
    natural = pymupdf.get_text_length(word.text, fontname=font, fontsize=1)
    if not natural or not long:
        return
    size = max(1.0, min(long / natural, 4 * high))
    sheet.insert_text(
        _baseline_start(place, quarter_turns),
        word.text + " ",
        fontname=font,
        fontsize=size,
        render_mode=INVISIBLE,
        rotate=90 * quarter_turns,
    )


def _baseline_start(place: "pymupdf.Rect", quarter_turns: int) -> "pymupdf.Point":
    """Return the start of the baseline."""
    across, down = 0.2 * place.width, 0.2 * place.height
    return (
        pymupdf.Point(place.x0, place.y1 - down),
        pymupdf.Point(place.x1 - across, place.y1),
        pymupdf.Point(place.x1, place.y0 + down),
        pymupdf.Point(place.x0 + across, place.y0),
    )[quarter_turns]


def _font(text: str) -> str:
    """Return a font whose text can be searched; Hebrew, Arabic and others have none that every reader knows."""
    return next((font for font, encoding in ((FONT, "latin-1"), *CJK_FONTS) if _has(encoding, text)), FONT)


def _has(encoding: str, text: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeError:
        return False
    return True
