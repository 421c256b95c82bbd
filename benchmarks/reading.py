"""How well pages are read: `REFINERY_CORPUS=DIR python -m benchmarks reading`.

`DIR/sroie` holds scanned receipts (ID.jpg with ID.json: `lines`). Confidences were fitted, and everything tuned,
on the half `tune` of them (a hash of the name decides); measured is the half `test`. Beside the receipts stand
forms at 90 dots an inch from the project's own generator. What the engines said of each picture is kept in a
folder, so that a second run costs little; every run merges, judges and arranges anew. Characters are compared a
row of the page at a time, whatever the order in which a person wrote them down.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks import reading_scores as scores
from benchmarks.figures import table
from benchmarks.ocr_calibration.forms import forms as made_up
from benchmarks.ocr_calibration.reading_cache import KeptPpOcr, KeptWitness, Store
from benchmarks.ocr_calibration.receipts import choose, half_of, in_rows
from benchmarks.reading_scores import PageScore
from ingestion.adapters.ocr.engines import Engines, Manner, merging
from ingestion.adapters.reader.child.read_page import recognise
from ingestion.adapters.vision.raster import measure
from ingestion.domain.ocr.second_engine import Hearing
from ingestion.domain.page.elements import PageReading, WordSource
from refinery.stack.program import ROOT

Image = npt.NDArray[np.uint8]

BOTH = ("rapidocr", "tesseract")
MANNERS = {
    "standard": Manner(BOTH, "eng", Hearing.DOUBTFUL),
    "thorough": Manner(BOTH, "eng", Hearing.ALWAYS),
    "PP-OCRv6 alone (fast)": Manner(("rapidocr",), "eng", Hearing.NEVER),
    "Tesseract alone": Manner(("tesseract",), "eng", Hearing.ALWAYS),
}
Figure = tuple[str, str, Callable[[Sequence[PageScore]], float]]
FIGURES: tuple[Figure, ...] = (
    ("word F1", ">= .88, hoped for .90", scores.word_f1),
    ("CER without blanks", "<= .08, hoped for .07", scores.character_errors),
    ("precision of words at .9", ">= .97", scores.sure_precision),
    ("their share", ">= .65", scores.sure_coverage),
    ("AUROC of confidences", "hoped for .92", scores.auroc),
    ("calibration error (ECE)", "hoped for .05", scores.calibration_error),
    ("page confidence against recall", "hoped for .85", scores.page_ranking),
)


@dataclass(frozen=True, slots=True)
class Picture:
    """A page to read and the lines on it."""

    name: str
    image: Image
    lines: tuple[str, ...]


def receipts(folder: Path, half: str, count: int) -> Iterator[Picture]:
    """Yield the receipts of a half, in the order of a hash of their names."""
    chosen = (receipt for receipt in choose(folder, 10_000) if half_of(receipt.name) == half)
    for receipt in islice(chosen, count or None):
        yield Picture(receipt.name, receipt.image(), tuple(line.text for line in in_rows(receipt.lines)))


def forms(half: str, count: int) -> Iterator[Picture]:
    """Yield made-up forms at 90 dots an inch; each page is a picture."""
    for form in made_up(half, count):
        yield Picture(form.name, form.image(), tuple(line.text for line in form.lines))


def read(picture: Picture, engines: Engines, manner: Manner) -> PageReading:
    """Read one picture as the program does."""
    lean = measure(picture.image, 200).skew_degrees
    found = recognise(picture.image, lean, engines, manner)
    height, width = picture.image.shape[:2]
    words, blocks = found.layout.words, found.layout.blocks
    return PageReading(1, width, height, WordSource.RAPIDOCR, found.confidence, words, blocks)


def measured(pictures: Iterable[Picture], engines: Engines) -> dict[str, list[PageScore]]:
    """Read every picture in every manner."""
    found: dict[str, list[PageScore]] = {name: [] for name in MANNERS}
    for picture in pictures:
        for name, manner in MANNERS.items():
            found[name].append(scores.score(read(picture, engines, manner), picture.lines))
    return found


def report(found: dict[str, list[PageScore]], figures: Sequence[Figure] = FIGURES) -> str:
    """Write a table: a figure a row, a manner a column."""
    rows = [[name, goal, *(_shown(pages, figure) for pages in found.values())] for name, goal, figure in figures]
    return table(["", "goal", *found], rows)


def _shown(pages: Sequence[PageScore], figure: Callable[[Sequence[PageScore]], float]) -> str:
    low, high = scores.interval(pages, figure)
    return f"{figure(pages):.3f} ({low:.3f} to {high:.3f})"


def main() -> int:
    """Measure and print; 2 without a corpus."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=os.environ.get("REFINERY_CORPUS"), help="has sroie/")
    parser.add_argument("--half", choices=("test", "tune"), default="test")
    parser.add_argument("--count", type=int, default=0, help="receipts at most (all of the half)")
    parser.add_argument("--forms", type=int, default=24, help="made-up forms at 90 dots an inch")
    parser.add_argument("--raw", type=Path, default=ROOT / ".cache" / "ocr-raw", help="keeps what engines said")
    options = parser.parse_args()
    if options.corpus is None:
        sys.stderr.write("Name a folder with sroie/ by --corpus or REFINERY_CORPUS.\n")
        return 2
    store = Store(options.raw)
    engines = Engines(KeptPpOcr(store), KeptWitness(store))
    print(f"Confidences are those of `{merging().chance.version}`. In brackets: 95 % intervals, by document.\n")
    slips = measured(receipts(Path(options.corpus) / "sroie", options.half, options.count), engines)
    print(f"{len(slips['standard'])} scanned receipts of ICDAR 2019 SROIE (CC BY 4.0), half `{options.half}`:\n")
    print(report(slips))
    if options.forms:
        papers = measured(forms(options.half, options.forms), engines)
        print(f"\n{len(papers['standard'])} pages of made-up forms, scanned at 90 dots an inch:\n")
        print(report(papers, [figure for figure in FIGURES if figure[2] is not scores.character_errors]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
