"""Encoding of scans as files: PNG, JPEG, TIFF (fax: CCITT group 4) or a PDF that contains only images."""

import io
from collections.abc import Sequence

import numpy as np
import pymupdf
from PIL import Image

from samples.layout.pdf import stable_bytes
from samples.scan.degradation import Degradation
from samples.scan.optics import Pixels

MEDIA_TYPES = {"pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg", "tif": "image/tiff"}


def clean_pages(pdf: bytes, dpi: int) -> list[Pixels]:
    """Render a PDF's pages as RGB pixels; below 120 dpi at twice the resolution and then reduced, as a sensor does."""
    fine = dpi * 2 if dpi < 120 else dpi
    pages = []
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        for page in document:
            pixmap = page.get_pixmap(dpi=fine, alpha=False)
            image = Image.frombytes("RGB", (pixmap.width, pixmap.height), pixmap.samples)
            if fine != dpi:
                image = image.resize((image.width // 2, image.height // 2), Image.Resampling.BOX)
            pages.append(np.asarray(image))
    return pages


def encode(pages: Sequence[Pixels], extension: str, degradation: Degradation) -> bytes:
    """Encode the pages of a scan as a file with the `extension`; PNG and JPEG hold a single page."""
    images = [Image.fromarray(page) for page in pages]
    if extension == "pdf":
        return _image_pdf(images, degradation)
    if extension == "tif":
        return _tiff(images, degradation)
    return _single_image(images[0], extension, degradation)


def _single_image(image: Image.Image, extension: str, degradation: Degradation) -> bytes:
    buffer = io.BytesIO()
    dpi = (degradation.dpi, degradation.dpi)
    if extension == "jpg":
        image.save(buffer, "JPEG", quality=degradation.quality, dpi=dpi)
    else:
        _compress_as_jpeg(image, degradation).save(buffer, "PNG", dpi=dpi)
    return buffer.getvalue()


def _compress_as_jpeg(image: Image.Image, degradation: Degradation) -> Image.Image:
    """Compress and decode as JPEG, unless bilevel, as most scanners do: artefacts stay, and the file is smaller."""
    if degradation.bilevel:
        return image.convert("1")
    return Image.open(io.BytesIO(_single_image(image, "jpg", degradation)))


def _tiff(images: Sequence[Image.Image], degradation: Degradation) -> bytes:
    buffer = io.BytesIO()
    dpi = (degradation.dpi, degradation.dpi)
    if degradation.bilevel:
        first, *rest = [image.convert("1") for image in images]
        first.save(buffer, "TIFF", save_all=True, append_images=rest, compression="group4", dpi=dpi)
    else:
        first, *rest = images
        first.save(
            buffer, "TIFF", save_all=True, append_images=rest, compression="jpeg", quality=degradation.quality, dpi=dpi
        )
    return buffer.getvalue()


def _image_pdf(images: Sequence[Image.Image], degradation: Degradation) -> bytes:
    document = pymupdf.open()
    for image in images:
        scale = 72 / degradation.dpi
        page = document.new_page(width=image.width * scale, height=image.height * scale)
        kind = "png" if degradation.bilevel else "jpg"
        page.insert_image(page.rect, stream=_single_image(image, kind, degradation))
    return stable_bytes(document)
