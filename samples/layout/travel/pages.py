"""Data page of the passport (TD3, 125 x 88 mm) and the card (TD1, both sides on one page)."""

from random import Random

from samples.content.identity import IdentityDocument
from samples.content.printed import render_date
from samples.layout.canvas import Canvas
from samples.layout.fonts import BLACK, Color, Style
from samples.layout.marks import draw_signature, lighter
from samples.layout.travel.background import draw_guilloche, draw_portrait, draw_rosette

PASSPORT = (354.3, 249.4)  # 125 x 88 mm
CARD = (242.6, 153.0)  # 85.6 x 54 mm
CARD_SHEET = (CARD[0] + 40, CARD[1] * 2 + 56)
INKS: tuple[Color, ...] = ((0.36, 0.16, 0.30), (0.10, 0.30, 0.42), (0.16, 0.38, 0.30), (0.50, 0.28, 0.10))
CAPTIONS = {
    "document_type": "Type / Type",
    "code": "Code / Code",
    "document_number": "Passport No. / No. du passeport",
    "surname": "Surname / Nom",
    "given_names": "Given names / Prénoms",
    "nationality": "Nationality / Nationalité",
    "date_of_birth": "Date of birth / Date de naissance",
    "sex": "Sex / Sexe",
    "birthplace": "Place of birth / Lieu de naissance",
    "issued": "Date of issue / Date de délivrance",
    "expiry_date": "Date of expiry / Date d'expiration",
}


def _captioned(canvas: Canvas, x: float, y: float, caption: str, field: str, ink: Color, style: Style) -> None:
    if canvas.has(field):
        canvas.text(x, y, caption, Style("helvetica", style.size * 0.52, color=ink))
        canvas.fact(x, y + style.size * 1.08, field, style)


def _noted(canvas: Canvas, x: float, y: float, caption: str, value: str, ink: Color, style: Style) -> None:
    canvas.text(x, y, caption, Style("helvetica", style.size * 0.52, color=ink))
    canvas.text(x, y + style.size * 1.08, value, style)


def draw_passport(rng: Random, document: IdentityDocument, canvas: Canvas) -> None:
    """Draw a passport's data page."""
    ink = rng.choice(INKS)
    width, height = PASSPORT
    canvas.rect((0, 0, width, height), fill=lighter(ink, 0.9))
    draw_guilloche(canvas, rng, (0, 34, width, height - 58), ink)
    draw_rosette(canvas, rng, width * 0.74, height * 0.42, 62, ink)
    head = Style("helvetica", 9, "bold", ink)
    canvas.text(14, 20, "UTOPIA", head.sized(13))
    canvas.text(84, 20, "PASSPORT / PASSEPORT", head)
    canvas.line(14, 27, width - 14, 27, color=ink, width=0.8)
    draw_portrait(canvas, rng, (14, 42, 106, 160))
    draw_signature(canvas, 22, 182, 66, document.holder.surname)
    _passport_text(canvas, document, ink)
    canvas.rect((0, height - 56, width, height), fill=lighter(ink, 0.97))
    zone = canvas.facts["mrz"].text.split("\n")
    canvas.lines(14, height - 34, zone, Style("cascadia", 12.15, color=BLACK), leading=1.55, field="mrz")


def _passport_text(canvas: Canvas, document: IdentityDocument, ink: Color) -> None:
    style = Style("fira", 9.2, color=BLACK)
    _captioned(canvas, 118, 42, CAPTIONS["document_type"], "document_type", ink, style)
    _noted(canvas, 166, 42, CAPTIONS["code"], document.holder.issuer, ink, style)
    _captioned(canvas, 234, 42, CAPTIONS["document_number"], "document_number", ink, style)
    _captioned(canvas, 118, 66, CAPTIONS["surname"], "surname", ink, style)
    _captioned(canvas, 118, 90, CAPTIONS["given_names"], "given_names", ink, style)
    _captioned(canvas, 118, 114, CAPTIONS["nationality"], "nationality", ink, style)
    _captioned(canvas, 234, 114, CAPTIONS["date_of_birth"], "date_of_birth", ink, style)
    _captioned(canvas, 118, 138, CAPTIONS["sex"], "sex", ink, style)
    _noted(canvas, 166, 138, CAPTIONS["birthplace"], document.birthplace.upper(), ink, style)
    issued = render_date(document.issued, document.style, "en").upper()
    _noted(canvas, 118, 162, CAPTIONS["issued"], issued, ink, style)
    _captioned(canvas, 234, 162, CAPTIONS["expiry_date"], "expiry_date", ink, style)


def draw_card(rng: Random, document: IdentityDocument, canvas: Canvas) -> None:
    """Draw both sides of an identity card, one above the other."""
    ink = rng.choice(INKS)
    width, height = CARD
    left, top = 20.0, 20.0
    _face(canvas, rng, left, top, ink)
    style = Style("fira", 7.6, color=BLACK)
    canvas.text(left + 12, top + 18, "UTOPIA", Style("helvetica", 10, "bold", ink))
    canvas.text(left + width - 12, top + 18, "IDENTITY CARD", Style("helvetica", 7, "bold", ink), align="right")
    draw_portrait(canvas, rng, (left + 12, top + 32, left + 72, top + 108))
    draw_signature(canvas, left + 14, top + 132, 52, document.holder.surname)
    x, middle = left + 84, left + 164
    _captioned(canvas, x, top + 36, CAPTIONS["surname"], "surname", ink, style)
    _captioned(canvas, x, top + 56, CAPTIONS["given_names"], "given_names", ink, style)
    _captioned(canvas, x, top + 76, CAPTIONS["nationality"], "nationality", ink, style)
    _captioned(canvas, middle, top + 76, CAPTIONS["sex"], "sex", ink, style)
    _captioned(canvas, x, top + 96, "Date of birth", "date_of_birth", ink, style)
    _captioned(canvas, middle, top + 96, "Date of expiry", "expiry_date", ink, style)
    _captioned(canvas, x, top + 116, "Type", "document_type", ink, style)
    _captioned(canvas, middle, top + 116, "Document No.", "document_number", ink, style)
    _back(canvas, rng, document, left, top + height + 16, ink)


def _face(canvas: Canvas, rng: Random, left: float, top: float, ink: Color) -> None:
    width, height = CARD
    canvas.rect((left, top, left + width, top + height), fill=lighter(ink, 0.9), stroke=lighter(ink, 0.4), radius=0.06)
    draw_guilloche(canvas, rng, (left + 4, top + 24, left + width - 4, top + height - 6), ink)


def _back(canvas: Canvas, rng: Random, document: IdentityDocument, left: float, top: float, ink: Color) -> None:
    width, height = CARD
    _face(canvas, rng, left, top, ink)
    draw_rosette(canvas, rng, left + width * 0.8, top + 44, 32, ink)
    style = Style("fira", 7.6, color=BLACK)
    _noted(canvas, left + 12, top + 22, CAPTIONS["birthplace"], document.birthplace.upper(), ink, style)
    _noted(canvas, left + 12, top + 44, "Height / Taille", f"{document.height} cm", ink, style)
    issued = render_date(document.issued, document.style, "en").upper()
    _noted(canvas, left + 12, top + 66, CAPTIONS["issued"], issued, ink, style)
    canvas.rect((left + 1, top + height - 58, left + width - 1, top + height - 5), fill=lighter(ink, 0.97))
    zone = canvas.facts["mrz"].text.split("\n")
    canvas.lines(left + 9, top + height - 42, zone, Style("cascadia", 12.15, color=BLACK), leading=1.3, field="mrz")
