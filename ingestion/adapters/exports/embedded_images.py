"""Page images inside an export: JPEG as a data URI, small enough for many pages in one file."""

from base64 import b64encode
from io import BytesIO
from typing import Final

from PIL import Image

from ingestion.domain.exporting import ExportedPage

MAX_SIDE: Final = 2000  # pixels: small print of an A4 page can be read
QUALITY: Final = 80


def image_address(page: ExportedPage) -> str:
    """Return the page's image as a data URI; a white page if it has none, so that page numbers stay right."""
    picture = Image.open(BytesIO(page.image)) if page.image else Image.new("L", (page.width, page.height), 255)
    with picture:
        shown = picture if picture.mode == "L" else picture.convert("RGB")
        shown.thumbnail((MAX_SIDE, MAX_SIDE))
        packed = BytesIO()
        shown.save(packed, "JPEG", quality=QUALITY)
    return f"data:image/jpeg;base64,{b64encode(packed.getvalue()).decode()}"
