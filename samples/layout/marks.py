"""Drawn marks: a company logo, a signature, a received stamp."""

import math
from random import Random

from samples.layout.canvas import Canvas
from samples.layout.drawing import Point
from samples.layout.fonts import WHITE, Color, Style, text_width
from samples.seeds import random_stream

ACCENTS: tuple[Color, ...] = (
    (0.08, 0.25, 0.42),
    (0.62, 0.16, 0.14),
    (0.10, 0.38, 0.29),
    (0.33, 0.20, 0.45),
    (0.75, 0.40, 0.07),
    (0.16, 0.17, 0.20),
    (0.05, 0.42, 0.50),
)


def lighter(color: Color, share: float) -> Color:
    """Mix a colour with white; share 1 is white."""
    red, green, blue = (channel + (1 - channel) * share for channel in color)
    return red, green, blue


def _regular(x: float, y: float, radius: float, corners: int, turn: float = 0.0) -> list[Point]:
    angles = (turn + 2 * math.pi * corner / corners for corner in range(corners))
    return [(x + radius * math.cos(a), y + radius * math.sin(a)) for a in angles]


def _monogram(canvas: Canvas, x: float, y: float, size: float, color: Color, letter: str) -> None:
    canvas.shape("polygon", _regular(x + size / 2, y + size / 2, size / 2, 6, math.pi / 6), fill=color)
    style = Style("ubuntu", size * 0.52, "bold", WHITE)
    canvas.text(x + size / 2, y + size * 0.68, letter, style, align="center")


def _rings(canvas: Canvas, x: float, y: float, size: float, color: Color, _letter: str) -> None:
    for share, tint in ((0.0, 0.0), (0.34, 0.45)):
        left = x + size * share
        box = ((left, y + size * 0.17), (left + size * 0.66, y + size * 0.83))
        canvas.shape("ellipse", box, fill=lighter(color, tint), opacity=0.85)


def _bars(canvas: Canvas, x: float, y: float, size: float, color: Color, _letter: str) -> None:
    for index, share in enumerate((0.45, 0.75, 1.0, 0.6)):
        left = x + size * 0.25 * index
        top = y + size * (1 - share)
        canvas.rect((left, top, left + size * 0.17, y + size), fill=lighter(color, 0.18 * index))


def _peaks(canvas: Canvas, x: float, y: float, size: float, color: Color, _letter: str) -> None:
    base = y + size * 0.9
    canvas.shape("polygon", [(x, base), (x + size * 0.38, y + size * 0.2), (x + size * 0.76, base)], fill=color)
    right = [(x + size * 0.42, base), (x + size * 0.7, y + size * 0.42), (x + size, base)]
    canvas.shape("polygon", right, fill=lighter(color, 0.45))


def _sun(canvas: Canvas, x: float, y: float, size: float, color: Color, _letter: str) -> None:
    middle = (x + size / 2, y + size / 2)
    for inner, outer in zip(_regular(*middle, size * 0.34, 12), _regular(*middle, size * 0.5, 12), strict=True):
        canvas.line(*inner, *outer, color=color, width=size * 0.05)
    canvas.shape("ellipse", ((x + size * 0.25, y + size * 0.25), (x + size * 0.75, y + size * 0.75)), fill=color)


_LOGOS = (_monogram, _rings, _bars, _peaks, _sun)


def accent_of(name: str) -> Color:
    """Return the accent colour of a company: always the same for the same name."""
    return random_stream(0, "accent", name).choice(ACCENTS)


def draw_logo(canvas: Canvas, x: float, y: float, size: float, name: str, color: Color) -> None:
    """Draw the company's logo in a square of `size`: always the same for the same name."""
    random_stream(0, "logo", name).choice(_LOGOS)(canvas, x, y, size, color, name[0])


def draw_signature(canvas: Canvas, x: float, y: float, width: float, name: str) -> None:
    """Draw a handwritten signature: a run of loops that ends in a stroke."""
    rng = random_stream(0, "signature", name)
    steps = rng.randint(7, 10)
    points: list[Point] = [(x, y)]
    for step in range(steps):
        left, right = x + width * step / steps, x + width * (step + 1) / steps
        tall = width * rng.uniform(0.06, 0.22) * (1.5 if step in (0, steps // 2) else 0.6)
        points += [
            (left + rng.uniform(-4, 10), y - tall),
            (right + rng.uniform(-12, 4), y - tall * rng.uniform(0.2, 1)),
            (right, y + rng.uniform(-2, 3)),
        ]
    canvas.shape("bezier", points, stroke=(0.10, 0.15, 0.45), width=1.1)


def draw_stamp(canvas: Canvas, rng: Random, x: float, y: float, lines: tuple[str, str]) -> None:
    """Draw a rubber stamp of two lines in a frame, slightly rotated."""
    ink = rng.choice(((0.72, 0.12, 0.16), (0.15, 0.22, 0.62)))
    angle = rng.uniform(-9, 7)
    style = Style("courier", 11, "bold", ink)
    width = max(text_width(line, style) for line in lines) + 14
    sine, cosine = math.sin(math.radians(angle)), math.cos(math.radians(angle))
    corners = ((-7, -15), (width - 7, -15), (width - 7, 20), (-7, 20))
    frame = [(x + cosine * a - sine * b, y + sine * a + cosine * b) for a, b in corners]
    canvas.shape("polygon", frame, stroke=ink, width=1.6, opacity=0.75)
    for row, line in enumerate(lines):
        canvas.stamp(x - sine * row * 14, y + cosine * row * 14, line, style, angle)
