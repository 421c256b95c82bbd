"""Templates of discharge letters: a letter to the family doctor, and a form with captioned boxes."""

from random import Random

from samples.content.discharge import DischargeLetter
from samples.content.printed import render_date
from samples.layout.canvas import Canvas, LinePart
from samples.layout.fonts import GREY, WHITE, Color, Style, wrap
from samples.layout.marks import accent_of, draw_logo, draw_signature, lighter

LEFT, RIGHT = 64.0, 548.0
PARTICULARS = (
    ("Patient", "patient"),
    ("Date of birth", "date_of_birth"),
    ("Admission date", "admission_date"),
    ("Discharge date", "discharge_date"),
)


def _diagnoses(canvas: Canvas, letter: DischargeLetter, style: Style, x: float, y: float, right: float) -> float:
    for row, (diagnosis, code) in enumerate(zip(letter.diagnoses, _codes(canvas), strict=True), start=1):
        lines = wrap(f"{row}. {diagnosis.title}", style, right - x - 80)
        canvas.lines(x, y, lines, style, leading=1.3)
        canvas.text(right, y, code, style.bold(), align="right", field="diagnoses")
        y += style.size * (1.3 * len(lines) + 0.25)
    return y


def _codes(canvas: Canvas) -> list[str]:
    return canvas.facts["diagnoses"].text.split(", ")


def _course(letter: DischargeLetter) -> tuple[str, str]:
    noun, pronoun = ("woman", "She") if letter.gender == "F" else ("man", "He")
    others = " and ".join(diagnosis.title.split(",")[0].lower() for diagnosis in letter.diagnoses[1:3])
    high, low = letter.pressure
    first = f"This {letter.age}-year-old {noun} {letter.diagnoses[0].course}. Known conditions included {others}."
    second = (
        f"{pronoun} was discharged home in stable condition: blood pressure {high}/{low} mmHg, heart rate "
        f"{letter.pulse} per minute, oxygen saturation 97 percent on room air. Follow-up in your practice within "
        "seven to ten days with repeat laboratory work is advised."
    )
    return first, second


def _paragraph(canvas: Canvas, text: str, style: Style, x: float, y: float, right: float) -> float:
    return canvas.lines(x, y, wrap(text, style, right - x), style, leading=1.42)


def _medication(canvas: Canvas, letter: DischargeLetter, style: Style, x: float, y: float) -> float:
    for diagnosis in letter.diagnoses:
        canvas.shape("ellipse", ((x, y - 4.4), (x + 2.6, y - 1.8)), fill=style.color)
        canvas.text(x + 10, y, diagnosis.medication, style)
        y += style.size * 1.42
    return y


def _signed(canvas: Canvas, style: Style, letter: DischargeLetter, x: float, y: float) -> None:
    draw_signature(canvas, x, y, 104, letter.physician)
    canvas.line(x, y + 10, x + 190, y + 10, width=0.4)
    parts: list[LinePart] = [("Attending physician: ", None), (letter.physician, "physician")]
    canvas.parts(x, y + 24, parts, style)
    if canvas.has("npi"):
        canvas.parts(x, y + 38, [("NPI ", None), (canvas.facts["npi"].text, "npi")], style)


def draw_letter(rng: Random, letter: DischargeLetter, canvas: Canvas) -> None:
    """Draw a letter to the family doctor."""
    style, accent = Style(rng.choice(("times", "noto", "helvetica")), 9.6), accent_of(letter.hospital)
    draw_logo(canvas, LEFT, 40, 40, letter.hospital, accent)
    canvas.text(LEFT + 54, 57, letter.hospital, style.bold().sized(16).colored(accent), field="hospital")
    canvas.text(LEFT + 54, 72, letter.ward, style.colored(GREY))
    canvas.text(RIGHT, 72, f"{letter.address.joined}  {letter.phone}", style.sized(7.6).colored(GREY), align="right")
    canvas.line(LEFT, 88, RIGHT, 88, width=0.8, color=accent)
    y = canvas.lines(LEFT, 116, (letter.recipient, *letter.recipient_address.lines), style)
    canvas.text(RIGHT, 116, f"MRN {letter.record}", style, align="right")
    canvas.text(LEFT, y + 22, "Discharge summary", style.bold().sized(14))
    y += 44
    for label, field in PARTICULARS:
        if canvas.has(field):
            canvas.text(LEFT, y, f"{label}:", style.colored(GREY))
            canvas.fact(LEFT + 96, y, field, style.bold() if field == "patient" else style)
            y += 15
    canvas.text(LEFT, y + 12, f"Dear Dr. {letter.recipient.split(',')[0].split()[-1]},", style)
    y = _section(canvas, "Diagnoses (ICD-10-CM)", style, accent, y + 36)
    y = _diagnoses(canvas, letter, style, LEFT, y, RIGHT)
    y = _section(canvas, "Hospital course", style, accent, y + 12)
    for paragraph in _course(letter):
        y = _paragraph(canvas, paragraph, style, LEFT, y, RIGHT) + 4
    y = _section(canvas, "Discharge medication", style, accent, y + 10)
    y = _medication(canvas, letter, style, LEFT, y)
    _signed(canvas, style, letter, LEFT, max(y + 44, 640))


def _section(canvas: Canvas, title: str, style: Style, accent: Color, y: float) -> float:
    canvas.text(LEFT, y, title, style.bold().colored(accent))
    return y + style.size * 1.6


def draw_form(rng: Random, letter: DischargeLetter, canvas: Canvas) -> None:
    """Draw a form with captioned boxes."""
    style, accent = Style(rng.choice(("helvetica", "fira", "ubuntu")), 9), accent_of(letter.hospital)
    left, right = 44.0, 568.0
    canvas.rect((left, 36, right, 74), fill=accent)
    canvas.text(left + 12, 60, letter.hospital, style.bold().sized(15).colored(WHITE), field="hospital")
    canvas.text(right - 12, 60, "DISCHARGE SUMMARY", style.bold().sized(11).colored(WHITE), align="right")
    canvas.text(left, 88, f"{letter.ward}, {letter.address.joined}, {letter.phone}", style.sized(7.6).colored(GREY))
    width = (right - left) / 4
    for index, (label, field) in enumerate(PARTICULARS):
        x = left + index * width
        canvas.rect((x, 100, x + width, 136), stroke=GREY)
        if canvas.has(field):
            canvas.text(x + 6, 112, label, style.sized(7).colored(GREY))
            canvas.fact(x + 6, 128, field, style.bold())
    canvas.text(left, 154, f"MRN {letter.record}    Primary care: {letter.recipient}", style)
    y = _bar(canvas, "DIAGNOSES AND ICD-10-CM CODES", style, accent, left, right, 176)
    y = _diagnoses(canvas, letter, style, left + 6, y, right - 6)
    y = _bar(canvas, "HOSPITAL COURSE", style, accent, left, right, y + 14)
    for paragraph in _course(letter):
        y = _paragraph(canvas, paragraph, style, left + 6, y, right - 6) + 4
    y = _bar(canvas, "MEDICATION AT DISCHARGE", style, accent, left, right, y + 14)
    y = _medication(canvas, letter, style, left + 6, y)
    today = render_date(letter.discharged, "{b} {y}", "en")
    canvas.text(right, 770, f"Form HR-112, {today}", style.sized(7).colored(GREY), align="right")
    _signed(canvas, style, letter, left + 6, max(y + 48, 620))


def _bar(canvas: Canvas, title: str, style: Style, accent: Color, left: float, right: float, y: float) -> float:
    canvas.rect((left, y - 11, right, y + 6), fill=lighter(accent, 0.85))
    canvas.text(left + 6, y, title, style.bold().sized(8).colored(accent))
    return y + 22
