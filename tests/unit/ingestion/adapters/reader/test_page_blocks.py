"""Blocks of whole pages through the reader, from a PDF and from a scan of the same document."""

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from ingestion.adapters.reader.page_reader import SandboxedPageReader
from ingestion.domain.formats.entries.pdf import PDF
from ingestion.domain.layout.running_heads import find_headers_and_footers, mark_headers_and_footers, page_edges
from ingestion.domain.page.elements import Block, BlockKind, PageReading
from ingestion.domain.page.similarity import similarity
from ingestion.domain.ports import ReadingOptions
from samples.blocks.recipes import PAPER_RECIPES, make_paper
from samples.blocks.truth import BlockTruth, Paper
from samples.layout.pdf import render_pdf
from samples.scan.degradation import draw_degradation
from samples.scan.files import clean_pages, encode
from samples.scan.optics import degrade
from samples.seeds import random_stream

SEED = 7
TEXT_KINDS = {BlockKind.TITLE, BlockKind.PARAGRAPH, BlockKind.LIST, BlockKind.TABLE, BlockKind.HEADER, BlockKind.FOOTER}


def read_with_running_heads(reader: SandboxedPageReader, path: Path) -> list[PageReading]:
    """Read a file and mark its running heads and feet, as the last document step does."""
    with tempfile.TemporaryDirectory() as images:
        pages = [page.reading for page in reader.read(path, Path(images), ReadingOptions(PDF))]
    for page in pages:
        assert_words_in_one_block(page)
    found = find_headers_and_footers([page_edges(page) for page in pages])
    return [
        replace(page, blocks=mark_headers_and_footers(page, found[page.number])) if page.number in found else page
        for page in pages
    ]


def assert_words_in_one_block(page: PageReading) -> None:
    """Check that each word is in exactly one block, and each table word in exactly one cell."""
    homes = [block for block in page.blocks if block.kind is not BlockKind.CHECK_BOX]
    assert [i for block in homes for i in range(block.start, block.stop)] == list(range(len(page.words)))
    for block in homes:
        if block.table:
            cells = [i for cell in block.table.cells for i in range(cell.start, cell.stop)]
            assert cells == list(range(block.start, block.stop))


def text_of(page: PageReading, block: Block) -> str:
    return " ".join(word.text for word in page.words[block.start : block.stop])


def kinds_and_texts(page: PageReading) -> list[tuple[str, str, bool | None]]:
    return [(block.kind.value, text_of(page, block), block.checked) for block in page.blocks]


def true_blocks(paper: Paper, number: int) -> list[tuple[str, str, bool | None]]:
    return [(truth.kind, " ".join(truth.words), truth.checked) for truth in paper.on_page(number)]


def tables_of(page: PageReading) -> list[dict[tuple[int, int, int, int], str]]:
    return [
        {
            (c.row, c.column, c.row_span, c.column_span): " ".join(w.text for w in page.words[c.start : c.stop])
            for c in block.table.cells
        }
        for block in page.blocks
        if block.table
    ]


def true_tables(truths: Sequence[BlockTruth]) -> list[dict[tuple[int, int, int, int], str]]:
    return [
        {(c.row, c.column, c.row_span, c.column_span): c.text for c in truth.cells} for truth in truths if truth.cells
    ]


@pytest.mark.parametrize("index", [0, 1, 2])
@pytest.mark.parametrize("recipe", PAPER_RECIPES)
def test_digital_pdf_blocks_match_truth(reader: SandboxedPageReader, tmp_path: Path, recipe: str, index: int) -> None:
    paper = make_paper(recipe, SEED, index)
    path = tmp_path / "a.pdf"
    path.write_bytes(render_pdf(paper.drawing, paper.name))
    for page in read_with_running_heads(reader, path):
        assert kinds_and_texts(page) == true_blocks(paper, page.number)
        assert tables_of(page) == true_tables(paper.on_page(page.number))


@cache
def scan_of(recipe: str) -> tuple[Paper, bytes]:
    """Draw a document and a skewed scan of it."""
    paper, rng = make_paper(recipe, SEED, 1), random_stream(SEED, "scan of blocks", recipe)
    pdf = render_pdf(paper.drawing, paper.name)
    degradation = replace(draw_degradation(rng, "invoice", "office"), dpi=200, colour=True)
    scans = [degrade(page, degradation, rng)[0] for page in clean_pages(pdf, degradation.dpi)]
    return paper, encode(scans, "pdf", degradation)


@pytest.mark.parametrize("recipe", PAPER_RECIPES)
def test_scanned_pdf_blocks_match_truth(reader: SandboxedPageReader, tmp_path: Path, recipe: str) -> None:
    paper, content = scan_of(recipe)
    path = tmp_path / "a.pdf"
    path.write_bytes(content)
    for page in read_with_running_heads(reader, path):
        truths = paper.on_page(page.number)
        kinds = [block.kind.value for block in page.blocks]
        assert kinds == [truth.kind for truth in truths]
        for block, truth in zip(page.blocks, truths, strict=True):
            assert block.checked == truth.checked
            if block.kind in TEXT_KINDS:
                assert similarity(text_of(page, block), " ".join(truth.words)) > 0.9
        for ours, theirs in zip(tables_of(page), true_tables(truths), strict=True):
            assert set(ours) == set(theirs)
            assert all(similarity(ours[place], text) >= 0.6 for place, text in theirs.items())
