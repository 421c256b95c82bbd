"""A page's words, blocks and measures as the JSON that rows keep and the API shows, and back.

A word is {"text", "bbox": [x0, y0, x1, y1], "confidence", "source", "line"} with "alternatives" where there are
any; a block is {"kind", "bbox", "words": [start, stop]}. Coordinates keep five decimals: a tenth of a pixel on
the largest page that is rendered.
"""

from dataclasses import asdict
from typing import Any

from ingestion.domain.layout import Block, BlockKind, ImageMeasures, PageReading, Word, WordSource
from refinery.types import BoundingBox

DECIMALS = 5


def pack_box(box: BoundingBox) -> list[float]:
    """Give the corners, rounded."""
    return [round(corner, DECIMALS) for corner in box.as_list()]


def pack_word(word: Word) -> dict[str, Any]:
    """Give a word as JSON."""
    packed = {
        "text": word.text,
        "bbox": pack_box(word.bbox),
        "confidence": round(word.confidence, 4),
        "source": word.source.value,
        "line": word.line,
    }
    return packed | {"alternatives": list(word.alternatives)} if word.alternatives else packed


def unpack_word(packed: dict[str, Any]) -> Word:
    """Read a word back."""
    return Word(
        text=packed["text"],
        bbox=BoundingBox(*packed["bbox"]),
        confidence=packed["confidence"],
        source=WordSource(packed["source"]),
        line=packed["line"],
        alternatives=tuple(packed.get("alternatives", ())),
    )


def pack_block(block: Block) -> dict[str, Any]:
    """Give a block as JSON."""
    return {"kind": block.kind.value, "bbox": pack_box(block.bbox), "words": [block.start, block.stop]}


def unpack_block(packed: dict[str, Any]) -> Block:
    """Read a block back."""
    start, stop = packed["words"]
    return Block(BlockKind(packed["kind"]), BoundingBox(*packed["bbox"]), start, stop)


def pack_page(page: PageReading) -> dict[str, Any]:
    """Give what a page's row keeps of a reading, all but its images."""
    return {
        "width": page.width,
        "height": page.height,
        "source": page.source.value,
        "confidence": page.confidence,
        "words": [pack_word(word) for word in page.words],
        "blocks": [pack_block(block) for block in page.blocks],
        "measures": asdict(page.measures) if page.measures else None,
        "error": (page.error or "")[:300],
    }


def unpack_page(number: int, packed: dict[str, Any]) -> PageReading:
    """Read a page back from what its row keeps."""
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
    )
