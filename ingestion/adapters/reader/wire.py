"""Readings as JSON and back. What comes back from a child is foreign: every value is checked on its way in."""

from collections.abc import Mapping, Sequence
from typing import Any

from ingestion.domain.page.barcodes import KINDS, MOST, Code, shown_text
from ingestion.domain.page.elements import (
    Block,
    BlockKind,
    Cell,
    ImageMeasures,
    PageReading,
    Table,
    Word,
    WordSource,
)
from ingestion.domain.page.notes import known_notes
from refinery.core.types import BoundingBox

_DIGITS = 5


def word_to_json(word: Word) -> list[Any]:
    """Give [text, box, confidence, source, line, alternatives]."""
    return [word.text, box_to_json(word.bbox), round(word.confidence, 4), word.source.value, word.line,
            list(word.alternatives)]  # fmt: skip


def word_from_json(value: Sequence[Any]) -> Word:
    """Read a word back; raises ValueError, TypeError or KeyError when it is none."""
    text, box, confidence, source, line, alternatives = value
    return Word(
        clean(text), box_from_json(box), share(confidence), WordSource(source), int(line),
        tuple(clean(alternative) for alternative in alternatives),
    )  # fmt: skip


def page_to_json(page: PageReading) -> dict[str, Any]:
    """Give a page as a JSON object."""
    return {
        "number": page.number, "width": page.width, "height": page.height, "source": page.source.value,
        "confidence": round(page.confidence, 4), "error": page.error,
        "words": [word_to_json(word) for word in page.words],
        "blocks": [block_to_json(block) for block in page.blocks],
        "measures": measures_to_json(page.measures) if page.measures else None,
        "codes": [[code.kind, code.text, box_to_json(code.bbox)] for code in page.codes],
        "notes": list(page.notes),
    }  # fmt: skip


def page_from_json(value: Mapping[str, Any]) -> PageReading:
    """Read a page back; raises ValueError, TypeError or KeyError when it is none."""
    words = tuple(word_from_json(word) for word in value["words"])
    blocks = tuple(block_from_json(block, words) for block in value["blocks"])
    measures = value["measures"]
    error = value["error"]
    return PageReading(
        number=int(value["number"]), width=int(value["width"]), height=int(value["height"]),
        source=WordSource(value["source"]), confidence=share(value["confidence"]), words=words, blocks=blocks,
        measures=ImageMeasures(*(float(number) for number in measures)) if measures else None,
        error=str(error)[:300] if error else None, codes=codes_from_json(value.get("codes", ())),
        notes=known_notes(value.get("notes")),
    )  # fmt: skip


def block_to_json(block: Block) -> list[Any]:
    """Give [kind, box, first word, word behind the last, ticked or not, table]."""
    table = block.table and [
        block.table.rows,
        block.table.columns,
        [
            [cell.row, cell.column, cell.row_span, cell.column_span, box_to_json(cell.bbox), cell.start, cell.stop]
            for cell in block.table.cells
        ],
    ]
    return [block.kind.value, box_to_json(block.bbox), block.start, block.stop, block.checked, table]


def block_from_json(value: Sequence[Any], words: Sequence[Word]) -> Block:
    """Read a block of a page with these words back; raises ValueError, TypeError or KeyError when it is none."""
    kind, box, start, stop, checked, table = (*value, None, None)[:6]  # readings kept by benchmarks may be older
    return Block(
        BlockKind(kind), box_from_json(box), _index(start, words), _index(stop, words),
        table_from_json(table, words) if table else None, None if checked is None else bool(checked),
    )  # fmt: skip


def table_from_json(value: Sequence[Any], words: Sequence[Word]) -> Table:
    """Read a table back; raises ValueError when a cell lies outside."""
    rows, columns, cells = int(value[0]), int(value[1]), []
    for row, column, down, across, box, start, stop in value[2]:
        if not (
            0 <= int(row) < int(row) + int(down) <= rows
            and 0 <= int(column) < int(column) + int(across) <= columns
        ):
            message = f"a cell at {row}, {column} of a table of {rows} by {columns}"
            raise ValueError(message)
        cells.append(Cell(int(row), int(column), box_from_json(box), _index(start, words), _index(stop, words),
                          int(down), int(across)))  # fmt: skip
    return Table(rows, columns, tuple(cells))


def codes_from_json(values: Sequence[Sequence[Any]]) -> tuple[Code, ...]:
    """Read a page's codes back, bounded as the child bounds them; raises ValueError for a kind that is none."""
    return tuple(
        Code(KINDS[KINDS.index(kind)], shown_text(clean(text)), box_from_json(box))
        for kind, text, box in values[:MOST]
    )


def measures_to_json(measures: ImageMeasures) -> list[float]:
    """Give the measures in the order of their class."""
    numbers = (measures.dpi, measures.sharpness, measures.contrast, measures.skew_degrees, measures.ink,
               measures.ink_at_edge)  # fmt: skip
    return [round(number, 5) for number in numbers]


def box_to_json(box: BoundingBox) -> list[float]:
    """Give the corners, rounded to a hundredth of a thousandth of the page."""
    return [round(side, _DIGITS) for side in box.as_list()]


def box_from_json(value: Sequence[Any]) -> BoundingBox:
    """Read a box back; raises ValueError when it is off the page."""
    x0, y0, x1, y1 = (float(side) for side in value)
    return BoundingBox(x0, y0, x1, y1)


def clean(text: object) -> str:
    """Give text that a database takes: no NUL, no lone surrogate."""
    return str(text).replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def share(value: float) -> float:
    """Give a number between 0 and 1; raises ValueError for any other."""
    number = float(value)
    if not 0 <= number <= 1:
        message = f"not a share: {number}"
        raise ValueError(message)
    return number


def _index(value: int, words: Sequence[Word]) -> int:
    index = int(value)
    if not 0 <= index <= len(words):
        message = f"a block ends at word {index} of {len(words)}"
        raise ValueError(message)
    return index
