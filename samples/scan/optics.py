"""Simulated optics of a scanner or phone: warp, light, tint, fading, blur and noise, in that order."""

from random import Random

import cv2
import numpy as np
import numpy.typing as npt

from samples.scan.degradation import Degradation
from samples.scan.geometry import ScanPlacement, place_page
from samples.seeds import numpy_generator

Pixels = npt.NDArray[np.uint8]
Light = npt.NDArray[np.float32]
_FAX_THRESHOLD = 182  # grey small print survives, thinned, as with real machines
_LUMINANCE = (np.float32(0.299), np.float32(0.587), np.float32(0.114))  # ITU-R BT.601


def degrade(page: Pixels, degradation: Degradation, rng: Random) -> tuple[Pixels, ScanPlacement]:
    """Convert a clean RGB page to its scan: RGB, or grey with two axes. Also returns the position of the page."""
    grain = numpy_generator(rng)
    height, width = page.shape[:2]
    placement = place_page((width, height), degradation.skew, degradation.margin, degradation.tilt)
    paper = page.astype(np.float32) * (np.array(degradation.tint, dtype=np.float32) / np.float32(255))
    light = _warp(paper, placement, _surround(degradation, placement, grain))
    if degradation.shadow:
        light *= _shadow(light.shape[:2], degradation.shadow, grain)[:, :, None]
    middle = np.float32(215)
    light = middle + (light - middle) * np.float32(1 - degradation.fade)
    if degradation.blur > 0.1:
        light = np.asarray(cv2.GaussianBlur(light, (0, 0), degradation.blur), dtype=np.float32)
    if not degradation.colour:
        light = _grey(light)
    light += np.float32(degradation.noise) * grain.standard_normal(light.shape, dtype=np.float32)
    pixels = np.clip(np.rint(light), 0, 255).astype(np.uint8)
    if degradation.bilevel:
        pixels = np.where(pixels < _FAX_THRESHOLD, 0, 255).astype(np.uint8)
    return (pixels if degradation.colour else pixels[:, :, 0]), placement


def _grey(light: Light) -> Light:
    """Sum the weighted colours separately: a matrix product would round as the machine's BLAS does."""
    red, green, blue = (light[:, :, axis] * weight for axis, weight in enumerate(_LUMINANCE))
    grey: Light = red + green + blue
    return grey[:, :, None]


def _surround(degradation: Degradation, placement: ScanPlacement, grain: np.random.Generator) -> Light:
    """Return the background around the page: a desk for a photo, otherwise the scanner's lid, grey or white."""
    width, height = placement.canvas
    if not degradation.margin:
        shade = 255 if degradation.bilevel else int(grain.integers(225, 252))
        return np.full((height, width, 3), shade, dtype=np.float32)
    wood = np.array(((92, 70, 52), (120, 96, 72), (70, 74, 80), (150, 148, 142))[grain.integers(4)], dtype=np.float32)
    rows = cv2.GaussianBlur(grain.normal(0, 26, (height, 1)).astype(np.float32), (1, 0), 2.2, sigmaY=2.2)
    grained = np.broadcast_to(wood, (height, width, 3)) + np.asarray(rows, dtype=np.float32).reshape(height, 1, 1)
    return np.asarray(np.clip(grained, 0, 255), dtype=np.float32)


def _warp(paper: Light, placement: ScanPlacement, surround: Light) -> Light:
    height, width = paper.shape[:2]
    moved = cv2.warpPerspective(paper, placement.matrix, placement.canvas, flags=cv2.INTER_LINEAR)
    mask = cv2.warpPerspective(np.ones((height, width), np.float32), placement.matrix, placement.canvas)
    blended: Light = moved + surround * (1 - mask)[:, :, None]
    return blended


def _shadow(shape: tuple[int, ...], strength: float, grain: np.random.Generator) -> Light:
    """Return light that decreases towards one side, as near a book's spine or under a hand."""
    height, width = shape[0], shape[1]
    angle = grain.uniform(0, 2 * np.pi)
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    ramp = (np.float32(np.cos(angle)) * x + np.float32(np.sin(angle)) * y + 1.4) / 2.8
    dimmed = np.float32(1) - np.float32(strength) * np.square(np.clip(ramp, 0, 1))
    return np.asarray(dimmed, dtype=np.float32)
