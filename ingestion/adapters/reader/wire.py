"""Validation of the JSON that a sandbox child sends: it is untrusted, so every value is checked or coerced.

The format is that of ingestion.domain.page.serialization, for a page with its number. Each function raises
ValueError, TypeError or KeyError for anything else.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from ingestion.domain.page.barcodes import BARCODE_KINDS, MAX_BARCODES, printable_barcode_text
from ingestion.domain.page.elements import ImageMeasures, PageReading, Word
from ingestion.domain.page.notes import known_notes
from ingestion.domain.page.serialization import pack_page, unpack_page, unpack_word

_MEASURES = tuple(field.name for field in fields(ImageMeasures))
_MAX_ERROR_LENGTH = 300


def page_to_json(page: PageReading) -> dict[str, Any]:
    """Return a page as a child sends it."""
    return {"number": page.number, **pack_page(page)}


def page_from_json(value: Mapping[str, Any]) -> PageReading:
    """Check a page and unpack it."""
    words = [_checked_word(word) for word in value["words"]]
    measures = value["measures"]
    checked = {
        "width": checked_int(value["width"]),
        "height": checked_int(value["height"]),
        "source": value["source"],
        "confidence": checked_share(value["confidence"]),
        "words": words,
        "blocks": [_checked_block(block, len(words)) for block in value["blocks"]],
        "measures": {name: checked_float(measures[name]) for name in _MEASURES} if measures else None,
        "error": str(value["error"] or "")[:_MAX_ERROR_LENGTH],
        "codes": [_checked_barcode(code) for code in value.get("codes", ())[:MAX_BARCODES]],
        "notes": known_notes(value.get("notes")),
    }
    return unpack_page(checked_int(value["number"]), checked)


def word_from_json(value: Mapping[str, Any]) -> Word:
    """Check a word and unpack it."""
    return unpack_word(_checked_word(value))


def _checked_word(value: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "text": clean_text(value["text"]),
        "bbox": _checked_box(value["bbox"]),
        "confidence": checked_share(value["confidence"]),
        "source": value["source"],
        "line": checked_int(value["line"]),
        "alternatives": [clean_text(alternative) for alternative in value.get("alternatives", ())],
    }


def _checked_block(value: Mapping[str, Any], words: int) -> dict[str, Any]:
    block: dict[str, Any] = {
        "kind": value["kind"],
        "bbox": _checked_box(value["bbox"]),
        "words": _checked_span(value["words"], words),
    }
    if value.get("checked") is not None:
        block["checked"] = bool(value["checked"])
    if "cells" in value:
        rows, columns = checked_int(value["rows"]), checked_int(value["columns"])
        cells = [_checked_cell(cell, rows, columns, words) for cell in value["cells"]]
        block |= {"rows": rows, "columns": columns, "cells": cells}
    return block


def _checked_cell(value: Mapping[str, Any], rows: int, columns: int, words: int) -> dict[str, Any]:
    row, column, row_span, column_span = (
        checked_int(value[name]) for name in ("row", "column", "row_span", "column_span")
    )
    if not (0 <= row < row + row_span <= rows and 0 <= column < column + column_span <= columns):
        message = f"a cell at {row}, {column} of a table of {rows} by {columns}"
        raise ValueError(message)
    place = {"row": row, "column": column, "row_span": row_span, "column_span": column_span}
    return place | {"bbox": _checked_box(value["bbox"]), "words": _checked_span(value["words"], words)}


def _checked_barcode(value: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "format": BARCODE_KINDS[BARCODE_KINDS.index(value["format"])],
        "text": printable_barcode_text(clean_text(value["text"])),
        "bbox": _checked_box(value["bbox"]),
    }


def _checked_box(value: Sequence[Any]) -> list[float]:
    """Return four numbers; BoundingBox checks that they are on the page."""
    x0, y0, x1, y1 = (checked_float(side) for side in value)
    return [x0, y0, x1, y1]


def _checked_span(value: Sequence[Any], words: int) -> list[int]:
    start, stop = (checked_int(index) for index in value)
    if not (0 <= start <= words and 0 <= stop <= words):
        message = f"a block of words {start} to {stop} of {words}"
        raise ValueError(message)
    return [start, stop]


def clean_text(text: object) -> str:
    """Return text that a database accepts: no NUL, no lone surrogate."""
    return str(text).replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def checked_float(value: Any) -> float:  # noqa: ANN401 - anything that a child may send
    """Return a finite number: JSON of a child may hold NaN and infinities, that of a database may not."""
    number = float(value)
    if not math.isfinite(number):
        message = f"not a finite number: {number}"
        raise ValueError(message)
    return number


def checked_int(value: Any) -> int:  # noqa: ANN401 - anything that a child may send
    """Return an integer; raises ValueError for NaN and infinities."""
    return int(value) if isinstance(value, int) else int(checked_float(value))


def checked_share(value: float) -> float:
    """Return a number between 0 and 1; raises ValueError for any other."""
    number = checked_float(value)
    if not 0 <= number <= 1:
        message = f"not a share: {number}"
        raise ValueError(message)
    return number
