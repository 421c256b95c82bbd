"""Blocks, cells and reading order on generated papers with known truth: as PDF, and as scans of them.

    python -m benchmarks.layout [--papers N] [--seed S]

The papers are those of `samples.blocks`: letters of three pages, articles in two and three columns, forms,
statements and tables with spanning heads. A scan is the same paper printed, laid askew on an office scanner, and
read by OCR. Misread characters do not count here: words are matched by position. The reader was tuned on other papers
(seed 7) than those measured here, but of the same recipes, so that unforeseen layouts are not covered.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pymupdf

from benchmarks.figures import spread, table
from benchmarks.layout_peers import NAMES, score_pymupdf
from benchmarks.layout_scores import FIGURES, LayoutTally, compare, rows_of, total, with_interval
from ingestion.adapters.formats.open_file import open_source
from ingestion.adapters.formats.pdf.graphics import PdfGraphics
from ingestion.adapters.reader.page_reader import SandboxedPageReader
from ingestion.adapters.vision.scan_marks import find_stamps, scan_marks
from ingestion.domain.formats.entries.pdf import PDF
from ingestion.domain.layout.analysis import analyze_layout
from ingestion.domain.layout.running_heads import find_headers_and_footers, mark_headers_and_footers, page_edges
from ingestion.domain.page.elements import PageReading, Word, WordSource
from ingestion.domain.ports import ReadingOptions
from refinery.core.types import BoundingBox
from samples.blocks.recipes import PAPER_RECIPES, make_paper
from samples.blocks.truth import Paper
from samples.layout.pdf import render_pdf
from samples.scan.degradation import draw_degradation
from samples.scan.files import clean_pages, encode
from samples.scan.optics import degrade
from samples.seeds import random_stream

PAPERS_PER_RECIPE = 10
SEED = 2001
BORN_DIGITAL, SCANNED = "born digital", "scanned"

Tallies = dict[str, list[LayoutTally]]


def main() -> int:
    """Measure, print and return the exit status."""
    parser = argparse.ArgumentParser(description="How well blocks, cells and reading order are found.")
    parser.add_argument("--papers", type=int, default=PAPERS_PER_RECIPE, help=f"of each recipe ({PAPERS_PER_RECIPE})")
    parser.add_argument("--seed", type=int, default=SEED, help=f"another seed generates other pages ({SEED})")
    parser.add_argument("--native", action="store_true", help="skip the scans")
    options = parser.parse_args()
    tallies: Tallies = {name: [] for name in (BORN_DIGITAL, *([] if options.native else [SCANNED]), *NAMES)}
    reader = SandboxedPageReader()
    with tempfile.TemporaryDirectory() as folder:
        for recipe in PAPER_RECIPES:
            for index in range(options.papers):
                paper = make_paper(recipe, options.seed, index)
                _measure(paper, tallies, reader, Path(folder), options.seed + index)
    reader.close()
    sys.stdout.write("\n".join(_report(tallies, options.papers * len(PAPER_RECIPES))) + "\n")
    return 0


def _measure(paper: Paper, tallies: Tallies, reader: SandboxedPageReader, folder: Path, seed: int) -> None:
    pdf = render_pdf(paper.drawing, paper.name)
    native = folder / "native.pdf"
    native.write_bytes(pdf)
    tallies[BORN_DIGITAL].append(compare(paper, _read(reader, native), None))
    _time_native(native, tallies[BORN_DIGITAL][-1])
    for strategy in NAMES:
        tallies[strategy].append(score_pymupdf(paper, native, strategy))
    if SCANNED in tallies:
        tallies[SCANNED].append(_scanned(paper, pdf, reader, folder, seed))


def _scanned(paper: Paper, pdf: bytes, reader: SandboxedPageReader, folder: Path, seed: int) -> LayoutTally:
    rng = random_stream(seed, "layout", paper.name)
    degradation = replace(draw_degradation(rng, "invoice", "office"), dpi=200, colour=True)
    scans = [degrade(page, degradation, rng) for page in clean_pages(pdf, degradation.dpi)]
    path = folder / "scanned.pdf"
    path.write_bytes(encode([pixels for pixels, _ in scans], "pdf", degradation))
    pages = _read(reader, path)
    tally = compare(paper, pages, [placement for _, placement in scans])
    _time_scan(path, pages, tally)
    return tally


def _read(reader: SandboxedPageReader, path: Path) -> list[PageReading]:
    with tempfile.TemporaryDirectory() as images:
        pages = [page.reading for page in reader.read(path, Path(images), ReadingOptions(PDF))]
    found = find_headers_and_footers([page_edges(page) for page in pages])
    return [
        replace(page, blocks=mark_headers_and_footers(page, found[page.number])) if page.number in found else page
        for page in pages
    ]


def _time_native(path: Path, tally: LayoutTally) -> None:
    """Time the layout analysis of a page, including its graphics."""
    with pymupdf.open(path) as document:
        for page in document:
            pixmap = page.get_pixmap(dpi=200, alpha=False)
            image = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width, 3)
            words = [_as_word(found, page) for found in page.get_text("words")]
            started = time.process_time()
            marks = PdfGraphics(page, page.get_image_info(), ()).marks()
            marks = replace(marks, stamps=(*marks.stamps, *find_stamps(image)))
            analyze_layout(words, aspect=page.rect.height / page.rect.width, marks=marks)
            tally.seconds.append(time.process_time() - started)


def _as_word(found: tuple[float, float, float, float, str], page: pymupdf.Page) -> Word:
    x0, y0, x1, y1, text = found[:5]
    width, height = page.rect.width, page.rect.height
    return Word(text, BoundingBox.clipped(x0 / width, y0 / height, x1 / width, y1 / height), 1.0, WordSource.NATIVE, 0)


def _time_scan(path: Path, pages: Sequence[PageReading], tally: LayoutTally) -> None:
    source = open_source(path, PDF)
    for page in pages:
        image = source.source_page(page.number).image
        started = time.process_time()
        marks = scan_marks(image, page.words, 0.0)
        analyze_layout(page.words, aspect=image.shape[0] / image.shape[1], marks=marks)
        tally.seconds.append(time.process_time() - started)


def _report(tallies: Tallies, papers: int) -> Iterator[str]:
    whole = {name: total(of) for name, of in tallies.items()}
    yield f"{papers} pages; in brackets the 95 % interval, by bootstrap over pages.\n"
    yield table(
        ("pages", "blocks by kind, F1", "pairs of words in order", "neighbouring words in order"),
        [(NAMES.get(name, name), *_figures(of, ("kinds", "pairs", "neighbours"))) for name, of in tallies.items()],
    )
    yield ""
    yield table(
        ("pages", "cells, F1", "tables, TEDS", "layout of a page, ms"),
        [
            (NAMES.get(name, name), *_figures(of, ("cells", "trees")), _times(whole[name]))
            for name, of in tallies.items()
        ],
    )
    for name in (BORN_DIGITAL, SCANNED):
        if name in whole:
            yield f"\n### Blocks, {name}\n"
            yield table(("kind", "right", "found", "F1"), list(rows_of(whole[name])))
    yield (
        "\nA block is right when it has the kind and more than half of all words in common with the one printed; "
        "figures, signatures and check boxes when they are in its place, with the same tick. A cell is "
        "right when row, column and spans are, and its text but for misreadings. PyMuPDF reports no kinds. A "
        "layout's time is the processor's: finding rules, squares and strokes, and arranging the words."
    )


def _figures(tallies: Sequence[LayoutTally], names: Sequence[str]) -> Iterator[str]:
    for name in names:
        known = name != "kinds" or any(tally.found for tally in tallies)
        yield with_interval(tallies, FIGURES[name]) if known else "-"


def _times(whole: LayoutTally) -> str:
    if not whole.seconds:
        return "-"
    spent = spread(whole.seconds)
    return f"p50 {1000 * spent.p50:.0f}, p95 {1000 * spent.p95:.0f}"


if __name__ == "__main__":
    sys.exit(main())
