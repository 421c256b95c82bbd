"""Ground truth of a sample: boxes normalised to the page and, for a scan, transformed with it."""

from collections.abc import Callable

from samples.compose import ComposedSample
from samples.content.printed import Facts
from samples.layout.drawing import DrawingPage, PlacedText, bounding_box_of
from samples.sample import Box, FieldTruth, WordTruth
from samples.scan.geometry import ScanPlacement, map_box
from samples.schemas import SCHEMAS

Locate = Callable[[int, Box], Box]
_JOINERS = {"diagnoses": ", ", "iban": " ", "supplier": " ", "company": " "}
_DIGITS = 5


def locator(sheets: tuple[DrawingPage, ...], placements: tuple[ScanPlacement, ...] | None) -> Locate:
    """Return the function that maps a page number and a box in points to the box on the finished page."""

    def locate(page: int, box: Box) -> Box:
        sheet = sheets[page - 1]
        left, top = max(box[0] / sheet.width, 0.0), max(box[1] / sheet.height, 0.0)
        share = (left, top, min(box[2] / sheet.width, 1.0), min(box[3] / sheet.height, 1.0))
        moved = map_box(placements[page - 1], share) if placements else share
        return (round(moved[0], _DIGITS), round(moved[1], _DIGITS), round(moved[2], _DIGITS), round(moved[3], _DIGITS))

    return locate


def field_truths(kind: str, composed: ComposedSample, locate: Locate) -> dict[str, FieldTruth]:
    """Return every field of the schema in its order; one that was not printed is empty."""
    return {name: _field(name, composed.drawing.fields.get(name, ()), composed.facts, locate) for name in SCHEMAS[kind]}


def _field(name: str, pieces: tuple[PlacedText, ...], facts: Facts, locate: Locate) -> FieldTruth:
    if not pieces:
        return FieldTruth()
    page = pieces[0].page  # a footer repeats on every page: only the first is used
    first = [piece for piece in pieces if piece.page == page]
    value = _JOINERS.get(name, "\n").join(piece.text for piece in first)
    box = locate(page, bounding_box_of([piece.box for piece in first]))
    return FieldTruth(value, facts[name].normalized, page, box)


def word_truths(composed: ComposedSample, locate: Locate) -> tuple[WordTruth, ...]:
    """Return every word in drawing order."""
    return tuple(WordTruth(word.text, word.page, locate(word.page, word.box)) for word in composed.drawing.words)
