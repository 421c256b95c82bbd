"""Forests are evaluated as they were grown, and only the files that the calibration names are loaded."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from benchmarks.ocr_calibration.boosting import BoostingParameters, forest_log_odds, grow_forest
from benchmarks.ocr_calibration.logistic import Floats, probabilities_of
from benchmarks.ocr_calibration.onnx_export import export_forest
from ingestion.adapters.ocr.calibration_files import WORD_CONFIDENCE_PATH
from ingestion.adapters.ocr.onnx_forest import DamagedCalibration, OnnxForest, forest_path, load_forests

NAMES = ("high", "unless", "noise")
SMALL = BoostingParameters(trees=9, shrink=1.0, rows=1.0, columns=1.0)


def made_rows(count: int = 600) -> tuple[Floats, Floats]:
    random = np.random.default_rng(3)
    rows = random.random((count, 3))
    return rows, (random.random(count) < np.clip(rows[:, 0] + 0.3 * (rows[:, 1] > 0.7), 0, 1)).astype(float)


def test_forest_returns_calibrated_probability_of_its_log_odds() -> None:
    rows, right = made_rows()
    grown = grow_forest(rows, right, NAMES, SMALL)
    forest = OnnxForest(export_forest(grown, 1.5, -0.25))
    expected = probabilities_of(1.5 * forest_log_odds(grown, rows) - 0.25)
    assert forest.feature_names == NAMES
    assert forest.probabilities(rows.tolist()) == pytest.approx(expected, abs=1e-12)
    assert len(np.unique(expected)) > 10


def test_forest_distinguishes_neighbouring_values_of_64_bits() -> None:
    rows, right = made_rows()
    grown = grow_forest(rows, right, NAMES, SMALL)
    bounds = [tree["tree_structure"]["threshold"] for tree in grown.dump_model()["tree_info"]]
    roots = [tree["tree_structure"]["split_feature"] for tree in grown.dump_model()["tree_info"]]
    pairs = np.full((2, 3), 0.5)
    pairs[:, roots[0]] = bounds[0], np.nextafter(bounds[0], 1)
    below, above = OnnxForest(export_forest(grown, 1.0, 0.0)).probabilities(pairs.tolist())
    assert below != above
    assert [below, above] == pytest.approx(probabilities_of(forest_log_odds(grown, pairs)), abs=1e-12)


def test_forest_rows_are_independent() -> None:
    rows, right = made_rows()
    forest = OnnxForest(export_forest(grow_forest(rows, right, NAMES, SMALL), 1.0, 0.0))
    together = forest.probabilities(rows.tolist())
    assert [forest.probabilities([row])[0] for row in rows[:50].tolist()] == pytest.approx(together[:50], abs=1e-12)
    assert forest.probabilities([]) == ()


def test_forest_without_any_split_has_one_probability() -> None:
    rows = np.zeros((40, 3))
    grown = grow_forest(rows, np.tile([0.0, 1.0, 1.0, 1.0], 10), NAMES, SMALL)
    found = OnnxForest(export_forest(grown, 1.0, 0.0)).probabilities([[0.0, 0.0, 0.0], [9.0, 9.0, 9.0]])
    assert found == pytest.approx((0.75, 0.75), abs=1e-6)


def test_only_files_with_expected_digest_are_loaded(tmp_path: Path) -> None:
    rows, right = made_rows()
    model = export_forest(grow_forest(rows, right, NAMES, SMALL), 1.0, 0.0)
    forest_path(tmp_path, "both").write_bytes(model)
    digest = hashlib.sha256(model).hexdigest()
    assert set(load_forests(tmp_path, {"both": digest})) == {"both"}
    with pytest.raises(DamagedCalibration, match="both"):
        load_forests(tmp_path, {"both": digest[::-1]})
    assert len(list(WORD_CONFIDENCE_PATH.parent.glob("*.onnx"))) == 4
