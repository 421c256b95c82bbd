"""JSON form of pages, which rows store, sandbox children send and the API shows.

A word is {"text", "bbox": [x0, y0, x1, y1], "confidence", "source", "line"} with "alternatives" if there are
any; a block is {"kind", "bbox", "words": [start, stop]}, a table has "rows", "columns" and "cells" as well, each
{"row", "column", "row_span", "column_span", "bbox", "words"}, a check box "checked". Coordinates have five
decimals: a tenth of a pixel on the largest page that is rendered. JSON of earlier versions has neither cells nor
check boxes, and loads unchanged.
"""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from ingestion.domain.page.barcodes import Barcode
from ingestion.domain.page.elements import Block, BlockKind, Cell, ImageMeasures, PageReading, Table, Word, WordSource
from ingestion.domain.page.orientation import detect_orientation
from refinery.core.types import BoundingBox

DECIMALS = 5


def pack_box(box: BoundingBox) -> list[float]:
    """Return the corners, rounded."""
    return [round(corner, DECIMALS) for corner in box.as_list()]


def pack_word(word: Word) -> dict[str, Any]:
    """Convert a word to JSON."""
    packed = {
        "text": word.text,
        "bbox": pack_box(word.bbox),
        "confidence": round(word.confidence, 4),
        "source": word.source.value,
        "line": word.line,
    }
    return packed | {"alternatives": list(word.alternatives)} if word.alternatives else packed


def unpack_word(packed: dict[str, Any]) -> Word:
    """Read a word from JSON."""
    return Word(
        text=packed["text"],
        bbox=BoundingBox(*packed["bbox"]),
        confidence=packed["confidence"],
        source=WordSource(packed["source"]),
        line=packed["line"],
        alternatives=tuple(packed.get("alternatives", ())),
    )


def packed_page_orientation(width: int, height: int, words: Iterable[dict[str, Any]]) -> int:
    """Return by how many quarters, clockwise, a stored page must be rotated for its words to be upright."""
    return detect_orientation(PageReading(1, width, height, WordSource.NATIVE, 0.0, tuple(map(unpack_word, words))))


def pack_block(block: Block) -> dict[str, Any]:
    """Convert a block to JSON."""
    packed: dict[str, Any] = {
        "kind": block.kind.value,
        "bbox": pack_box(block.bbox),
        "words": [block.start, block.stop],
    }
    if block.table:
        cells = [_pack_cell(cell) for cell in block.table.cells]
        packed |= {"rows": block.table.rows, "columns": block.table.columns, "cells": cells}
    return packed if block.checked is None else packed | {"checked": block.checked}


def _pack_cell(cell: Cell) -> dict[str, Any]:
    return {
        "row": cell.row,
        "column": cell.column,
        "row_span": cell.row_span,
        "column_span": cell.column_span,
        "bbox": pack_box(cell.bbox),
        "words": [cell.start, cell.stop],
    }


def unpack_block(packed: dict[str, Any]) -> Block:
    """Read a block from JSON."""
    start, stop = packed["words"]
    table = None
    if "cells" in packed:
        cells = tuple(_unpack_cell(cell) for cell in packed["cells"])
        table = Table(packed["rows"], packed["columns"], cells)
    box = BoundingBox(*packed["bbox"])
    return Block(BlockKind(packed["kind"]), box, start, stop, table, packed.get("checked"))


def _unpack_cell(packed: dict[str, Any]) -> Cell:
    return Cell(
        packed["row"],
        packed["column"],
        BoundingBox(*packed["bbox"]),
        packed["words"][0],
        packed["words"][1],
        packed["row_span"],
        packed["column_span"],
    )


def api_blocks(blocks: list[dict[str, Any]], words: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return packed blocks as the API shows them: each cell with its text."""
    return [
        block | {"cells": [_api_cell(cell, words) for cell in block["cells"]]} if "cells" in block else block
        for block in blocks
    ]


def _api_cell(cell: dict[str, Any], words: list[dict[str, Any]]) -> dict[str, Any]:
    start, stop = cell["words"]
    return cell | {"text": " ".join(word["text"] for word in words[start:stop])}


def pack_barcode(code: Barcode) -> dict[str, Any]:
    """Convert a code to JSON, as the API shows it."""
    return {"format": code.kind, "text": code.text, "bbox": pack_box(code.bbox)}


def unpack_barcode(packed: dict[str, Any]) -> Barcode:
    """Read a code from JSON."""
    return Barcode(packed["format"], packed["text"], BoundingBox(*packed["bbox"]))


def pack_page(page: PageReading) -> dict[str, Any]:
    """Return the part of a reading that a page's row stores: everything except its images."""
    return {
        "width": page.width,
        "height": page.height,
        "source": page.source.value,
        "confidence": round(page.confidence, 4),
        "words": [pack_word(word) for word in page.words],
        "blocks": [pack_block(block) for block in page.blocks],
        "measures": _pack_measures(page.measures) if page.measures else None,
        "error": (page.error or "")[:300],
        "codes": [pack_barcode(code) for code in page.codes],
        "notes": list(page.notes),
    }


def _pack_measures(measures: ImageMeasures) -> dict[str, float]:
    return {name: round(value, DECIMALS) for name, value in asdict(measures).items()}


def unpack_page(number: int, packed: dict[str, Any]) -> PageReading:
    """Read a page from its row."""
    return PageReading(
        number=number,
        width=packed["width"],
        height=packed["height"],
        source=WordSource(packed["source"]),
        confidence=packed["confidence"],
        words=tuple(unpack_word(word) for word in packed["words"]),
        blocks=tuple(unpack_block(block) for block in packed["blocks"]),
        measures=ImageMeasures(**packed["measures"]) if packed["measures"] else None,
        error=packed["error"] or None,
        codes=tuple(unpack_barcode(code) for code in packed.get("codes", ())),
        notes=tuple(packed.get("notes", ())),
    )
