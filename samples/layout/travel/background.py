"""Security printing in vectors: guilloche waves, a rosette, a portrait in silhouette."""

import math
from random import Random

from samples.layout.canvas import Canvas
from samples.layout.drawing import Box, Point
from samples.layout.fonts import Color
from samples.layout.marks import lighter


def draw_guilloche(canvas: Canvas, rng: Random, box: Box, color: Color) -> None:
    """Draw woven sine lines over `box`."""
    x0, y0, x1, y1 = box
    waves, phase = rng.randint(3, 5), rng.uniform(0, 6.28)
    for strand in range(26):
        middle = y0 + (y1 - y0) * (strand + 0.5) / 26
        points = []
        for step in range(97):
            angle = 2 * math.pi * waves * step / 96
            swing = 8 * math.sin(angle + phase + strand * 0.24) + 3 * math.sin(3 * angle - strand * 0.4)
            points.append((x0 + (x1 - x0) * step / 96, min(max(middle + swing, y0), y1)))
        canvas.shape("polyline", points, stroke=lighter(color, 0.68), width=0.28)


def draw_rosette(canvas: Canvas, rng: Random, x: float, y: float, radius: float, color: Color) -> None:
    """Draw a rosette: a curve that folds around its centre."""
    petals, depth = rng.choice((7, 9, 11)), rng.uniform(0.35, 0.55)
    for ring in range(5):
        points: list[Point] = []
        for step in range(241):
            angle = 2 * math.pi * step / 240
            reach = radius * (1 - ring * 0.13) * (1 - depth / 2 + depth / 2 * math.sin(petals * angle + ring * 0.5))
            points.append((x + reach * math.cos(angle), y + reach * math.sin(angle)))
        canvas.shape("polyline", points, stroke=lighter(color, 0.55), width=0.3)


def draw_portrait(canvas: Canvas, rng: Random, box: Box) -> None:
    """Draw head and shoulders without a face, so that no real person is shown."""
    x0, y0, x1, y1 = box
    width, height = x1 - x0, y1 - y0
    skin = rng.choice(((0.86, 0.72, 0.62), (0.72, 0.56, 0.45), (0.52, 0.38, 0.30), (0.91, 0.79, 0.70)))
    hair = rng.choice(((0.16, 0.12, 0.10), (0.40, 0.27, 0.16), (0.62, 0.52, 0.36), (0.55, 0.55, 0.56)))
    coat = rng.choice(((0.20, 0.25, 0.35), (0.35, 0.20, 0.22), (0.22, 0.30, 0.26), (0.28, 0.28, 0.30)))
    middle = (x0 + x1) / 2
    canvas.rect(box, fill=(0.90, 0.91, 0.92))
    _oval(canvas, middle, y0 + height * 0.37, width * 0.27, height * 0.27, hair)
    top = y0 + height * 0.72
    outline = ((0.08, 1.0), (0.15, 0.82), (0.36, 0.72), (0.64, 0.72), (0.85, 0.82), (0.92, 1.0))
    shoulders = [(x0 + width * across, y0 + height * down) for across, down in outline]
    canvas.shape("polygon", shoulders, fill=coat)
    neck = (middle - width * 0.11, y0 + height * 0.55, middle + width * 0.11, top + height * 0.06)
    canvas.rect(neck, fill=(skin[0] * 0.92, skin[1] * 0.92, skin[2] * 0.92))
    _oval(canvas, middle, y0 + height * 0.43, width * 0.215, height * 0.225, skin)
    part = rng.uniform(-0.12, 0.12)
    curls = ((-0.22, 0.37), (-0.19, 0.24), (-0.08, 0.17), (0.09, 0.17), (0.19, 0.25), (0.22, 0.37), (part, 0.27))
    canvas.shape("polygon", [(middle + width * across, y0 + height * down) for across, down in curls], fill=hair)
    canvas.rect(box, stroke=(0.5, 0.52, 0.55), width=0.4)


def _oval(canvas: Canvas, x: float, y: float, across: float, down: float, fill: Color) -> None:
    canvas.shape("ellipse", ((x - across, y - down), (x + across, y + down)), fill=fill)
