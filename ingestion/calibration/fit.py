"""Fit the chance that a word is right: `python -m ingestion.calibration.fit --corpus FOLDER [--write]`.

`FOLDER/sroie` holds receipts. Those of the half `tune` are read as the program reads them, each word is labelled
against the truth, and one set of coefficients is fitted for each basis: both engines over the whole page, the
witness shown doubted lines alone, PP-OCRv6 alone, Tesseract alone. What is reported was measured on the half
`test`, which no fit has seen. The artefact names the script, the engines, and a hash of the data.
"""

import argparse
import hashlib
import json
import logging
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path

import numpy as np

from ingestion.adapters.environment import ARTEFACT, describe_environment
from ingestion.calibration.logistic import Floats, assess, fit_logistic, predict
from ingestion.calibration.raw import KeptPpOcr, KeptWitness, Store
from ingestion.calibration.receipts import Receipt, choose, half_of, label
from ingestion.calibration.seen import both_readings
from ingestion.domain.agreement import Judged, judge
from ingestion.domain.confidence import word_features
from ingestion.domain.shapes import shape_of

_LOG = logging.getLogger("refinery.calibration")
SCRIPT = "ingestion/calibration/fit.py"
_SHAPE = tuple(shape_of(""))
_PRINT = ("least", "least_squared", "least_digits", "rival", "company", "line", "apart")
_ALONE = ("one", "mean", "length", "long", *_PRINT, *_SHAPE)
_HEARD = (
    *_ALONE,
    *("heard", "alike", "same", "same_folded", "likeness", "sure_alike", "sure_unlike", "least_unlike"),
    *("page", "doubt"),
)
BASES = {
    "both": _HEARD,
    "lines": tuple(name for name in _HEARD if name not in ("page", "doubt")),
    "rapidocr": _ALONE,
    "tesseract": ("one", "mean", "length", "long", *_SHAPE),
}
_RIDGE = 5.0
_CAUTION = 0.3  # taken off each word's log odds: one believed wrongly costs more than one looked at for nothing
Example = tuple[str, Judged, bool]


def examples(receipts: Sequence[Receipt], store: Store) -> Iterator[Example]:
    """Read receipts with both engines: give basis, judged word and whether it is right."""
    ppocr, witness = KeptPpOcr(store), KeptWitness(store)
    for done, receipt in enumerate(receipts, 1):
        seen = both_readings(receipt.image(), ppocr, witness)
        for basis, words in (
            ("both", judge(seen.read, seen.heard).judged),
            ("lines", judge(seen.read, seen.shown).judged),
            ("rapidocr", [Judged(word) for word in seen.read]),
            ("tesseract", [Judged(word) for word in seen.heard]),
        ):
            for word, right in zip(words, label([word.word for word in words], receipt), strict=True):
                yield basis, word, right
        _LOG.info("read %d of %d", done, len(receipts))


def table(found: Sequence[Example], basis: str) -> tuple[Floats, Floats]:
    """Give features and labels of one basis."""
    rows = [(word_features(word), right) for name, word, right in found if name == basis]
    features = np.array([[values[name] for name in BASES[basis]] for values, _ in rows])
    return features, np.array([float(right) for _, right in rows])


def fit(train: Sequence[Example], held_out: Sequence[Example], version: str) -> dict[str, object]:
    """Fit every basis and measure it on what was held out."""
    coefficients, report = {}, {}
    for basis, names in BASES.items():
        weights = fit_logistic(*table(train, basis), ridge=_RIDGE)
        weights[BASES[basis].index("one")] -= _CAUTION
        features, right = table(held_out, basis)
        coefficients[basis] = {name: round(float(w), 4) for name, w in zip(names, weights, strict=True)}
        report[basis] = asdict(assess(predict(features, weights), right))
    return {"version": version, "coefficients": coefficients, "held_out": report}


def origin(receipts: Sequence[Receipt]) -> dict[str, object]:
    """Say what a fit stands on: the script, the engines, and the data by its hash."""
    digest = hashlib.sha256()
    for receipt in receipts:
        for path in (receipt.picture, receipt.picture.with_suffix(".json")):
            digest.update(f"{path.name}\0".encode() + path.read_bytes())
    engines = [f"{engine.name} {engine.version}" for engine in describe_environment().engines if engine.available]
    data = {"corpus": "ICDAR 2019 SROIE, half tune", "documents": len(receipts), "sha256": digest.hexdigest()}
    return {"script": SCRIPT, "engines": engines, "data": data}


def main() -> None:
    """Read the corpus, fit, report, and write the artefact when asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=os.environ.get("REFINERY_CORPUS"), help="has sroie/")
    parser.add_argument("--train", type=int, default=100, help="receipts of the half tune")
    parser.add_argument("--held-out", type=int, default=100, help="receipts of the half test")
    parser.add_argument("--version", default="word-confidence-2")
    parser.add_argument("--raw", type=Path, default=Path(".cache/ocr-raw"), help="keeps what engines said")
    parser.add_argument("--write", action="store_true", help="write the artefact that readers load")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    if asked.corpus is None:
        parser.error("name a folder by --corpus or REFINERY_CORPUS")
    receipts, store = choose(Path(asked.corpus) / "sroie", 10_000), Store(asked.raw)
    train = list(islice((r for r in receipts if half_of(r.name) == "tune"), asked.train))
    held_out = list(islice((r for r in receipts if half_of(r.name) == "test"), asked.held_out))
    artefact = fit(list(examples(train, store)), list(examples(held_out, store)), asked.version)
    _LOG.info("%s", json.dumps(artefact["held_out"], indent=1))
    if asked.write:
        ARTEFACT.write_text(json.dumps(artefact | origin(train), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
