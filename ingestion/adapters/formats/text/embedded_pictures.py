"""Pictures within texts: embedded as HTML, or as pages of their size where a file holds nothing else."""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING

import pymupdf

from ingestion.adapters.formats.page_source import MAX_PIXELS
from ingestion.adapters.formats.text.printable import A4

if TYPE_CHECKING:
    from PIL import Image

_BYTES_TO = 2**20  # of a picture that is embedded as it is
_LONGEST_SIDE = 2400  # pixels of other pictures: a page at 200 dpi
_FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF")
_SHOWN_FORMATS = {"PNG": "image/png", "JPEG": "image/jpeg"}
_EMBEDDED = re.compile(r'<img\b[^>]*\bsrc="data:image/[a-z]+;base64,([^"]+)"', re.IGNORECASE)
_LEAST_SIDE = 100  # pixels: smaller pictures are logos, and no pages


def picture_html(content: bytes, description: str = "") -> str:
    """Return a picture as HTML; its description if it cannot be shown."""
    shown = _shown_picture(content)
    if shown is None:
        return f"<p>{escape(description)}</p>" if description else ""
    media_type, encoded = shown
    return f'<p><img src="data:{media_type};base64,{b64encode(encoded).decode()}"></p>'


def _shown_picture(content: bytes) -> tuple[str, bytes] | None:
    """Return a picture as PNG or JPEG with its media type; None if it cannot be decoded or is too large."""
    from PIL import Image

    try:
        with Image.open(BytesIO(content), formats=_FORMATS) as picture:
            if not 0 < picture.width * picture.height <= MAX_PIXELS:
                return None
            if picture.format in _SHOWN_FORMATS and len(content) <= _BYTES_TO:
                return _SHOWN_FORMATS[picture.format], content
            whole = _opaque(picture)
            whole.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
            out = BytesIO()
            whole.save(out, "JPEG", quality=90)
            return _SHOWN_FORMATS["JPEG"], out.getvalue()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def _opaque(picture: "Image.Image") -> "Image.Image":
    """Return a picture in colours, with white where it is transparent."""
    from PIL import Image

    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layered = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layered.size, "white"), layered).convert("RGB")


def picture_pages(parts: Iterable[str]) -> bytes | None:
    """Return a PDF with a page for each picture embedded in HTML, filled by it; None if there are only logos."""
    with pymupdf.open() as document:
        for found in (found for part in parts for found in _EMBEDDED.finditer(part)):
            content = b64decode(found[1])
            width, height = _size(content)
            if min(width, height) >= _LEAST_SIDE:
                scale = min(max(A4) / max(width, height), min(A4) / min(width, height))
                page = document.new_page(width=width * scale, height=height * scale)
                page.insert_image(page.rect, stream=content)
        return bytes(document.tobytes()) if document.page_count else None


def _size(content: bytes) -> tuple[int, int]:
    from PIL import Image

    with Image.open(BytesIO(content), formats=_FORMATS) as picture:
        return picture.size
