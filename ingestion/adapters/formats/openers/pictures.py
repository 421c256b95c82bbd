"""Openers of images, with the formats that Pillow may try."""

from ingestion.adapters.formats.file_to_open import FileToOpen, PageOpener
from ingestion.adapters.formats.page_source import PageSource
from ingestion.domain.formats.entries.pictures import BMP, GIF, HEIC, JPEG, PNG, TIFF, WEBP

_PILLOW_FORMATS = {
    PNG: ("PNG",),
    JPEG: ("JPEG",),
    TIFF: ("TIFF",),
    WEBP: ("WEBP",),
    BMP: ("BMP", "DIB"),
    GIF: ("GIF",),
    HEIC: ("HEIF",),
}


def _picture(file: FileToOpen) -> PageSource:
    from ingestion.adapters.formats.image.image import PictureSource

    return PictureSource(file.path, *_PILLOW_FORMATS[file.media_type])


PAGE_OPENERS: dict[str, PageOpener] = dict.fromkeys(_PILLOW_FORMATS, _picture)
