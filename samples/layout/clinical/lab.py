"""Templates of laboratory reports: a ruled table, or one with a gauge for each value's position in its interval."""

from random import Random

from samples.content.lab import LabReport, LabResult
from samples.layout.canvas import Canvas
from samples.layout.fonts import GREY, WHITE, Color, Style
from samples.layout.labels import LAB
from samples.layout.marks import accent_of, draw_logo, lighter

LEFT, RIGHT = 50.0, 545.0
FLAG_COLOR: Color = (0.72, 0.1, 0.1)


def _head(canvas: Canvas, report: LabReport, style: Style, accent: Color) -> None:
    words = LAB[report.language]
    draw_logo(canvas, LEFT, 38, 40, report.laboratory, accent)
    canvas.text(LEFT + 52, 54, report.laboratory, style.bold().sized(15).colored(accent), field="laboratory")
    where = f"{report.address.joined}  ·  {words['phone']} {report.phone}"
    canvas.text(LEFT + 52, 70, where, style.sized(8).colored(GREY))
    canvas.line(LEFT, 90, RIGHT, 90, color=accent, width=1.2)
    canvas.text(LEFT, 116, words["title"], style.bold().sized(16))
    canvas.text(RIGHT, 116, words["final"], style.bold().sized(9).colored(accent), align="right")


def _particulars(canvas: Canvas, report: LabReport, style: Style, y: float, *, boxed: bool) -> float:
    words = LAB[report.language]
    gender = {"en": {"F": "Female", "M": "Male"}, "de": {"F": "weiblich", "M": "männlich"}}[report.language]
    if boxed:
        canvas.rect((LEFT, y - 16, RIGHT, y + 62), stroke=GREY, radius=0.04)
    columns = (
        (LEFT + 10, 92, (("patient", "patient"), ("born", "date_of_birth"), ("id", "patient_id"))),
        (LEFT + 262, 116, (("collected", "collected_at"), ("reported", "reported_at"), ("physician", "physician"))),
    )
    for x, indent, rows in columns:
        for row, (label, field) in enumerate(rows):
            if canvas.has(field):
                canvas.text(x, y + row * 16, words[label], style.colored(GREY))
                canvas.fact(x + indent, y + row * 16, field, style.bold() if field == "patient" else style)
    canvas.text(LEFT + 10, y + 48, words["sex"], style.colored(GREY))
    canvas.text(LEFT + 102, y + 48, gender[report.gender], style)
    canvas.text(LEFT + 272 - 10, y + 48, words["specimen"], style.colored(GREY))
    canvas.text(LEFT + 378, y + 48, report.specimen, style)
    return y + 92


def _foot(canvas: Canvas, report: LabReport, style: Style, y: float) -> None:
    words = LAB[report.language]
    canvas.text(LEFT, y + 10, words["note"], style.sized(7.6).colored(GREY))
    canvas.text(LEFT, y + 23, words["signed"], style.sized(7.6).colored(GREY))


def draw_ruled(rng: Random, report: LabReport, canvas: Canvas) -> None:
    """Draw the report as a ruled table with a column of flags."""
    style, accent = Style(rng.choice(("helvetica", "noto")), 9), accent_of(report.laboratory)
    words = LAB[report.language]
    _head(canvas, report, style, accent)
    y = _particulars(canvas, report, style, 148, boxed=True)
    columns = ((LEFT + 6, "test"), (270, "value"), (308, "flag"), (338, "unit"), (420, "reference"))
    canvas.rect((LEFT, y - 13, RIGHT, y + 6), fill=lighter(accent, 0.86))
    for x, key in columns:
        canvas.text(x, y, words[key], style.bold(), align="right" if key == "value" else "left")
    y += 20
    for title, results in report.panels:
        canvas.text(LEFT + 6, y, title.upper(), style.bold().sized(8).colored(accent))
        y += 15
        for result in results:
            _ruled_row(canvas, result, style, y)
            y += 15
        y += 6
    _foot(canvas, report, style, y)


def _ruled_row(canvas: Canvas, result: LabResult, style: Style, y: float) -> None:
    loud = style.bold() if result.flag else style
    canvas.text(LEFT + 14, y, result.name, style)
    canvas.text(290, y, result.value, loud, align="right")
    canvas.text(310, y, result.flag, loud.colored(FLAG_COLOR))
    canvas.text(338, y, result.unit, style)
    canvas.text(420, y, result.reference, style)
    canvas.line(LEFT + 6, y + 4, RIGHT, y + 4, width=0.25, color=(0.8, 0.8, 0.82))


def draw_gauges(rng: Random, report: LabReport, canvas: Canvas) -> None:
    """Draw the report with a small gauge beside each value."""
    style, accent = Style(rng.choice(("fira", "ubuntu")), 9), accent_of(report.laboratory)
    words = LAB[report.language]
    _head(canvas, report, style, accent)
    y = _particulars(canvas, report, style, 148, boxed=False)
    for title, results in report.panels:
        canvas.rect((LEFT, y - 12, RIGHT, y + 6), fill=accent)
        canvas.text(LEFT + 6, y, title, style.bold().colored(WHITE))
        for x, key in ((262, "value"), (296, "unit"), (362, "reference")):
            align = "right" if key == "value" else "left"
            canvas.text(x, y, words[key], style.sized(8).colored(WHITE), align=align)
        y += 19
        for result in results:
            _gauge_row(canvas, result, style, y)
            y += 14.5
        y += 8
    _foot(canvas, report, style, y)


def _gauge_row(canvas: Canvas, result: LabResult, style: Style, y: float) -> None:
    loud = style.bold().colored(FLAG_COLOR) if result.flag else style
    canvas.text(LEFT + 6, y, result.name, style)
    canvas.text(262, y, result.value, loud, align="right")
    canvas.text(268, y, result.flag, loud)
    canvas.text(296, y, result.unit, style)
    canvas.text(362, y, result.reference, style)
    left, right = 456.0, RIGHT - 4
    middle, third = y - 3, (right - left) / 3
    canvas.line(left, middle, right, middle, width=3.2, color=(0.87, 0.88, 0.9))
    canvas.line(left + third, middle, right - third, middle, width=3.2, color=(0.68, 0.82, 0.72))
    x = left + third * (1 + min(max(result.share, -0.9), 1.9))
    canvas.shape("ellipse", ((x - 2.4, middle - 2.4), (x + 2.4, middle + 2.4)), fill=loud.color)
