"""Fit the chance that a word is right: `python -m benchmarks.ocr_calibration.fit --corpus FOLDER [--write]`.

`FOLDER/sroie` holds receipts. Those of the half `tune` are read as the program reads them, beside made-up forms at
90 dots an inch and some of both as a poor scan shows them, each word is labelled against the truth, and one forest
is grown for each basis: both engines over the whole page, the witness shown doubted lines alone, PP-OCRv6 alone,
Tesseract alone. Where an engine is surer of a word, all else alike, its chance is never lower. The chances are set
right by what each paper's words get from a forest that has not seen it. On them a page's confidence is fitted, the
share of its words that stand among those read. What is reported was measured on the half `test` of the receipts,
which no fit has seen. The artefacts name the script, the engines, and a hash of the data.
"""

import argparse
import hashlib
import json
import logging
import os
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.ocr_calibration.boosting import Growth, grow, scaled, walk
from benchmarks.ocr_calibration.degraded_scans import worn
from benchmarks.ocr_calibration.examples import (
    LEFT_OUT,
    Examples,
    Looked,
    examples,
    lexicon_of,
    look,
    with_less_known,
)
from benchmarks.ocr_calibration.forms import forms
from benchmarks.ocr_calibration.logistic import Floats, assess, chances, fit_logistic
from benchmarks.ocr_calibration.page_fit import Pages, assess_pages, fit_pages, pages_of
from benchmarks.ocr_calibration.reading_cache import Store
from benchmarks.ocr_calibration.receipts import Paper, Receipt, choose, half_of
from ingestion.adapters.ocr.calibration_files import ARTEFACT, PAGE_ARTEFACT
from ingestion.adapters.reader.environment import describe_environment
from ingestion.domain.ocr.forest import Forest, pack_forest
from ingestion.domain.ocr.lexicon import Lexicon
from ingestion.domain.ocr.second_engine import DOUBTED_BELOW

_LOG = logging.getLogger("refinery.calibration")
SCRIPT = "benchmarks/ocr_calibration/fit.py"
BASES = tuple(LEFT_OUT)
RISING = frozenset({"mean", "least", "second", "first", "last", "company", "even", "doubt"})
FALLING = frozenset({"space_inside", "lost"})
_FOLDS = 5
_SIDE_BY_SIDE = 2
_CAUTION = 0.3  # taken off each word's log odds: one believed wrongly costs more than one looked at for nothing


@dataclass(frozen=True, slots=True)
class Fitted:
    """A forest, and the log odds that each example got from forests grown without its paper."""

    forest: Forest
    unseen: Floats


def fit(found: Examples, growth: Growth, *, caution: float = _CAUTION) -> Fitted:
    """Grow a forest and set its chances right; `caution` is taken off each log odds."""
    unseen = np.zeros(len(found.right))
    for fold in range(_FOLDS):
        apart = found.paper % _FOLDS == fold
        forest = grow(found.features[~apart], found.right[~apart], found.names, growth)
        unseen[apart] = walk(forest, found.features[apart])
    shift, slope = fit_logistic(np.column_stack([np.ones(len(unseen)), unseen]), found.right, ridge=1e-6)
    forest = grow(found.features, found.right, found.names, growth)
    return Fitted(scaled(forest, float(slope), float(shift) - caution), slope * unseen + shift - caution)


def doubted(found: Examples, chance: Floats) -> npt.NDArray[np.bool_]:
    """Say of each word whether its line holds one that is doubted: the lines that a witness is shown."""
    place = found.paper * 100_000 + found.line
    return np.isin(place, np.unique(place[chance < DOUBTED_BELOW]))


@dataclass(frozen=True, slots=True)
class Told:
    """What fits say of receipts: examples and chances by basis, `standard` being what the program says so."""

    looked: Sequence[Looked]
    found: dict[str, Examples]
    chance: dict[str, Floats]

    @classmethod
    def of(cls, looked: Sequence[Looked], found: dict[str, Examples], chance: dict[str, Floats]) -> "Told":
        """Put together what standard mode says: the witness is shown lines that are doubted without it."""
        shown = doubted(found["rapidocr"], chance["rapidocr"])
        standard = np.where(shown, chance["lines"], chance["rapidocr"])
        return cls(looked, found | {"standard": found["lines"]}, chance | {"standard": standard})

    def pages(self, lexicon: Lexicon, *, own: bool) -> dict[str, Pages]:
        """Give the pages by the engine whose words they have; `own`: the lexicon was made of these receipts."""
        found, chance = self.found, self.chance
        return {
            "rapidocr": pages_of(self.looked, found["standard"], chance["standard"], lexicon, own=own),
            "tesseract": pages_of(
                self.looked, found["tesseract"], chance["tesseract"], lexicon, heard=True, own=own
            ),
        }


def fit_all(train: Sequence[Looked], lexicon: Lexicon, growth: Growth) -> tuple[dict[str, Forest], Told]:
    """Fit every basis; what both saw of lines is fitted on those lines that are doubted without a witness."""
    found = {basis: with_less_known(train, lexicon, basis) for basis in BASES}
    first = [basis for basis in BASES if basis != "lines"]
    with ProcessPoolExecutor(_SIDE_BY_SIDE) as pool:
        several = pool.map(fit, [found[basis] for basis in first], [growth] * len(first))
        fitted = dict(zip(first, several, strict=True))
    unseen = {basis: chances(each.unseen) for basis, each in fitted.items()}
    shown = doubted(found["rapidocr"], unseen["rapidocr"])
    fitted["lines"] = fit(found["lines"].chosen(shown), growth)
    unseen["lines"] = np.zeros(len(shown))
    unseen["lines"][shown] = chances(fitted["lines"].unseen)
    return {basis: fitted[basis].forest for basis in BASES}, Told.of(train, found, unseen)


def tell(held_out: Sequence[Looked], lexicon: Lexicon, forests: dict[str, Forest]) -> Told:
    """Say what the forests say of receipts that no fit has seen."""
    found = {basis: examples(held_out, lexicon, basis, own=False) for basis in BASES}
    told = {basis: chances(walk(forests[basis], found[basis].features)) for basis in BASES}
    return Told.of(held_out, found, told)


def pack_lexicon(lexicon: Lexicon) -> dict[str, list[int]]:
    """Give the digests by the number of papers they stood on."""
    by_count: dict[str, list[int]] = defaultdict(list)
    for digest, count in sorted(lexicon.papers.items(), key=lambda each: (each[1], each[0])):
        by_count[str(count)].append(digest)
    return dict(by_count)


def origin(receipts: Sequence[Receipt], made_up: int, poor: int) -> dict[str, object]:
    """Say what a fit stands on: the script, the engines, and the data by its hash."""
    digest = hashlib.sha256()
    for receipt in receipts:
        for path in (receipt.picture, receipt.picture.with_suffix(".json")):
            digest.update(f"{path.name}\0".encode() + path.read_bytes())
    engines = [f"{engine.name} {engine.version}" for engine in describe_environment().engines if engine.available]
    data = {
        "corpus": "ICDAR 2019 SROIE (CC BY 4.0), half tune",
        "documents": len(receipts),
        "sha256": digest.hexdigest(),
        "made_up_forms": made_up,
        "poor_scans": poor,
    }
    return {"script": SCRIPT, "engines": engines, "data": data}


def keep(place: Path, artefact: dict[str, object]) -> None:
    """Write an artefact, with a tree a line."""
    text = json.dumps(artefact, separators=(",", ":")).replace("]],", "]],\n").replace("},", "},\n")
    place.write_text(text + "\n", encoding="utf-8")


def main() -> None:
    """Read the corpus, fit, report, and write the artefact when asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=os.environ.get("REFINERY_CORPUS"), help="has sroie/")
    parser.add_argument("--train", type=int, default=1000, help="receipts of the half tune")
    parser.add_argument("--held-out", type=int, default=100, help="receipts of the half test")
    parser.add_argument("--forms", type=int, default=24, help="made-up forms of the half tune")
    parser.add_argument("--version", default="word-confidence-3")
    parser.add_argument("--page-version", default="page-confidence-1")
    parser.add_argument("--raw", type=Path, default=Path(".cache/ocr-raw"), help="keeps what engines said")
    parser.add_argument("--write", action="store_true", help="write the artefact that readers load")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    if asked.corpus is None:
        parser.error("name a folder by --corpus or REFINERY_CORPUS")
    receipts, store = choose(Path(asked.corpus) / "sroie", 10_000), Store(asked.raw)
    tune = [receipt for receipt in receipts if half_of(receipt.name) == "tune"]
    train = list(islice(tune, asked.train))
    held_out = list(islice((r for r in receipts if half_of(r.name) == "test"), asked.held_out))
    lexicon = lexicon_of(train)
    papers: list[Paper] = [*train, *forms("tune", asked.forms)]
    poor = worn(papers)
    papers += poor
    forests, told = fit_all(list(look(papers, store)), lexicon, Growth(rising=RISING, falling=FALLING))
    shares = {engine: fit_pages(pages) for engine, pages in told.pages(lexicon, own=True).items()}
    measured = tell(list(look(held_out, store)), lexicon, forests)
    words = {
        basis: asdict(assess(chance, measured.found[basis].right)) for basis, chance in measured.chance.items()
    }
    pages = {
        engine: assess_pages(each, shares[engine]) for engine, each in measured.pages(lexicon, own=False).items()
    }
    _LOG.info("%s", json.dumps({"words": words, "pages": pages}, indent=1))
    if asked.write:
        came = origin(train, asked.forms, len(poor))
        packed = {basis: pack_forest(forest) for basis, forest in forests.items()}
        keep(ARTEFACT, {"version": asked.version, "held_out": words} | came
             | {"lexicon": pack_lexicon(lexicon), "forests": packed})  # fmt: skip
        keep(PAGE_ARTEFACT, {"version": asked.page_version, "held_out": pages} | came | {"coefficients": shares})


if __name__ == "__main__":
    main()
