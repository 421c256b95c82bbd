"""Generated stacks and ordinary documents as the reader reads them, with the true document boundaries."""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from ingestion.adapters.formats.open_file import open_source
from ingestion.adapters.formats.page_source import SourcePage
from ingestion.adapters.reader.page_reader import SandboxedPageReader
from ingestion.adapters.vision.barcodes import find_codes
from ingestion.adapters.vision.raster import measure
from ingestion.domain.errors import ReadingError
from ingestion.domain.extraction.classification import Classification, classify
from ingestion.domain.formats.entries.pdf import PDF
from ingestion.domain.layout.analysis import analyze_layout
from ingestion.domain.layout.text_rows import build_document_rows
from ingestion.domain.page.elements import PageReading, Word, WordSource
from ingestion.domain.page.text_layer import TRUSTED_WORD_CONFIDENCE
from ingestion.domain.ports import ReadingOptions
from ingestion.domain.schemas import BUILT_IN_SCHEMAS
from ingestion.domain.splitting.boundaries import boundary_signs, observe_page
from samples.blocks.recipes import PAPER_RECIPES, make_paper
from samples.compose import SampleRequest, compose
from samples.layout.pdf import render_pdf
from samples.stacks import make_stack

LONG_KINDS = ("invoice", "discharge_letter", "lab_report", "invoice")
SEED_STRIDE = 1_000_000  # separates the seeds of ordinary documents from those of stacks
MAX_PAGES = 12  # most pages of a real document


@dataclass(frozen=True, slots=True)
class StackReading:
    """File as read: `starts` are the first pages of its documents, `loose` the pages that belong to none."""

    name: str
    pages: tuple[PageReading, ...]
    kinds: tuple[Classification, ...]
    starts: frozenset[int]
    loose: frozenset[int] = frozenset()

    @property
    def parts(self) -> tuple[tuple[int, ...], ...]:
        """Return the true parts."""
        found: list[list[int]] = []
        for page in self.pages:
            if page.number in self.starts:
                found.append([])
            if page.number not in self.loose:
                found[-1].append(page.number)
        return tuple(map(tuple, found))


def read_stacks(
    reader: SandboxedPageReader, seed: int, count: int, *, scan: bool = False, separators: bool = False
) -> Iterator[StackReading]:
    """Generate stacks and read them."""
    for index in range(count):
        sample = make_stack(seed=seed, index=index, scan=scan, separators=separators)
        truth: dict[str, Any] = dict(sample.truth)
        loose = frozenset(truth["blanks"]) | frozenset(truth["separators"])
        yield _read(reader, sample.name, sample.content, frozenset(truth["starts"]), loose, scan=scan)


def read_ordinary(reader: SandboxedPageReader, seed: int, count: int) -> Iterator[StackReading]:
    """Read documents of several pages that are one document each: half of the samples, half of other papers."""
    made = 0
    for index in range(40 * count):
        if made == count:
            return
        name, pdf = _layout_paper(seed, index) if index % 2 else _document(seed, index)
        read = _read(reader, name, pdf, frozenset({1}), frozenset(), scan=False)
        if len(read.pages) > 1:
            made += 1
            yield read


def read_real(corpus: Path) -> Iterator[StackReading]:
    """Read real documents of two to twelve pages that are PDF with native text, each one document."""
    for place in sorted(corpus.glob("*/*.pdf")):
        if place.parent.name == "hostile":
            continue
        try:
            source = open_source(place, PDF)
            if not 2 <= source.page_count <= MAX_PAGES:
                continue
            pages = tuple(_born_digital(source.source_page(number)) for number in range(1, source.page_count + 1))
        except ReadingError:
            continue
        kinds = tuple(classify(build_document_rows((page,)), BUILT_IN_SCHEMAS) for page in pages)
        yield StackReading(place.stem, pages, kinds, frozenset({1}))


def _document(seed: int, index: int) -> tuple[str, bytes]:
    kind = LONG_KINDS[index // 2 % len(LONG_KINDS)]
    composed = compose(kind, SampleRequest(seed, SEED_STRIDE + index, (), long=True if kind == "invoice" else None))
    return f"{kind}-{index}", render_pdf(composed.drawing, composed.family)


def _layout_paper(seed: int, index: int) -> tuple[str, bytes]:
    names = sorted(PAPER_RECIPES)
    paper = make_paper(names[index // 2 % len(names)], seed, index)
    return paper.name, render_pdf(paper.drawing, paper.name)


def _read(
    reader: SandboxedPageReader, name: str, pdf: bytes, starts: frozenset[int], loose: frozenset[int], *, scan: bool
) -> StackReading:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "stack.pdf"
        place.write_bytes(pdf)
        images = Path(folder) / "pages"
        images.mkdir()
        if scan:
            pages = tuple(page.reading for page in reader.read(place, images, ReadingOptions(PDF)))
        else:
            source = open_source(place, PDF)
            pages = tuple(_born_digital(source.source_page(number)) for number in range(1, source.page_count + 1))
    return StackReading(
        name, pages, tuple(classify(build_document_rows((page,)), BUILT_IN_SCHEMAS) for page in pages), starts, loose
    )


def _born_digital(sheet: SourcePage) -> PageReading:
    """Read a generated page without OCR: its text is the printed text."""
    found = sheet.layer.words if sheet.layer else ()
    words = [Word(word.text, word.bbox, TRUSTED_WORD_CONFIDENCE, WordSource.NATIVE, 0) for word in found]
    height, width = sheet.image.shape[:2]
    layout = analyze_layout(words, aspect=height / width, marks=sheet.marks)
    return PageReading(
        sheet.number,
        width,
        height,
        WordSource.NATIVE,
        TRUSTED_WORD_CONFIDENCE,
        layout.words,
        layout.blocks,
        measure(sheet.image, sheet.dpi),
        codes=find_codes(sheet.image),
    )


def examples(stacks: Sequence[StackReading]) -> Iterator[tuple[frozenset[str], bool]]:
    """Yield, for each page but the first, the signs between it and the previous page, and the truth."""
    for stack in stacks:
        seen = [observe_page(page, kind) for page, kind in zip(stack.pages, stack.kinds, strict=True)]
        written = [one for one in seen if not one.blank and not one.page.error]
        blanks = {one.page.number for one in seen if one.blank}
        for before, after in pairwise(written):
            between = any(number in blanks for number in range(before.page.number + 1, after.page.number))
            yield boundary_signs(before, after, blank=between), after.page.number in stack.starts
