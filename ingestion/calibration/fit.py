"""Fit the chance that a word is right: `python -m ingestion.calibration.fit --corpus FOLDER [--write]`.

Reads receipts with both engines, labels each word against the truth, fits one set of coefficients for each
basis (both engines, PP-OCRv6 alone, Tesseract alone) on one half and reports on receipts that it never saw.
"""

import argparse
import json
import logging
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from ingestion.adapters.environment import ARTEFACT
from ingestion.adapters.ppocr.engine import PpOcrEngine
from ingestion.adapters.tesseract import TesseractEngine
from ingestion.calibration.logistic import Floats, assess, fit_logistic, predict
from ingestion.calibration.receipts import Receipt, choose, label
from ingestion.domain.agreement import Judged, judge
from ingestion.domain.confidence import word_features

_LOG = logging.getLogger("refinery.calibration")
_ALONE = ("one", "mean", "least", "digits", "length", "single", "plain")
_BASES = {
    "both": (*_ALONE, "heard", "alike", "likeness", "sure_alike", "sure_unlike", "least_unlike"),
    "rapidocr": _ALONE,
    "tesseract": ("one", "mean", "digits", "length", "single", "plain"),
}
Example = tuple[str, Judged, bool]


def examples(receipts: Sequence[Receipt]) -> Iterator[Example]:
    """Read receipts with both engines: give basis, judged word and whether it is right."""
    ppocr, tesseract = PpOcrEngine(), TesseractEngine()
    for done, receipt in enumerate(receipts, 1):
        image = receipt.image()
        read, heard = ppocr.read(image), tesseract.read(image)
        judged = judge(read, heard).judged
        for basis, words in (
            ("both", judged),
            ("rapidocr", [Judged(word) for word in read]),
            ("tesseract", [Judged(word) for word in heard]),
        ):
            for word, right in zip(words, label([word.word for word in words], receipt), strict=True):
                if right is not None:
                    yield basis, word, right
        _LOG.info("read %d of %d", done, len(receipts))


def table(found: Sequence[Example], basis: str) -> tuple[Floats, Floats]:
    """Give features and labels of one basis."""
    rows = [(word_features(word), right) for name, word, right in found if name == basis]
    features = np.array([[values[name] for name in _BASES[basis]] for values, _ in rows])
    return features, np.array([float(right) for _, right in rows])


def fit(train: Sequence[Example], held_out: Sequence[Example], version: str) -> dict[str, object]:
    """Fit every basis and measure it on what was held out."""
    coefficients, report = {}, {}
    for basis, names in _BASES.items():
        weights = fit_logistic(*table(train, basis))
        features, right = table(held_out, basis)
        coefficients[basis] = {name: round(float(w), 4) for name, w in zip(names, weights, strict=True)}
        report[basis] = asdict(assess(predict(features, weights), right))
    return {"version": version, "coefficients": coefficients, "held_out": report}


def main() -> None:
    """Read the corpus, fit, report, and write the artefact when asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=os.environ.get("REFINERY_CORPUS"), help="receipts")
    parser.add_argument("--train", type=int, default=40)
    parser.add_argument("--held-out", type=int, default=20)
    parser.add_argument("--version", default="word-confidence-1")
    parser.add_argument("--write", action="store_true", help="write the artefact that readers load")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    if asked.corpus is None:
        parser.error("name a folder by --corpus or REFINERY_CORPUS")
    train = list(examples(choose(Path(asked.corpus), asked.train)))
    held_out = list(examples(choose(Path(asked.corpus), asked.held_out, skip=asked.train)))
    artefact = fit(train, held_out, asked.version)
    _LOG.info("%s", json.dumps(artefact["held_out"], indent=1))
    if asked.write:
        ARTEFACT.write_text(json.dumps(artefact, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
