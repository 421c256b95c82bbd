"""What reading says of its own words can be counted on, and where the numbers come from is our own fit."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ingestion.adapters.child.engines import merging
from ingestion.adapters.environment import ARTEFACT, describe_environment
from ingestion.adapters.sandbox import ROOT
from ingestion.calibration.fit import BASES, SCRIPT, fit
from ingestion.calibration.logistic import assess, fit_logistic, predict
from ingestion.calibration.receipts import Receipt, TrueLine, choose, half_of, in_rows, label
from ingestion.domain.agreement import Judged, OcrWord
from refinery.types import BoundingBox

LINE = BoundingBox(0.0, 0.0, 1.0, 0.1)


def word(text: str, at: float, *, y: float = 0.02, least: float = 0.99) -> OcrWord:
    return OcrWord(text, BoundingBox.clipped(at, y, at + 0.05, y + 0.05), least, least)


def test_agreement_and_certainty_raise_the_shipped_chance() -> None:
    model = merging().chance
    sure = model.estimate(Judged(word("Total", 0.1, least=0.999), "Total", 1.0, 0.95, 0.8, 0.97), "both")
    alone = model.estimate(Judged(word("Total", 0.1, least=0.999), "Tofal", 0.8, 0.4, 0.8, 0.97), "both")
    doubtful = model.estimate(Judged(word("Total", 0.1, least=0.4), "Tofal", 0.8, 0.9, 0.8, 0.97), "both")
    assert 0.96 < sure < 1
    assert sure > alone > doubtful
    assert doubtful < 0.6


def test_the_shipped_coefficients_held_on_receipts_they_never_saw() -> None:
    artefact = json.loads(ARTEFACT.read_text())
    report = artefact["held_out"]
    assert artefact["script"] == SCRIPT
    assert (ROOT / SCRIPT).exists()
    assert len(artefact["data"]["sha256"]) == 64
    assert report["both"]["auroc"] >= 0.85
    assert report["both"]["ece"] <= 0.03
    assert set(report) == set(BASES)


def test_a_word_is_right_when_the_very_same_one_was_written_down_as_often() -> None:
    receipt = Receipt("r", Path(), (TrueLine(LINE, "TOTAL RM 9.00"), TrueLine(LINE, "CASH 9.00")))
    read = [word("Total", 0.1), word("RM9.00", 0.3), word("9.00", 0.5), word("9.00", 0.5), word("9.00", 0.5)]
    assert label(read, receipt) == [True, False, True, True, False]


def test_what_was_written_down_column_by_column_is_compared_row_by_row() -> None:
    def at(text: str, x: float, y: float) -> TrueLine:
        return TrueLine(BoundingBox(x, y, x + 0.2, y + 0.02), text)

    lines = [at("Item", 0.1, 0.1), at("Tea", 0.1, 0.13), at("Price", 0.6, 0.104), at("2.50", 0.6, 0.126)]
    assert [line.text for line in in_rows(lines)] == ["Item", "Price", "Tea", "2.50"]


def test_receipts_come_in_the_same_order_every_time_and_never_twice(tmp_path: Path) -> None:
    for number in range(6):
        Image.new("RGB", (10, 20)).save(tmp_path / f"{number}.jpg")
        lines = [{"bbox": [0, 0, 5, 10], "text": f"line {number}"}]
        (tmp_path / f"{number}.json").write_text(json.dumps({"lines": lines}))
    first, rest = choose(tmp_path, 4), choose(tmp_path, 4, skip=4)
    assert [receipt.name for receipt in choose(tmp_path, 4)] == [receipt.name for receipt in first]
    assert {receipt.name for receipt in first} | {receipt.name for receipt in rest} == set("012345")
    assert first[0].lines[0].bbox == BoundingBox(0, 0, 0.5, 0.5)
    assert first[0].image().shape == (20, 10, 3)


def test_the_fit_finds_the_weights_that_made_the_labels() -> None:
    random = np.random.default_rng(5)
    features = np.column_stack([np.ones(4000), random.normal(size=4000)])
    right = (random.random(4000) < predict(features, np.array([0.5, 1.5]))).astype(float)
    weights = fit_logistic(features, right)
    assert weights == pytest.approx([0.5, 1.5], abs=0.15)
    quality = assess(predict(features, weights), right)
    assert quality.ece < 0.03
    assert quality.auroc == pytest.approx(0.82, abs=0.05)


def test_perfect_and_hopeless_chances_are_told_apart() -> None:
    right = np.array([0.0, 0.0, 1.0, 1.0])
    assert assess(np.array([0.1, 0.2, 0.8, 0.9]), right).auroc == 1.0
    assert assess(np.array([0.5, 0.5, 0.5, 0.5]), right).auroc == 0.5
    assert assess(right, right).brier == 0.0


def test_fitting_gives_coefficients_for_each_basis() -> None:
    examples = [
        (basis, Judged(word("abc", 0.1, least=least), "abc", 1.0, least), right)
        for basis in BASES
        for least, right in ((0.9, True), (0.95, True), (0.3, False), (0.2, False), (0.8, True), (0.6, False))
    ]
    artefact = fit(examples, examples, "test-1")
    assert artefact["version"] == "test-1"
    assert set(artefact["coefficients"]) == set(BASES)  # type: ignore[call-overload]


def test_the_environment_names_engines_sandbox_and_calibration() -> None:
    found = describe_environment()
    assert {engine.name for engine in found.engines} >= {"pymupdf", "rapidocr", "tesseract"}
    assert found.sandbox in {"bubblewrap", "plain"}
    assert found.calibration == json.loads(ARTEFACT.read_text())["version"]
    assert "PP-OCRv6" in found.version


def test_the_halves_are_told_by_the_name_alone() -> None:
    halves = [half_of(f"{number:03}") for number in range(400)]
    assert half_of("000") == halves[0]
    assert 150 < halves.count("tune") < 250
