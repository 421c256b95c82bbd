"""Barcodes on a page's image, by ZXing: in grey, and no larger than A4 at 300 dpi, which limits its time."""

from typing import Final

import zxingcpp

from ingestion.adapters.formats.page_source import Image
from ingestion.adapters.vision.raster import shrink, to_grey
from ingestion.domain.page.barcodes import BARCODE_KINDS, MAX_BARCODES, Barcode, printable_barcode_text
from ingestion.domain.page.payment_code_text import payment_code_text
from refinery.core.types import BoundingBox

_LONG_SIDE = 3508  # A4 at 300 dpi; the worst image of that size, pure noise, takes a second
_SHORTEST = {"itf": 6, "codabar": 6, "code_39": 4}  # shorter ones are falsely detected in ruled lines and in print
_ZXING_NAMES = (
    "QRCode MicroQRCode DataMatrix Aztec PDF417 MaxiCode Code128 Code39 Code93 Codabar ITF EAN13 EAN8 UPCA UPCE DataBar"
)
_FORMATS: Final = {
    getattr(zxingcpp.BarcodeFormat, name): kind for name, kind in zip(_ZXING_NAMES.split(), BARCODE_KINDS, strict=True)
}


def find_codes(image: Image, *, crisp: bool = False) -> tuple[Barcode, ...]:
    """Find all codes of an image, from top to bottom.

    Rotated codes are searched as well, and a smaller copy of the image unless it is `crisp`: drawn, not scanned.
    """
    grey = shrink(to_grey(image), _LONG_SIDE)
    height, width = grey.shape[:2]
    found = zxingcpp.read_barcodes(
        grey,
        formats=zxingcpp.BarcodeFormats(list(_FORMATS)),
        text_mode=zxingcpp.TextMode.Plain,
        try_downscale=not crisp,
    )
    codes = [_code(barcode, width, height) for barcode in found[:MAX_BARCODES]]
    sure = (code for code in codes if code.text and len(code.text) >= _SHORTEST.get(code.kind, 1))
    return tuple(sorted(sure, key=lambda code: (code.bbox.y0, code.bbox.x0)))


def _code(barcode: zxingcpp.Barcode, width: int, height: int) -> Barcode:
    kind = _FORMATS.get(barcode.format) or _FORMATS[barcode.symbology]
    place = barcode.position
    corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    xs, ys = [corner.x / width for corner in corners], [corner.y / height for corner in corners]
    text = printable_barcode_text(payment_code_text(barcode.bytes) or barcode.text)
    return Barcode(kind, text, BoundingBox.clipped(min(xs), min(ys), max(xs), max(ys)))
