"""Accuracy of reading: `REFINERY_CORPUS=DIR python -m benchmarks reading`.

`DIR/sroie` contains scanned receipts (ID.jpg with ID.json: `lines`). Confidences were fitted, and everything tuned,
on the half `tune` of them (a hash of the name decides); the half `test` is measured. Besides the receipts, forms at
90 dpi from the project's own generator are measured. Engine results are cached in a folder, so that a second run is
fast; merging, confidences and layout are computed in every run. Characters are compared row by row of the page,
independent of the order in which a person transcribed them.
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
from benchmarks.ocr_calibration.forms import generate_forms as made_up
from benchmarks.ocr_calibration.reading_cache import CachedPpOcrEngine, CachedTesseract, ReadingCache
from benchmarks.ocr_calibration.receipts import corpus_half, in_rows, select_receipts
from benchmarks.reading_scores import PageScore
from ingestion.adapters.ocr.engines import OcrPipeline, OcrSettings, load_merging
from ingestion.adapters.reader.child.ocr_layout import recognise_layout
from ingestion.adapters.vision.raster import measure
from ingestion.domain.ocr.second_engine import SecondEngineMode
from ingestion.domain.page.elements import PageReading, WordSource
from refinery.stack.program import ROOT

Image = npt.NDArray[np.uint8]

BOTH_ENGINES = ("rapidocr", "tesseract")
OCR_SETTINGS = {
    "standard": OcrSettings(BOTH_ENGINES, "eng", SecondEngineMode.DOUBTFUL),
    "thorough": OcrSettings(BOTH_ENGINES, "eng", SecondEngineMode.ALWAYS),
    "PP-OCRv6 only (fast)": OcrSettings(("rapidocr",), "eng", SecondEngineMode.NEVER),
    "Tesseract only": OcrSettings(("tesseract",), "eng", SecondEngineMode.ALWAYS),
}
Figure = tuple[str, str, Callable[[Sequence[PageScore]], float]]
FIGURES: tuple[Figure, ...] = (
    ("word F1", ">= .88, target .90", scores.word_f1),
    ("CER without spaces", "<= .08, target .07", scores.character_errors),
    ("precision of words at .9", ">= .97", scores.sure_precision),
    ("share of words at .9", ">= .65", scores.sure_coverage),
    ("AUROC of confidences", "target .92", scores.auroc),
    ("calibration error (ECE)", "target .05", scores.calibration_error),
    ("page confidence against recall", "target .85", scores.page_ranking),
)


@dataclass(frozen=True, slots=True)
class ReadingPicture:
    """Page to read, with its lines."""

    name: str
    image: Image
    lines: tuple[str, ...]


def receipts(folder: Path, half: str, count: int) -> Iterator[ReadingPicture]:
    """Yield the receipts of a half, in the order of a hash of their names."""
    chosen = (receipt for receipt in select_receipts(folder, 10_000) if corpus_half(receipt.name) == half)
    for receipt in islice(chosen, count or None):
        yield ReadingPicture(receipt.name, receipt.image(), tuple(line.text for line in in_rows(receipt.lines)))


def forms(half: str, count: int) -> Iterator[ReadingPicture]:
    """Yield generated forms at 90 dpi; each page is a picture."""
    for form in made_up(half, count):
        yield ReadingPicture(form.name, form.image(), tuple(line.text for line in form.lines))


def read(picture: ReadingPicture, engines: OcrPipeline, settings: OcrSettings) -> PageReading:
    """Read one picture as the program does."""
    lean = measure(picture.image, 200).skew_degrees
    found = recognise_layout(picture.image, lean, engines, settings)
    height, width = picture.image.shape[:2]
    words, blocks = found.layout.words, found.layout.blocks
    return PageReading(1, width, height, WordSource.RAPIDOCR, found.confidence, words, blocks)


def measure_all(pictures: Iterable[ReadingPicture], engines: OcrPipeline) -> dict[str, list[PageScore]]:
    """Read every picture with every OCR setting."""
    found: dict[str, list[PageScore]] = {name: [] for name in OCR_SETTINGS}
    for picture in pictures:
        for name, manner in OCR_SETTINGS.items():
            found[name].append(scores.score(read(picture, engines, manner), picture.lines))
    return found


def report(found: dict[str, list[PageScore]], figures: Sequence[Figure] = FIGURES) -> str:
    """Return a table with a row per figure and a column per setting."""
    rows = [[name, goal, *(_shown(pages, figure) for pages in found.values())] for name, goal, figure in figures]
    return table(["", "goal", *found], rows)


def _shown(pages: Sequence[PageScore], figure: Callable[[Sequence[PageScore]], float]) -> str:
    low, high = scores.interval(pages, figure)
    return f"{figure(pages):.3f} ({low:.3f} to {high:.3f})"


def main() -> int:
    """Measure and print; return 2 without a corpus."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=os.environ.get("REFINERY_CORPUS"), help="has sroie/")
    parser.add_argument("--half", choices=("test", "tune"), default="test")
    parser.add_argument("--count", type=int, default=0, help="receipts at most (all of the half)")
    parser.add_argument("--forms", type=int, default=24, help="generated forms at 90 dots an inch")
    parser.add_argument(
        "--raw", type=Path, default=ROOT / ".cache" / "ocr-raw", help="folder that keeps raw results of engines"
    )
    options = parser.parse_args()
    if options.corpus is None:
        sys.stderr.write("Name a folder with sroie/ by --corpus or REFINERY_CORPUS.\n")
        return 2
    store = ReadingCache(options.raw)
    engines = OcrPipeline(CachedPpOcrEngine(store), CachedTesseract(store))
    print(
        f"Confidences are those of `{load_merging().word_confidence.version}`. "
        "In brackets: 95 % intervals, by document.\n"
    )
    slips = measure_all(receipts(Path(options.corpus) / "sroie", options.half, options.count), engines)
    print(f"{len(slips['standard'])} scanned receipts of ICDAR 2019 SROIE (CC BY 4.0), half `{options.half}`:\n")
    print(report(slips))
    if options.forms:
        papers = measure_all(forms(options.half, options.forms), engines)
        print(f"\n{len(papers['standard'])} pages of generated forms, scanned at 90 dots an inch:\n")
        print(report(papers, [figure for figure in FIGURES if figure[2] is not scores.character_errors]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
