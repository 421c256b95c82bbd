"""Drawn invoice images with the positions of every word and field."""

from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from ingestion.domain.layout.analysis import PageLayout, analyze_layout
from ingestion.domain.page.elements import Word, WordSource
from refinery.core.types import BoundingBox

WIDTH, HEIGHT = 1240, 1754
INK = (32, 34, 40)
PALE_INK = (110, 114, 124)
RULE = (205, 208, 214)


@dataclass
class InvoiceImage:
    """One page being drawn: its image, its words and the boxes of its fields, 0..1 of the page."""

    image: Image.Image = field(default_factory=lambda: Image.new("RGB", (WIDTH, HEIGHT), "white"))
    words: list[dict[str, Any]] = field(default_factory=list)
    boxes: dict[str, list[float]] = field(default_factory=dict)

    def write(self, at: tuple[int, int], text: str, size: int = 26, **style: Any) -> None:
        """Draw one line of text word by word; `name` stores the line's box, `end` aligns it to the right."""
        pen = ImageDraw.Draw(self.image)
        font = _font(size)
        x, y = at
        if style.get("end"):
            x -= int(pen.textlength(text, font=font))
        first = len(self.words)
        for word in text.split(" "):
            pen.text((x, y), word, fill=style.get("fill", INK), font=font)
            left, top, right, bottom = pen.textbbox((x, y), word, font=font)
            box = [left / WIDTH, top / HEIGHT, right / WIDTH, bottom / HEIGHT]
            self.words.append(
                {"text": word, "bbox": box, "confidence": style.get("confidence", 0.99), "source": "rapidocr"}
            )
            x += int(pen.textlength(word + " ", font=font))
        if style.get("name"):
            found = [word["bbox"] for word in self.words[first:]]
            self.boxes[style["name"]] = [
                min(b[0] for b in found),
                min(b[1] for b in found),
                max(b[2] for b in found),
                max(b[3] for b in found),
            ]

    def rule(self, y: int) -> None:
        """Draw a thin line across the page."""
        ImageDraw.Draw(self.image).line([(110, y), (WIDTH - 110, y)], fill=RULE, width=2)

    def layout(self) -> PageLayout:
        """Analyse the layout of the drawn words, as the reader does."""
        words = [
            Word(word["text"], BoundingBox(*word["bbox"]), word["confidence"], WordSource(word["source"]), 0)
            for word in self.words
        ]
        return analyze_layout(words, aspect=HEIGHT / WIDTH)

    def jpeg(self, width: int = WIDTH) -> bytes:
        """Return the page as JPEG, in full size or as a thumbnail."""
        image = self.image if width == WIDTH else self.image.resize((width, width * HEIGHT // WIDTH))
        out = BytesIO()
        image.save(out, "JPEG", quality=85)
        return out.getvalue()


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


LINES = [
    ("Precision bearing 6204-2RS", "24", "18.40", "441.60"),
    ("Shaft coupling, aluminium, 25 mm", "6", "62.15", "372.90"),
    ("Linear rail MGN12H, 500 mm", "4", "58.50", "234.00"),
    ("Freight and packing", "1", "200.00", "200.00"),
]


def invoice(number: int) -> InvoiceImage:
    """Draw the first page of an invoice; `number` varies the printed values."""
    sheet = InvoiceImage()
    sheet.write((110, 110), "Acme Drives GmbH", 46, name="supplier", confidence=0.9)
    sheet.write((110, 176), "Lindenstrasse 14 · 70178 Stuttgart", 22, fill=PALE_INK, name="address")
    sheet.write((1130, 118), "INVOICE", 40, end=True)
    sheet.write((1130, 190), "Invoice number", 20, end=True, fill=PALE_INK)
    sheet.write((1130, 218), f"2024-{110 + number}", 28, end=True, name="number")
    sheet.write((1130, 270), "Invoice date", 20, end=True, fill=PALE_INK)
    sheet.write((1130, 298), f"{1 + number % 28:02d} March 2024", 28, end=True, name="date", confidence=0.93)
    sheet.write((110, 300), "Bill to", 20, fill=PALE_INK)
    sheet.write((110, 330), "Northwind Robotics Ltd", 28, name="customer")
    sheet.write((110, 370), "Unit 7, Harbour Road, Bristol BS1 5TT", 24)
    sheet.rule(470)
    for x, title in ((110, "Description"), (760, "Qty"), (930, "Price"), (1130, "Amount")):
        sheet.write((x, 488), title, 20, fill=PALE_INK, end=x > 700)
    sheet.rule(528)
    for row, (what, count, price, amount) in enumerate(LINES):
        y = 552 + row * 54
        sheet.write((110, y), what, 25)
        for x, value in ((760, count), (930, price), (1130, amount)):
            sheet.write((x, y), value, 25, end=True, confidence=0.72 if value == "372.90" else 0.97)
    sheet.rule(790)
    sheet.write((930, 816), "Net", 25, end=True, fill=PALE_INK)
    sheet.write((1130, 816), "1,248.50", 25, end=True, name="net")
    sheet.write((930, 862), "VAT 19 %", 25, end=True, fill=PALE_INK)
    sheet.write((1130, 862), "237.22", 25, end=True, name="tax", confidence=0.44)
    sheet.write((930, 916), "Total EUR", 30, end=True)
    sheet.write((1130, 916), "1,485.72", 30, end=True, name="total", confidence=0.62)
    sheet.write((110, 1080), "Please pay within 30 days to", 24, fill=PALE_INK)
    sheet.write((110, 1116), "IBAN DE02 1203 0000 0000 2020 51", 26, name="iban")
    sheet.write((110, 1620), "Acme Drives GmbH · HRB 731204 · VAT DE811569869", 20, fill=PALE_INK, name="vat_id")
    return sheet


def terms() -> InvoiceImage:
    """Draw a page of small print."""
    sheet = InvoiceImage()
    sheet.write((110, 120), "Terms of delivery", 36)
    for row in range(24):
        text = f"{row + 1}. Goods remain the property of the seller until they have been paid in full."
        sheet.write((110, 210 + row * 52), text, 23, fill=PALE_INK)
    sheet.write((110, 1560), "Order reference PO-77120", 26, name="order")
    return sheet
