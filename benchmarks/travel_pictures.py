"""Pictures of travel documents on decorated pages, upright and turned, large and small, with their zones."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import cast

import cv2
import numpy as np
from PIL import Image as Pillow
from PIL import ImageOps

from samples.generate import make_document
from samples.scan.files import clean_pages
from samples.scan.optics import Pixels

SEED = 9303
_DPI = 300
_PICTURES = (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".webp")


@dataclass(frozen=True, slots=True)
class TravelPicture:
    """Picture of a document; `zone` is the text of its machine-readable zone, "" if that is not known."""

    name: str
    image: Pixels
    zone: str = ""


def pictures_in(folder: Path) -> Iterator[TravelPicture]:
    """Yield the pictures of a folder, upright by their EXIF orientation."""
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in _PICTURES:
            with Pillow.open(path) as opened:
                upright = ImageOps.exif_transpose(opened).convert("RGB")
                yield TravelPicture(path.name, np.asarray(upright))


def generated_pictures(number: int) -> Iterator[TravelPicture]:
    """Yield `number` pictures of each layout, each of another document."""
    for index in range(number):
        for at, (name, compose) in enumerate(LAYOUTS.items()):
            page, zone = _document(index * len(LAYOUTS) + at, "card" if "card" in name else "passport")
            noise = np.random.default_rng((SEED, index, at))
            yield TravelPicture(f"{name} {index}", _photographed(compose(page, noise), noise), zone)


def _document(index: int, kind: str) -> tuple[Pixels, str]:
    """Return the page of the `index`-th generated document of a kind, and its zone."""
    found = 0
    for number in count():
        sample = make_document("identity_document", seed=SEED, index=number, scan=False)
        fields = cast("dict[str, dict[str, str]]", sample.truth["fields"])
        zone = fields["mrz"]["value"]
        if (kind == "passport") == (zone.count("\n") == 1):
            if found == index:
                return clean_pages(sample.content, _DPI)[0], zone
            found += 1
    raise AssertionError


def _wavy(height: int, width: int, noise: np.random.Generator) -> Pixels:
    """Return a decorated page: fine crossing waves in three colours, as printed against copying."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    paper = np.full((height, width, 3), 238, np.float32)
    for channel in range(3):
        bend = 18 * np.sin(x / noise.uniform(60, 140) + noise.uniform(0, 6))
        paper[..., channel] -= 34 * (np.sin((y + bend) / noise.uniform(2.2, 3.4)) > 0.55)
        paper[..., channel] -= 26 * (np.sin((x - 0.7 * y + bend) / noise.uniform(2.4, 4.0)) > 0.6)
    return paper.clip(0, 255).astype(np.uint8)


def _on_page(page: Pixels, noise: np.random.Generator) -> Pixels:
    """Print a page over a decorated background."""
    waves = _wavy(page.shape[0], page.shape[1], noise)
    return np.minimum(page, cv2.addWeighted(page, 0.25, waves, 0.75, 0)).astype(np.uint8)


def _heavily(page: Pixels, noise: np.random.Generator) -> Pixels:
    """Print a page over a background whose lines are nearly as dark as its text."""
    waves = 255 - 3 * (255 - _wavy(page.shape[0], page.shape[1], noise).astype(np.float32))
    return np.asarray(np.minimum(page, waves.clip(0, 255)), dtype=np.uint8)


def _placed(page: Pixels, ground: Pixels, left: float, top: float) -> Pixels:
    out, (height, width) = ground.copy(), page.shape[:2]
    y, x = int(top * (ground.shape[0] - height)), int(left * (ground.shape[1] - width))
    out[y : y + height, x : x + width] = page
    return out


def _portrait(page: Pixels, noise: np.random.Generator) -> Pixels:
    """Return an open passport: a page of text above the data page."""
    above = _wavy(page.shape[0], page.shape[1], noise)
    for row, text in enumerate(
        ("OBSERVATIONS", "The holder is required to sign", "this passport on the page", "below.")
    ):
        cv2.putText(above, text, (140, 220 + 130 * row), cv2.FONT_HERSHEY_SIMPLEX, 1.6, (60, 50, 70), 3, cv2.LINE_AA)
    return np.vstack([above, page])


def _visa(page: Pixels, noise: np.random.Generator) -> Pixels:
    """Return a page of a passport, upright, with a visa that was glued in on its side."""
    turned = np.ascontiguousarray(np.rot90(page))
    ground = _wavy(int(turned.shape[0] * 1.15), int(turned.shape[1] * 1.9), noise)
    for row in range(9):
        text = f"ENTRY {row + 11} MAR 2024   BORDER POST {row * 37 + 105}   STAY 90 DAYS"
        cv2.putText(ground, text, (60, 150 + 150 * row), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (90, 40, 40), 2, cv2.LINE_AA)
    return _placed(turned, ground, 0.97, 0.5)


def _small(page: Pixels, noise: np.random.Generator) -> Pixels:
    """Return a photograph of a table on which the document takes a third of the width."""
    table = cv2.GaussianBlur(noise.integers(90, 170, (1500, 2000, 3)).astype(np.uint8), (0, 0), 2)
    scale = 0.36 * 2000 / page.shape[1]
    small = cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return _placed(np.asarray(small, dtype=np.uint8), np.asarray(table, dtype=np.uint8), 0.4, 0.4)


def _tilted(page: Pixels, degrees: float) -> Pixels:
    height, width = page.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 0.85)
    return np.asarray(cv2.warpAffine(page, matrix, (width, height), borderValue=(120, 110, 100)), dtype=np.uint8)


LAYOUTS: dict[str, Callable[[Pixels, np.random.Generator], Pixels]] = {
    "passport": _on_page,
    "heavily decorated passport": _heavily,
    "heavily decorated card": _heavily,
    "passport tilted": lambda page, noise: _tilted(_on_page(page, noise), 6),
    "passport upside down": lambda page, noise: np.ascontiguousarray(_on_page(page, noise)[::-1, ::-1]),
    "passport portrait": lambda page, noise: _portrait(_on_page(page, noise), noise),
    "passport portrait on its side": lambda page, noise: np.ascontiguousarray(
        np.rot90(_portrait(_on_page(page, noise), noise), 3)
    ),
    "visa on its side": lambda page, noise: _visa(_on_page(page, noise), noise),
    "small passport": lambda page, noise: _small(_on_page(page, noise), noise),
    "card": _on_page,
    "small card": lambda page, noise: _small(_on_page(page, noise), noise),
    "small card on its side": lambda page, noise: np.ascontiguousarray(np.rot90(_small(_on_page(page, noise), noise))),
}


def _photographed(page: Pixels, noise: np.random.Generator) -> Pixels:
    """Return a page as a camera sees it: a little out of focus, grainy, lit from one side."""
    scale = min(1.0, 2000 / max(page.shape[:2]))
    seen = cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    seen = cv2.GaussianBlur(seen, (0, 0), 0.7).astype(np.float32)
    light = np.linspace(1.0, 0.78, seen.shape[1], dtype=np.float32)[None, :, None]
    return (seen * light + noise.normal(0, 5, seen.shape)).clip(0, 255).astype(np.uint8)
