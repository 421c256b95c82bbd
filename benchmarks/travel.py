"""Machine-readable zones in pictures of travel documents: `python -m benchmarks travel -- [--pictures DIR]`.

Without a folder, pictures are generated: decorated pages, upright and turned, large and small. A zone counts as read
if all its check digits agree and, where the true zone is known, every character is right. PassportEye reads the same
pictures in the same run if it is installed (`--peer PYTHON` names an interpreter that has it). A document is rejected
if its reading confidence is below the limit of rejection and no check digits prove its values.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path

from PIL import Image as Pillow

from benchmarks.figures import table
from benchmarks.reading import OCR_SETTINGS, ReadingPicture, read
from benchmarks.travel_pictures import TravelPicture, generated_pictures, pictures_in
from ingestion.adapters.ocr.engines import OcrPipeline
from ingestion.adapters.ocr.ppocr.engine import PpOcrEngine
from ingestion.domain.extraction import extract_fields
from ingestion.domain.layout.text_rows import build_document_rows
from ingestion.domain.normalize.mrz import parse_mrz
from ingestion.domain.schemas import IDENTITY_DOCUMENT
from quality.domain.checks.catalog import standard_registry
from quality.domain.checks.runner import run_check
from quality.domain.facts_builder import DocumentMetadata, build_facts
from quality.domain.outcomes import Severity

TODAY = date(2026, 11, 30)
_PEER = """
import json, sys
from passporteye import read_mrz
for path in sys.argv[1:]:
    try:
        found = read_mrz(path)
    except Exception:
        found = None
    print(json.dumps([path, found.aux["raw_text"] if found else ""]), flush=True)
"""


@dataclass(frozen=True, slots=True)
class TravelResult:
    """Result of one picture: whether each program read the zone, and what became of the document."""

    name: str
    is_read: bool
    is_read_by_peer: bool | None
    confidence: float
    is_rejected: bool


def is_right(text: str, zone: str) -> bool:
    """Return whether a zone's text is the true one, or, if that is not known, has only right check digits."""
    found = parse_mrz(text.split()) if text else None
    return found is not None and not found.failed_checks and zone in ("", found.text)


def read_document(picture: TravelPicture, engines: OcrPipeline) -> tuple[str, float, bool]:
    """Return the zone that the program reads, the page's confidence, and whether that confidence rejects it."""
    page = read(ReadingPicture(picture.name, picture.image, ()), engines, OCR_SETTINGS["standard"])
    doc = build_document_rows([page])
    fields = extract_fields(doc, IDENTITY_DOCUMENT, today=TODAY)
    zone = next(found.normalized for found in fields if found.name == "mrz")
    metadata = DocumentMetadata(picture.name, "", datetime(2026, 11, 30, tzinfo=UTC), TODAY, 1)
    facts = build_facts(metadata, doc, fields, IDENTITY_DOCUMENT)
    outcome = run_check(standard_registry()["reading_confidence"], facts)
    rejected = any(evidence.severity is Severity.BLOCKER for evidence in outcome.evidence)
    return zone, page.confidence, rejected


def read_by_peer(pictures: Sequence[TravelPicture], python: str) -> list[str] | None:
    """Return the zones that PassportEye reads; None if this interpreter does not have it."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{index}.png" for index in range(len(pictures))]
        for path, picture in zip(paths, pictures, strict=True):
            Pillow.fromarray(picture.image).save(path)
        command = (python, "-c", _PEER, *map(str, paths))
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    return [json.loads(line)[1] for line in done.stdout.splitlines()] if done.returncode == 0 else None


def measure(pictures: Sequence[TravelPicture], python: str) -> list[TravelResult]:
    """Read every picture by both programs."""
    engines = OcrPipeline(PpOcrEngine())
    engines.warm()
    peer = read_by_peer(pictures, python)
    results = []
    for index, picture in enumerate(pictures):
        zone, confidence, rejected = read_document(picture, engines)
        other = is_right(peer[index], picture.zone) if peer else None
        results.append(TravelResult(picture.name, is_right(zone, picture.zone), other, confidence, rejected))
    return results


def report(results: Sequence[TravelResult]) -> str:
    """Return a table with a row per layout, and one for all."""
    groups = [(name, list(group)) for name, group in groupby(sorted(results, key=_layout), key=_layout)]
    rows = [_row(name, group) for name, group in [*groups, ("all", list(results))]]
    return table(["pictures", "number", "zone read", "by PassportEye", "mean confidence", "rejected"], rows)


def _layout(result: TravelResult) -> str:
    return result.name.rstrip("0123456789 ") if result.name[-1:].isdigit() else "pictures"


def _row(name: str, results: Sequence[TravelResult]) -> list[str]:
    peer = [result.is_read_by_peer for result in results]
    return [
        name,
        str(len(results)),
        str(sum(result.is_read for result in results)),
        "not installed" if None in peer else str(sum(map(bool, peer))),
        f"{sum(result.confidence for result in results) / len(results):.2f}",
        str(sum(result.is_rejected for result in results)),
    ]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=Path, help="folder of pictures (generated ones)")
    parser.add_argument("--count", type=int, default=3, help="generated pictures of each layout (3)")
    parser.add_argument("--peer", default=sys.executable, help="Python interpreter that has PassportEye")
    parser.add_argument("--each", action="store_true", help="print a line for each picture, too")
    options = parser.parse_args()
    pictures = list(pictures_in(options.pictures) if options.pictures else generated_pictures(options.count))
    results = measure(pictures, options.peer)
    print(report(results))
    if options.each:
        print(
            "\n".join(f"{each.name}: {each.is_read} {each.is_read_by_peer} {each.confidence:.2f}" for each in results)
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
