"""Documents for layout analysis: letters, articles in columns, forms, statements with tables."""

from collections.abc import Callable
from random import Random

from samples.blocks.pen import BODY, BlockPen, TableColumn, TableLook
from samples.blocks.prose import FAMILY_NAMES, GIVEN_NAMES, heading, prose, sentence
from samples.blocks.truth import CellTruth, Paper
from samples.layout.fonts import Style, wrap
from samples.seeds import random_stream

LEFT, RIGHT = 60.0, 535.0
_GOODS = ("Copper wire", "Door hinge", "Oak board", "Paint, white", "Sand, washed", "Roof tile", "Work bench")


def letter(rng: Random) -> Paper:
    """Three pages with the same header and footer: paragraphs, a list, a stamp, a signature."""
    pen, house = BlockPen("letter"), f"{rng.choice(FAMILY_NAMES)} Works"
    for page in range(1, 4):
        pen.edge("header", 40, house, f"Ref {rng.randint(100, 999)}-{page}")
        y = 90.0
        if page == 1:
            y = pen.text("title", LEFT, y, (heading(rng),), BODY.bold().sized(18)) + 10
        for _ in range(3):
            y = pen.paragraph(LEFT, RIGHT, y, prose(rng, rng.randint(3, 5)))
        mark = rng.choice(("•", "-", "1."))
        items = [(f"{n}." if mark == "1." else mark, sentence(rng)) for n in range(1, rng.randint(4, 6))]
        y = pen.items(LEFT, RIGHT, y, items)
        y = pen.paragraph(LEFT, RIGHT, y + 4, prose(rng, 3))
        if page == 3:
            y = pen.signature(LEFT, y + 60, f"{house}{rng.random()}", "Signature")
            pen.stamp(rng, 360, y + 20, ("RECEIVED", f"{rng.randint(10, 28)} MAR 2024"))
        pen.edge("footer", 810, f"{house}, Harbour Street 12", f"Page {page} of 3")
        if page < 3:
            pen.next_page()
    return pen.paper()


def article(rng: Random) -> Paper:
    """A title over two or three columns of running text with headings, a figure, and a footnote."""
    pen, columns = BlockPen("article"), rng.choice((2, 2, 3))
    style = Style(rng.choice(("times", "helvetica")), 9.5)
    pen.text("title", (LEFT + RIGHT) / 2, 80, (heading(rng),), style.bold().sized(20), align="center")
    pen.text("paragraph", (LEFT + RIGHT) / 2, 108, (" and ".join(rng.sample(GIVEN_NAMES, 2)),), style, align="center")
    gap, width = 18.0, (RIGHT - LEFT - 18.0 * (columns - 1)) / columns
    for column in range(columns):
        x, y = LEFT + column * (width + gap), 145.0
        if column == 1:
            pen.figure((x, y, x + width, y + 90), [rng.uniform(0.3, 1) for _ in range(8)])
            y += 110
        while y < 600:
            head = style.bold().sized(12.5)
            y = pen.text("title", x, y, wrap(heading(rng), head, width), head) + 4
            for _ in range(rng.randint(1, 2)):
                y = pen.paragraph(x, x + width, y, prose(rng, rng.randint(3, 4)), style)
            y += 6
    pen.paragraph(LEFT, LEFT + width, 772, f"1 {prose(rng, 2)}", style.sized(7.5))
    return pen.paper()


def form(rng: Random) -> Paper:
    """Labels with values, ticked and empty check boxes, a signature line."""
    pen = BlockPen("form")
    y = pen.text("title", LEFT, 80, ("Application",), BODY.bold().sized(18)) + 16
    name = f"{rng.choice(GIVEN_NAMES)} {rng.choice(FAMILY_NAMES)}"
    rows = [
        ("Name of applicant:", name),
        ("Date of birth:", f"{rng.randint(1, 28):02d}.{rng.randint(1, 12):02d}.19{rng.randint(40, 99)}"),
        ("Street:", f"{rng.choice(FAMILY_NAMES)} Lane {rng.randint(1, 90)}"),
        ("Telephone:", f"0{rng.randint(100, 999)} {rng.randint(10000, 99999)}"),
    ]
    y = pen.pairs(LEFT, LEFT + 130, y, rows) + 10
    y = pen.paragraph(LEFT, RIGHT, y, prose(rng, 2)) + 6
    for labels in (("Single", "Married", "Widowed"), ("Yes", "No"), ("By post", "By telephone", "In person")):
        ticked = rng.randrange(len(labels))
        y = pen.check_boxes(LEFT, y, [(label, number == ticked) for number, label in enumerate(labels)])
    y = pen.paragraph(LEFT, RIGHT, y + 10, prose(rng, 3))
    pen.signature(LEFT + 240, y + 70, name, "Signature of the applicant")
    return pen.paper()


def statement(rng: Random) -> Paper:
    """Tables: with a grid, with rules under rows, with a rule only under the head, and without any."""
    pen = BlockPen("statement")
    y = pen.text("title", LEFT, 80, (heading(rng),), BODY.bold().sized(16)) + 8
    for rules in rng.sample(("grid", "rows", "head", "none"), 2):
        y = pen.paragraph(LEFT, RIGHT, y, prose(rng, 2)) + 20
        columns = (
            TableColumn(LEFT, 280),
            TableColumn(280, 360, "right"),
            TableColumn(360, 450, "right"),
            TableColumn(450, RIGHT, "right"),
        )
        look = TableLook(columns, rules, pitch=20 if rules == "grid" else 18)
        goods = rng.sample(_GOODS, rng.randint(4, 6))
        rows = [("Article", "Quantity", "Price", "Amount")] + [_position(rng, good) for good in goods]
        y = pen.table(y, rows, look) + 24
    pen.paragraph(LEFT, RIGHT, y, prose(rng, 2))
    return pen.paper()


def _position(rng: Random, good: str) -> tuple[str, str, str, str]:
    quantity, price = rng.randint(1, 40), rng.randint(150, 9900)
    more = " in the usual quality, delivered to the yard" if rng.random() < 0.3 else ""
    return good + more, str(quantity), f"{price / 100:.2f}", f"{quantity * price / 100:.2f}"


def results(rng: Random) -> Paper:
    """A table whose head spans columns, with a grid or without rules."""
    pen = BlockPen("results")
    y = pen.text("title", LEFT, 80, (heading(rng),), BODY.bold().sized(16)) + 8
    y = pen.paragraph(LEFT, RIGHT, y, prose(rng, 3)) + 20
    columns = (TableColumn(LEFT, 180), *(TableColumn(180 + 88 * n, 268 + 88 * n, "right") for n in range(4)))
    spans = (CellTruth(0, 0, ""), CellTruth(0, 1, "Year 2023", 1, 2), CellTruth(0, 3, "Year 2024", 1, 2))
    rows: list[tuple[str, ...]] = [("Branch", "Orders", "Sales", "Orders", "Sales")]
    rows += [
        (name, *(f"{rng.randint(10, 999)}" for _ in range(4))) for name in rng.sample(FAMILY_NAMES, rng.randint(4, 7))
    ]
    y = pen.table(y, rows, TableLook(columns, rng.choice(("grid", "head", "none"))), spans=spans) + 20
    pen.paragraph(LEFT, RIGHT, y, prose(rng, 3))
    return pen.paper()


PAPER_RECIPES: dict[str, Callable[[Random], Paper]] = {
    "letter": letter,
    "article": article,
    "form": form,
    "statement": statement,
    "results": results,
}


def make_paper(name: str, seed: int, index: int) -> Paper:
    """Generate a document: the same arguments produce the same one."""
    return PAPER_RECIPES[name](random_stream(seed, "blocks", name, index))
