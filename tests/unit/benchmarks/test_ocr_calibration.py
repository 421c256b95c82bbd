"""Calibrated OCR confidences are reliable, and their coefficients come from the project's own fit."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
from PIL import Image

from benchmarks.ocr_calibration.boosting import BoostingParameters, grow_forest
from benchmarks.ocr_calibration.degraded_scans import DEGRADATION_LEVELS, DegradedScan, degraded_scans
from benchmarks.ocr_calibration.engine_views import EngineReadings
from benchmarks.ocr_calibration.examples import (
    ScanReadings,
    WordExamples,
    examples_with_thinned_lexicon,
    lexicon_of,
    thin_lexicon,
    word_examples,
)
from benchmarks.ocr_calibration.fit import (
    BASES,
    DECREASING_FEATURES,
    INCREASING_FEATURES,
    SCRIPT,
    fit_forest,
    in_doubted_line,
    pack_lexicon,
)
from benchmarks.ocr_calibration.forms import FormScan, generate_forms
from benchmarks.ocr_calibration.logistic import Floats, fit_logistic, measure_probabilities, predict, probabilities_of
from benchmarks.ocr_calibration.onnx_export import export_forest
from benchmarks.ocr_calibration.page_fit import PageExamples, assess_pages, fit_pages, page_examples
from benchmarks.ocr_calibration.receipts import (
    ReceiptScan,
    TruthLine,
    corpus_half,
    in_rows,
    label_words,
    select_receipts,
)
from ingestion.adapters.ocr.calibration_files import CALIBRATION_FOLDER, PAGE_CONFIDENCE_PATH, WORD_CONFIDENCE_PATH
from ingestion.adapters.ocr.engines import load_merging
from ingestion.adapters.ocr.onnx_forest import OnnxForest, forest_path
from ingestion.adapters.reader.environment import describe_environment
from ingestion.adapters.sandbox.launcher import ROOT
from ingestion.domain.ocr.agreement import ComparedWord, OcrWord
from ingestion.domain.ocr.lexicon import Lexicon, digest_of
from ingestion.domain.ocr.line_words import RecognitionTrace
from ingestion.domain.ocr.page_confidence import page_features
from ingestion.domain.ocr.word_confidence import unpack_lexicon
from ingestion.domain.ocr.word_evidence import PageContext
from refinery.core.types import BoundingBox

LINE = BoundingBox(0.0, 0.0, 1.0, 0.1)


def word(text: str, at: float, *, y: float = 0.02, least: float = 0.99) -> OcrWord:
    return OcrWord(text, BoundingBox.clipped(at, y, at + 0.05, y + 0.05), least, least)


def chance(*judged: ComparedWord, basis: str = "both") -> list[float]:
    model = load_merging().word_confidence
    page = load_merging().context_of([each.word for each in judged])
    return list(model.estimate(judged, basis, page))


def test_shipped_confidence_rises_with_agreement_and_certainty() -> None:
    sure = chance(ComparedWord(word("Total", 0.1, least=0.999), "Total", 1.0, 0.95, 0.8))[0]
    alone = chance(ComparedWord(word("Total", 0.1, least=0.999), "Tofal", 0.8, 0.4, 0.8))[0]
    doubtful = chance(ComparedWord(word("Tota1", 0.1, least=0.4), "Tofal", 0.8, 0.9, 0.8))[0]
    assert 0.96 < sure < 1
    assert sure > alone > doubtful
    assert doubtful < 0.6


def test_shipped_confidence_falls_with_missed_blank_or_letter() -> None:
    whole, glued, short = (
        chance(ComparedWord(replace(word("CHANGEDUE", 0.1), trace=trace)), basis="rapidocr")[0]
        for trace in (RecognitionTrace(), RecognitionTrace(space_inside=0.4), RecognitionTrace(missed_character=0.4))
    )
    assert whole > glued + 0.1
    assert whole > short + 0.02


def test_shipped_forests_are_calibrated_on_held_out_receipts() -> None:
    artefact = json.loads(WORD_CONFIDENCE_PATH.read_text())
    report = artefact["held_out"]
    assert artefact["script"] == SCRIPT
    assert (ROOT / SCRIPT).exists()
    assert len(artefact["data"]["sha256"]) == 64
    assert report["both"]["auroc"] >= 0.9
    assert report["both"]["ece"] <= 0.03
    assert set(report) == {*BASES, "standard"}


def test_shipped_lexicon_contains_no_plain_or_unique_words() -> None:
    artefact = json.loads(WORD_CONFIDENCE_PATH.read_text())
    assert min(map(int, artefact["lexicon"])) >= 2
    assert all(isinstance(digest, int) for found in artefact["lexicon"].values() for digest in found)
    assert load_merging().word_confidence.lexicon.log_frequency("TOTAL") > 3


def test_label_word_is_right_if_written_as_often_in_truth() -> None:
    receipt = ReceiptScan("r", Path(), (TruthLine(LINE, "TOTAL RM 9.00"), TruthLine(LINE, "CASH 9.00")))
    read = [word("Total", 0.1), word("RM9.00", 0.3), word("9.00", 0.5), word("9.00", 0.5), word("9.00", 0.5)]
    assert label_words(read, receipt) == [True, False, True, True, False]


def test_label_truth_columns_are_compared_row_by_row() -> None:
    def at(text: str, x: float, y: float) -> TruthLine:
        return TruthLine(BoundingBox(x, y, x + 0.2, y + 0.02), text)

    lines = [at("Item", 0.1, 0.1), at("Tea", 0.1, 0.13), at("Price", 0.6, 0.104), at("2.50", 0.6, 0.126)]
    assert [line.text for line in in_rows(lines)] == ["Item", "Price", "Tea", "2.50"]


def test_receipts_are_loaded_in_stable_order_without_duplicates(tmp_path: Path) -> None:
    for number in range(6):
        Image.new("RGB", (10, 20)).save(tmp_path / f"{number}.jpg")
        lines = [{"bbox": [0, 0, 5, 10], "text": f"line {number}"}]
        (tmp_path / f"{number}.json").write_text(json.dumps({"lines": lines}))
    first, rest = select_receipts(tmp_path, 4), select_receipts(tmp_path, 4, skip=4)
    assert [receipt.name for receipt in select_receipts(tmp_path, 4)] == [receipt.name for receipt in first]
    assert {receipt.name for receipt in first} | {receipt.name for receipt in rest} == set("012345")
    assert first[0].lines[0].bbox == BoundingBox(0, 0, 0.5, 0.5)
    assert first[0].image().shape == (20, 10, 3)


def test_logistic_fit_recovers_generating_weights() -> None:
    random = np.random.default_rng(5)
    features = np.column_stack([np.ones(4000), random.normal(size=4000)])
    right = (random.random(4000) < predict(features, np.array([0.5, 1.5]))).astype(float)
    weights = fit_logistic(features, right)
    assert weights == pytest.approx([0.5, 1.5], abs=0.15)
    quality = measure_probabilities(predict(features, weights), right)
    assert quality.ece < 0.03
    assert quality.auroc == pytest.approx(0.82, abs=0.05)


def test_page_fit_ranks_pages_by_expected_accuracy() -> None:
    random = np.random.default_rng(4)
    hard = random.random(80)
    chance = np.clip(1 - 0.4 * hard[:, None] * random.random((80, 50)), 0.02, 0.98)
    recall = np.clip(chance.mean(axis=1) - 0.05, 0, 1)
    rows = [page_features(each.tolist(), PageContext()) for each in chance]
    pages = PageExamples(tuple(rows[0]), np.array([list(row.values()) for row in rows]), recall)
    coefficients = fit_pages(pages)
    measured = assess_pages(pages, coefficients)
    assert measured["spearman"] > 0.95
    assert measured["off"] < 0.02
    assert {"one", "mean"} <= set(coefficients) <= {"one", "mean", "low"}  # `low` may be left out if all pages share it


def test_assess_separates_perfect_from_random_chances() -> None:
    right = np.array([0.0, 0.0, 1.0, 1.0])
    assert measure_probabilities(np.array([0.1, 0.2, 0.8, 0.9]), right).auroc == 1.0
    assert measure_probabilities(np.array([0.5, 0.5, 0.5, 0.5]), right).auroc == 0.5
    assert measure_probabilities(right, right).brier == 0.0


def true_chances(features: Floats) -> Floats:
    return probabilities_of(np.where((features[:, 0] > 0.4) & ~(features[:, 1] > 0.7), 3.0, -1.0))


def made_examples(count: int = 3000) -> WordExamples:
    """Return words that are correct if one feature is high, unless another is high too; a third is noise."""
    random = np.random.default_rng(3)
    features = random.random((count, 3))
    right = (random.random(count) < true_chances(features)).astype(float)
    numbers = np.arange(count)
    return WordExamples(("high", "unless", "noise"), features, right, numbers // 20, numbers // 5)


def test_forest_fit_finds_interaction_and_is_calibrated() -> None:
    made = made_examples()
    fitted = fit_forest(made, BoostingParameters(trees=60, rate=0.15, rows=1.0, columns=1.0), margin=0.0)
    best, unseen = (
        measure_probabilities(true_chances(made.features), made.correct),
        measure_probabilities(probabilities_of(fitted.out_of_fold), made.correct),
    )
    assert unseen.auroc > best.auroc - 0.02
    assert unseen.ece < 0.04
    high, unless, noise = fitted.forest.feature_importance("gain")
    assert noise < min(high, unless) / 2


def prediction_changes(forest: OnnxForest, name: str, rows: Floats, random: np.random.Generator) -> Floats:
    """Return by how much randomly raising a feature changes the forest's log odds for each row."""
    more = rows.copy()
    more[:, forest.feature_names.index(name)] += random.exponential(2.0, len(rows))
    before, after = (np.array(forest.probabilities(each.tolist()), dtype=np.float64) for each in (rows, more))
    return np.asarray(np.log(after / (1 - after)) - np.log(before / (1 - before)), dtype=np.float64)


def test_monotone_forest_rises_everywhere() -> None:
    random, made = np.random.default_rng(6), made_examples(2000)
    rows = random.normal(0.5, 2.0, (3000, 3))

    def grown(increasing: frozenset[str] = frozenset(), decreasing: frozenset[str] = frozenset()) -> OnnxForest:
        growth = BoostingParameters(trees=30, rate=0.1, leaf_examples=20, increasing=increasing, decreasing=decreasing)
        return OnnxForest(export_forest(grow_forest(made.features, made.correct, made.names, growth), 1.0, 0.0))

    free = grown()
    assert prediction_changes(free, "high", rows, random).min() < 0
    assert prediction_changes(free, "unless", rows, random).max() > 0
    bound = grown(frozenset({"high", "unless"}), frozenset({"noise"}))
    assert prediction_changes(bound, "high", rows, random).min() >= -1e-9
    assert prediction_changes(bound, "unless", rows, random).min() >= -1e-9
    assert prediction_changes(bound, "noise", rows, random).max() <= 1e-9
    assert prediction_changes(bound, "high", rows, random).max() > 0.5


def bounds_of(basis: str, features: int) -> list[list[float]]:
    """Return for each feature values on both sides of every bound in a shipped forest."""
    (trees,) = (node for node in onnx.load(forest_path(CALIBRATION_FOLDER, basis)).graph.node if node.domain)
    found = {attribute.name: onnx.helper.get_attribute_value(attribute) for attribute in trees.attribute}
    sides: list[list[float]] = [[0.0] for _ in range(features)]
    bounds = onnx.numpy_helper.to_array(found["nodes_splits"])
    for feature, bound in zip(found["nodes_featureids"], bounds, strict=True):
        sides[feature] += [bound - 0.01, bound + 0.01]
    return sides


@pytest.mark.parametrize("basis", BASES)
def test_shipped_forests_are_monotone_in_reading_quality(basis: str) -> None:
    random, forest = np.random.default_rng(8), OnnxForest(forest_path(CALIBRATION_FOLDER, basis).read_bytes())
    sides = bounds_of(basis, len(forest.feature_names))
    assert sum(map(len, sides)) > 1000
    rows = np.column_stack([random.choice(found, 3000) for found in sides])
    for name in INCREASING_FEATURES.intersection(forest.feature_names):
        assert prediction_changes(forest, name, rows, random).min() >= -1e-9
    for name in DECREASING_FEATURES.intersection(forest.feature_names):
        assert prediction_changes(forest, name, rows, random).max() <= 1e-9
    assert {"mean", "least", "doubt"} <= INCREASING_FEATURES.intersection(forest.feature_names)


def test_shipped_confidence_of_bad_word_on_bad_page_is_low() -> None:
    trace = RecognitionTrace(second_lowest=0.4, first=0.4, last=0.3, rest_of_line_min=0.3, line_confidence=0.4)
    words = [word(text, 0.1 * at, least=0.3) for at, text in enumerate(("l1O0", "Tqta1", "c4$h"))]
    bad = [ComparedWord(replace(each, trace=trace)) for each in words]
    assert max(chance(*bad, basis="rapidocr")) < 0.5
    assert max(chance(*bad, basis="both")) < 0.5


def test_caution_lowers_log_odds_by_constant() -> None:
    made = made_examples(400)
    plain, careful = (fit_forest(made, BoostingParameters(trees=5), margin=off) for off in (0.0, 0.3))
    assert plain.out_of_fold - careful.out_of_fold == pytest.approx(np.full(400, 0.3))
    assert plain.shift - careful.shift == pytest.approx(0.3)
    rows = made.features[:50].tolist()
    sure, wary = (np.array(OnnxForest(each.model()).probabilities(rows)) for each in (plain, careful))
    assert np.log(sure / (1 - sure)) - np.log(wary / (1 - wary)) == pytest.approx(np.full(50, 0.3))


def test_doubted_selects_lines_with_a_doubtful_word() -> None:
    made = made_examples(20).select(np.arange(20) < 12)
    chances = np.where(np.arange(12) == 7, 0.5, 0.99)
    assert np.flatnonzero(in_doubted_line(made, chances)).tolist() == [5, 6, 7, 8, 9]


def page_observations(paper: ReceiptScan | FormScan, *texts: str) -> ScanReadings:
    line = tuple(word(text, 0.1 * at) for at, text in enumerate(texts))
    return ScanReadings(paper, EngineReadings((line,), line, line))


def test_less_known_copies_of_words_do_not_count_pages_twice() -> None:
    paper = ReceiptScan("r", Path(), (TruthLine(LINE, "total cash"),))
    lexicon = Lexicon({digest_of("total"): 30, digest_of("cash"): 20})
    found = examples_with_thinned_lexicon([page_observations(paper, "Total", "Cush")], lexicon, "rapidocr")
    known = found.names.index("known")
    assert found.features[:, known] == pytest.approx([np.log(29), 0, 0, 0])
    assert found.correct.tolist() == [1, 0, 1, 0]
    assert found.scan_index.tolist() == [0, 0, 0, 0]
    assert found.is_original.tolist() == [True, True, False, False]
    pages = page_examples(
        [page_observations(paper, "Total", "Cush")], found, np.array([0.9, 0.3, 0.1, 0.1]), lexicon, own=True
    )
    assert pages.recall.tolist() == [0.5]
    assert pages.features[0, pages.names.index("low")] == 0.5


def test_lexicon_excludes_own_words_of_receipts_but_not_of_forms() -> None:
    lexicon = Lexicon({digest_of("total"): 2})
    lines = (TruthLine(LINE, "total"),)
    receipt, form = ReceiptScan("r", Path(), lines), FormScan("f", np.zeros((4, 4, 3), np.uint8), lines)
    for paper, known in ((receipt, 0.0), (form, np.log(2))):
        found = word_examples([page_observations(paper, "Total")], lexicon, "rapidocr", own=True)
        assert found.features[0, found.names.index("known")] == pytest.approx(known)


def test_thinned_lexicon_is_deterministic() -> None:
    lexicon = Lexicon(dict.fromkeys(range(1000), 3))
    assert thin_lexicon(lexicon, 0.0).document_counts == {}
    assert list(thin_lexicon(lexicon, 0.25).document_counts) == list(range(250))


def test_generated_forms_contain_their_words() -> None:
    (form, *_), (other, *_) = list(generate_forms("tune", 1)), list(generate_forms("test", 1))
    assert form.image().ndim == 3
    assert len(form.lines[0].text.split()) > 30
    assert form.lines != other.lines


def test_degraded_scan_shares_fold_of_its_original() -> None:
    lines = (TruthLine(LINE, "total"),)
    papers = [FormScan(str(number), np.full((40, 60, 3), number, np.uint8), lines) for number in range(33)]
    poor = [each for each in degraded_scans(papers) if isinstance(each, DegradedScan)]
    shown = [int(each.original.name) for each in poor if isinstance(each.original, FormScan)]
    assert len(poor) == len(shown) == 5
    assert [(len(papers) + at) % 5 for at in range(5)] == [number % 5 for number in shown]
    assert [each.degradation for each in poor] == list(DEGRADATION_LEVELS)
    assert [each.image().shape for each in poor][:2] == [(20, 30, 3), (40, 60, 3)]
    assert all(np.array_equal(each.image(), each.image()) for each in poor)
    assert all(each.lines == lines for each in poor)


def test_degraded_scan_trains_words_but_not_pages() -> None:
    receipt = ReceiptScan("r", Path(), (TruthLine(LINE, "total"),))
    looked = [
        page_observations(receipt, "Total"),
        ScanReadings(DegradedScan(receipt, DEGRADATION_LEVELS[0], 0), page_observations(receipt, "Total").readings),
    ]
    found = word_examples(looked, Lexicon({}), "rapidocr", own=True)
    assert found.scan_index.tolist() == [0, 1]
    assert len(page_examples(looked, found, np.array([0.9, 0.9]), Lexicon({}), own=True).recall) == 1


def test_degraded_scan_excludes_own_words_of_its_receipt() -> None:
    receipt = ReceiptScan("r", Path(), (TruthLine(LINE, "total"),))
    looked = ScanReadings(DegradedScan(receipt, DEGRADATION_LEVELS[0], 0), page_observations(receipt, "Total").readings)
    assert looked.own_digests() == {digest_of("total")}


def test_lexicon_counts_documents_and_drops_unique_words() -> None:
    papers = [ReceiptScan(str(n), Path(), (TruthLine(LINE, text),)) for n, text in enumerate(("A a B", "a C 12", "77"))]
    lexicon = lexicon_of(papers)
    assert {text: lexicon.log_frequency(text) > 0 for text in ("a", "b", "c", "99")} == {
        "a": True,
        "b": False,
        "c": False,
        "99": True,
    }
    assert unpack_lexicon(pack_lexicon(lexicon)) == lexicon


def test_describe_environment_names_engines_sandbox_and_calibration() -> None:
    found = describe_environment()
    assert {engine.name for engine in found.engines} >= {"pymupdf", "rapidocr", "tesseract"}
    assert found.sandbox in {"bubblewrap", "plain"}
    versions = [
        json.loads(artefact.read_text())["version"] for artefact in (WORD_CONFIDENCE_PATH, PAGE_CONFIDENCE_PATH)
    ]
    assert found.calibration == ", ".join(versions)
    assert "PP-OCRv6" in found.version


def test_half_of_depends_on_name_only() -> None:
    halves = [corpus_half(f"{number:03}") for number in range(400)]
    assert corpus_half("000") == halves[0]
    assert 150 < halves.count("tune") < 250
