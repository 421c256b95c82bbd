"""Reads samples back with PyMuPDF to compare their ground truth with the displayed content."""

import io
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pymupdf
from PIL import Image

from samples.sample import Sample

Grey = npt.NDArray[np.uint8]


def fields_of(sample: Sample) -> dict[str, dict[str, Any]]:
    """Return the ground truth of the fields."""
    fields = sample.truth["fields"]
    assert isinstance(fields, dict)
    return fields


def words_of(sample: Sample) -> list[dict[str, Any]]:
    """Return the ground truth of the words."""
    words = sample.truth["words"]
    assert isinstance(words, tuple)
    return list(words)


def text_in(document: pymupdf.Document, page: int, bbox: tuple[float, ...]) -> str:
    """Return the characters of a PDF page whose centres are in the box, in drawing order, without spaces."""
    sheet = document[page - 1]
    width, height = sheet.rect.width, sheet.rect.height
    x0, y0, x1, y1 = bbox[0] * width, bbox[1] * height, bbox[2] * width, bbox[3] * height
    found = []
    for block in sheet.get_text("rawdict")["blocks"]:
        for line in block.get("lines", []):
            for char in (char for span in line["spans"] for char in span["chars"]):
                left, right, base = char["bbox"][0], char["bbox"][2], char["origin"][1]
                if x0 <= (left + right) / 2 <= x1 and y0 <= base - 0.5 <= y1 + 0.5:
                    found.append(char["c"])
    return "".join(found).replace(" ", "").replace("\xa0", "")


def page_images(sample: Sample) -> list[Grey]:
    """Return the pages of a scan as grey pixels, at their stored resolution."""
    if sample.media_type == "application/pdf":
        with pymupdf.open(stream=sample.content, filetype="pdf") as document:
            pictures = [document.extract_image(page.get_images()[0][0])["image"] for page in document]
        return [_grey(Image.open(io.BytesIO(picture))) for picture in pictures]
    image = Image.open(io.BytesIO(sample.content))
    frames = []
    for number in range(getattr(image, "n_frames", 1)):
        image.seek(number)
        frames.append(_grey(image))
    return frames


def _grey(image: Image.Image) -> Grey:
    return np.asarray(image.convert("L"))


def crop(image: Grey, bbox: tuple[float, ...]) -> Grey:
    """Return the pixels of a box, smoothed slightly so that noise does not count as ink."""
    height, width = image.shape
    x0, x1 = int(bbox[0] * width), int(np.ceil(bbox[2] * width))
    y0, y1 = int(bbox[1] * height), int(np.ceil(bbox[3] * height))
    return np.asarray(cv2.blur(image[y0 : y1 + 1, x0 : x1 + 1], (2, 2)), dtype=np.uint8)
