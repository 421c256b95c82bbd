"""Fit the probability that a word is right: `python -m benchmarks.ocr_calibration.fit --corpus FOLDER [--write]`.

`FOLDER/sroie` contains receipts. Those of the half `tune` are read as the program reads them, together with generated
forms at 90 dpi and some of both as poor scans; each word is labelled against the truth, and one forest is grown for
each basis: both engines over the whole page, the second engine on doubted lines only, PP-OCRv6 only, Tesseract only.
If an engine is more certain of a word, other features being equal, its probability is never lower. The probabilities
are calibrated with the values that each paper's words get from a forest fitted without it. From them a page's
confidence is fitted, the share of its words that are among those read. Reported figures are measured on the half
`test` of the receipts, which no fit has used. The artefacts name the script, the engines, and a hash of the data.
"""

import argparse
import hashlib
import json
import logging
import os
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

import lightgbm
import numpy as np
import numpy.typing as npt

from benchmarks.ocr_calibration.boosting import BoostingParameters, forest_log_odds, grow_forest
from benchmarks.ocr_calibration.degraded_scans import degraded_scans
from benchmarks.ocr_calibration.examples import (
    EXCLUDED_FEATURES,
    ScanReadings,
    WordExamples,
    examples_with_thinned_lexicon,
    lexicon_of,
    read_scans,
    word_examples,
)
from benchmarks.ocr_calibration.forms import generate_forms
from benchmarks.ocr_calibration.logistic import Floats, fit_logistic, measure_probabilities, probabilities_of
from benchmarks.ocr_calibration.onnx_export import export_forest
from benchmarks.ocr_calibration.page_fit import PageExamples, assess_pages, fit_pages, page_examples
from benchmarks.ocr_calibration.reading_cache import ReadingCache
from benchmarks.ocr_calibration.receipts import LabelledScan, ReceiptScan, corpus_half, select_receipts
from ingestion.adapters.ocr.calibration_files import CALIBRATION_FOLDER, PAGE_CONFIDENCE_PATH, WORD_CONFIDENCE_PATH
from ingestion.adapters.ocr.onnx_forest import OnnxForest, forest_path
from ingestion.adapters.reader.environment import describe_environment
from ingestion.domain.ocr.lexicon import Lexicon
from ingestion.domain.ocr.second_engine import SECOND_ENGINE_BELOW

_LOG = logging.getLogger("refinery.calibration")
SCRIPT = "benchmarks/ocr_calibration/fit.py"
BASES = tuple(EXCLUDED_FEATURES)
INCREASING_FEATURES = frozenset({"mean", "least", "second", "first", "last", "company", "even", "doubt"})
DECREASING_FEATURES = frozenset({"space_inside", "lost"})
_FOLDS = 5
_LOG_ODDS_MARGIN = 0.3  # taken off each word's log odds: trusting a wrong word costs more than checking a right one


@dataclass(frozen=True, slots=True)
class CalibratedForest:
    """Forest, the line that calibrates it, and each example's log odds from forests grown without its paper."""

    forest: lightgbm.Booster
    slope: float
    shift: float
    out_of_fold: Floats

    def model(self) -> bytes:
        """Return the ONNX model that readers load."""
        return export_forest(self.forest, self.slope, self.shift)


def fit_forest(
    found: WordExamples, growth: BoostingParameters, *, margin: float = _LOG_ODDS_MARGIN
) -> CalibratedForest:
    """Grow a forest and calibrate its probabilities; `margin` is subtracted from each log odds."""
    out_of_fold = np.zeros(len(found.correct))
    for fold in range(_FOLDS):
        apart = found.scan_index % _FOLDS == fold
        forest = grow_forest(found.features[~apart], found.correct[~apart], found.names, growth)
        out_of_fold[apart] = forest_log_odds(forest, found.features[apart])
    constant, slope = fit_logistic(np.column_stack([np.ones(len(out_of_fold)), out_of_fold]), found.correct, ridge=1e-6)
    forest = grow_forest(found.features, found.correct, found.names, growth)
    shift = float(constant) - margin
    return CalibratedForest(forest, float(slope), shift, slope * out_of_fold + shift)


def in_doubted_line(found: WordExamples, chance: Floats) -> npt.NDArray[np.bool_]:
    """Return for each word whether its line has a doubted word: the lines that the second engine reads."""
    place = found.scan_index * 100_000 + found.line_number
    return np.isin(place, np.unique(place[chance < SECOND_ENGINE_BELOW]))


@dataclass(frozen=True, slots=True)
class BasisPredictions:
    """Predictions for receipts: examples and probabilities by basis, with `standard` for the standard mode."""

    scans: Sequence[ScanReadings]
    examples: dict[str, WordExamples]
    probabilities: dict[str, Floats]

    @classmethod
    def combine(
        cls, scans: Sequence[ScanReadings], found: dict[str, WordExamples], chance: dict[str, Floats]
    ) -> "BasisPredictions":
        """Add the standard mode, in which the second engine reads only lines that are doubted without it."""
        doubtful = in_doubted_line(found["rapidocr"], chance["rapidocr"])
        standard = np.where(doubtful, chance["lines"], chance["rapidocr"])
        return cls(scans, found | {"standard": found["lines"]}, chance | {"standard": standard})

    def pages(self, lexicon: Lexicon, *, own: bool) -> dict[str, PageExamples]:
        """Return the pages by the engine that read their words; `own`: the lexicon was built from these receipts."""
        found, chance = self.examples, self.probabilities
        return {
            "rapidocr": page_examples(self.scans, found["standard"], chance["standard"], lexicon, own=own),
            "tesseract": page_examples(
                self.scans, found["tesseract"], chance["tesseract"], lexicon, by_tesseract=True, own=own
            ),
        }


def fit_all(
    train: Sequence[ScanReadings], lexicon: Lexicon, growth: BoostingParameters
) -> tuple[dict[str, bytes], BasisPredictions]:
    """Fit every basis; `lines` is fitted on the lines that are doubted without a second engine."""
    found = {basis: examples_with_thinned_lexicon(train, lexicon, basis) for basis in BASES}
    fitted = {basis: fit_forest(found[basis], growth) for basis in BASES if basis != "lines"}
    out_of_fold = {basis: probabilities_of(each.out_of_fold) for basis, each in fitted.items()}
    doubtful = in_doubted_line(found["rapidocr"], out_of_fold["rapidocr"])
    fitted["lines"] = fit_forest(found["lines"].select(doubtful), growth)
    out_of_fold["lines"] = np.zeros(len(doubtful))
    out_of_fold["lines"][doubtful] = probabilities_of(fitted["lines"].out_of_fold)
    return {basis: fitted[basis].model() for basis in BASES}, BasisPredictions.combine(train, found, out_of_fold)


def predict_bases(held_out: Sequence[ScanReadings], lexicon: Lexicon, models: dict[str, bytes]) -> BasisPredictions:
    """Predict receipts that no fit has used, as readers do."""
    found = {basis: word_examples(held_out, lexicon, basis, own=False) for basis in BASES}
    probabilities: dict[str, Floats] = {
        basis: np.array(OnnxForest(models[basis]).probabilities(found[basis].features.tolist()), dtype=np.float64)
        for basis in BASES
    }
    return BasisPredictions.combine(held_out, found, probabilities)


def pack_lexicon(lexicon: Lexicon) -> dict[str, list[int]]:
    """Return the digests by the number of papers that contain them."""
    by_count: dict[str, list[int]] = defaultdict(list)
    for digest, count in sorted(lexicon.document_counts.items(), key=lambda each: (each[1], each[0])):
        by_count[str(count)].append(digest)
    return dict(by_count)


def fit_provenance(receipts: Sequence[ReceiptScan], made_up: int, poor: int) -> dict[str, object]:
    """Return the inputs of a fit: the script, the engines, and a hash of the data."""
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


def write_artefact(place: Path, artefact: dict[str, object]) -> None:
    """Write an artefact, with one entry per line."""
    text = json.dumps(artefact, separators=(",", ":")).replace("],", "],\n").replace("},", "},\n")
    place.write_text(text + "\n", encoding="utf-8")


def write_models(folder: Path, models: dict[str, bytes]) -> dict[str, str]:
    """Write the model of each basis and return its SHA-256."""
    for basis, model in models.items():
        forest_path(folder, basis).write_bytes(model)
    return {basis: hashlib.sha256(model).hexdigest() for basis, model in models.items()}


def main() -> None:
    """Read the corpus, fit, report, and write the artefact if requested."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=os.environ.get("REFINERY_CORPUS"), help="has sroie/")
    parser.add_argument("--train", type=int, default=1000, help="receipts of the half tune")
    parser.add_argument("--held-out", type=int, default=100, help="receipts of the half test")
    parser.add_argument("--forms", type=int, default=24, help="generated forms of the half tune")
    parser.add_argument("--version", default="word-confidence-4")
    parser.add_argument("--page-version", default="page-confidence-2")
    parser.add_argument(
        "--raw", type=Path, default=Path(".cache/ocr-raw"), help="folder that keeps raw results of engines"
    )
    parser.add_argument("--write", action="store_true", help="write the artefacts that readers load")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    if options.corpus is None:
        parser.error("name a folder by --corpus or REFINERY_CORPUS")
    receipts, store = select_receipts(Path(options.corpus) / "sroie", 10_000), ReadingCache(options.raw)
    tune = [receipt for receipt in receipts if corpus_half(receipt.name) == "tune"]
    train = list(islice(tune, options.train))
    held_out = list(islice((r for r in receipts if corpus_half(r.name) == "test"), options.held_out))
    lexicon = lexicon_of(train)
    scans: list[LabelledScan] = [*train, *generate_forms("tune", options.forms)]
    degraded = degraded_scans(scans)
    scans += degraded
    models, predictions = fit_all(
        list(read_scans(scans, store)),
        lexicon,
        BoostingParameters(increasing=INCREASING_FEATURES, decreasing=DECREASING_FEATURES),
    )
    shares = {engine: fit_pages(pages) for engine, pages in predictions.pages(lexicon, own=True).items()}
    measured = predict_bases(list(read_scans(held_out, store)), lexicon, models)
    words = {
        basis: asdict(measure_probabilities(chance, measured.examples[basis].correct))
        for basis, chance in measured.probabilities.items()
    }
    pages = {engine: assess_pages(each, shares[engine]) for engine, each in measured.pages(lexicon, own=False).items()}
    _LOG.info("%s", json.dumps({"words": words, "pages": pages}, indent=1))
    if options.write:
        provenance = fit_provenance(train, options.forms, len(degraded))
        write_artefact(
            WORD_CONFIDENCE_PATH,
            {"version": options.version, "held_out": words}
            | provenance
            | {"lexicon": pack_lexicon(lexicon), "forests": write_models(CALIBRATION_FOLDER, models)},
        )
        write_artefact(
            PAGE_CONFIDENCE_PATH,
            {"version": options.page_version, "held_out": pages} | provenance | {"coefficients": shares},
        )


if __name__ == "__main__":
    main()
