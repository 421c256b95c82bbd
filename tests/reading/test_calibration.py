"""What reading says of its own words can be counted on, and where the numbers come from is our own fit."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks.ocr_calibration.boosting import Growth, grow, in_order, scaled, walk
from benchmarks.ocr_calibration.degraded_scans import WEARS, Worn, worn
from benchmarks.ocr_calibration.engine_views import Seen
from benchmarks.ocr_calibration.examples import Examples, Looked, examples, lexicon_of, thinned, with_less_known
from benchmarks.ocr_calibration.fit import BASES, FALLING, RISING, SCRIPT, doubted, fit, pack_lexicon
from benchmarks.ocr_calibration.forms import Form, forms
from benchmarks.ocr_calibration.logistic import Floats, assess, chances, fit_logistic, predict
from benchmarks.ocr_calibration.page_fit import Pages, assess_pages, fit_pages, pages_of
from benchmarks.ocr_calibration.receipts import Receipt, TrueLine, choose, half_of, in_rows, label
from ingestion.adapters.ocr.calibration_files import ARTEFACT, PAGE_ARTEFACT
from ingestion.adapters.ocr.engines import merging
from ingestion.adapters.reader.environment import describe_environment
from ingestion.adapters.sandbox.launcher import ROOT
from ingestion.domain.ocr.agreement import Judged, OcrWord
from ingestion.domain.ocr.forest import Forest
from ingestion.domain.ocr.lexicon import Lexicon, digest_of
from ingestion.domain.ocr.line_words import Trace
from ingestion.domain.ocr.page_confidence import page_features
from ingestion.domain.ocr.word_confidence import unpack_confidence
from ingestion.domain.ocr.word_evidence import Surroundings
from refinery.core.types import BoundingBox

LINE = BoundingBox(0.0, 0.0, 1.0, 0.1)


def word(text: str, at: float, *, y: float = 0.02, least: float = 0.99) -> OcrWord:
    return OcrWord(text, BoundingBox.clipped(at, y, at + 0.05, y + 0.05), least, least)


def chance(*judged: Judged, basis: str = "both") -> list[float]:
    model = merging().chance
    page = merging().page([each.word for each in judged])
    return list(model.estimate(judged, basis, page))


def test_agreement_and_certainty_raise_the_shipped_chance() -> None:
    sure = chance(Judged(word("Total", 0.1, least=0.999), "Total", 1.0, 0.95, 0.8))[0]
    alone = chance(Judged(word("Total", 0.1, least=0.999), "Tofal", 0.8, 0.4, 0.8))[0]
    doubtful = chance(Judged(word("Tota1", 0.1, least=0.4), "Tofal", 0.8, 0.9, 0.8))[0]
    assert 0.96 < sure < 1
    assert sure > alone > doubtful
    assert doubtful < 0.6


def test_a_blank_or_a_letter_that_was_passed_over_lowers_the_shipped_chance() -> None:
    whole, glued, short = (
        chance(Judged(replace(word("CHANGEDUE", 0.1), trace=trace)), basis="rapidocr")[0]
        for trace in (Trace(), Trace(space_inside=0.4), Trace(lost=0.4))
    )
    assert whole > glued + 0.1
    assert whole > short + 0.02


def test_the_shipped_forests_held_on_receipts_they_never_saw() -> None:
    artefact = json.loads(ARTEFACT.read_text())
    report = artefact["held_out"]
    assert artefact["script"] == SCRIPT
    assert (ROOT / SCRIPT).exists()
    assert len(artefact["data"]["sha256"]) == 64
    assert report["both"]["auroc"] >= 0.9
    assert report["both"]["ece"] <= 0.03
    assert set(report) == {*BASES, "standard"}


def test_the_shipped_lexicon_keeps_no_word_and_nothing_that_stood_on_one_paper_alone() -> None:
    artefact = json.loads(ARTEFACT.read_text())
    assert min(map(int, artefact["lexicon"])) >= 2
    assert all(isinstance(digest, int) for found in artefact["lexicon"].values() for digest in found)
    assert merging().chance.lexicon.known("TOTAL") > 3


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


def test_pages_are_ranked_by_what_their_words_promise() -> None:
    random = np.random.default_rng(4)
    hard = random.random(80)
    chance = np.clip(1 - 0.4 * hard[:, None] * random.random((80, 50)), 0.02, 0.98)
    recall = np.clip(chance.mean(axis=1) - 0.05, 0, 1)
    rows = [page_features(each.tolist(), Surroundings()) for each in chance]
    pages = Pages(tuple(rows[0]), np.array([list(row.values()) for row in rows]), recall)
    coefficients = fit_pages(pages)
    measured = assess_pages(pages, coefficients)
    assert measured["spearman"] > 0.95
    assert measured["off"] < 0.02
    assert {"one", "mean"} <= set(coefficients) <= {"one", "mean", "low"}  # what all pages share tells nothing


def test_perfect_and_hopeless_chances_are_told_apart() -> None:
    right = np.array([0.0, 0.0, 1.0, 1.0])
    assert assess(np.array([0.1, 0.2, 0.8, 0.9]), right).auroc == 1.0
    assert assess(np.array([0.5, 0.5, 0.5, 0.5]), right).auroc == 0.5
    assert assess(right, right).brier == 0.0


def true_chances(features: Floats) -> Floats:
    return chances(np.where((features[:, 0] > 0.4) & ~(features[:, 1] > 0.7), 3.0, -1.0))


def made_examples(count: int = 3000) -> Examples:
    """Give words that are right when one feature is high, unless another one is high as well; a third is noise."""
    random = np.random.default_rng(3)
    features = random.random((count, 3))
    right = (random.random(count) < true_chances(features)).astype(float)
    numbers = np.arange(count)
    return Examples(("high", "unless", "noise"), features, right, numbers // 20, numbers // 5)


def test_a_forest_finds_what_depends_on_two_things_at_once_and_its_chances_can_be_believed() -> None:
    made = made_examples()
    fitted = fit(made, Growth(trees=60, rate=0.15, rows=1.0, columns=1.0), caution=0.0)
    best, unseen = assess(true_chances(made.features), made.right), assess(chances(fitted.unseen), made.right)
    assert unseen.auroc > best.auroc - 0.02
    assert unseen.ece < 0.04
    asked = Counter(feature for tree in fitted.forest.trees for feature in tree.features[:2])
    assert asked[2] < min(asked[0], asked[1]) / 2


def rises(forest: Forest, name: str, rows: Floats, random: np.random.Generator) -> Floats:
    """Give by how much raising a feature at random changes what the forest says of each row."""
    more = rows.copy()
    more[:, forest.names.index(name)] += random.exponential(2.0, len(rows))
    return walk(forest, more) - walk(forest, rows)


def test_a_forest_that_must_rise_does_where_no_example_lay_and_where_examples_say_otherwise() -> None:
    random, made = np.random.default_rng(6), made_examples(2000)
    rows = random.normal(0.5, 2.0, (3000, 3))
    free = grow(made.features, made.right, made.names, Growth(trees=30))
    assert rises(free, "high", rows, random).min() < 0 < rises(free, "unless", rows, random).max()
    bound = grow(
        made.features, made.right, made.names,
        Growth(trees=30, rising=frozenset({"high", "unless"}), falling=frozenset({"noise"})),
    )  # fmt: skip
    assert rises(bound, "high", rows, random).min() >= -1e-9
    assert rises(bound, "unless", rows, random).min() >= -1e-9
    assert rises(bound, "noise", rows, random).max() <= 1e-9
    assert rises(bound, "high", rows, random).max() > 0.5


def test_leaves_in_the_wrong_order_share_their_weighted_mean() -> None:
    weight = np.array([3.0, 1.0, 1.0, 1.0])
    assert in_order(np.array([1.0, 0.0, 2.0, 3.0]), weight, [0, 1]) == pytest.approx([0.75, 0.75, 2, 3], abs=1e-3)
    assert in_order(np.array([1.0, 0.0, 2.0, 3.0]), weight, [0, 0]).tolist() == [1, 0, 2, 3]
    assert in_order(np.array([4.0, 3.0, 2.0, 1.0]), np.ones(4), [1, 1]) == pytest.approx([2.5] * 4)
    assert in_order(np.array([4.0, 3.0, 2.0, 1.0]), np.ones(4), [-1, -1]).tolist() == [4, 3, 2, 1]


@pytest.mark.parametrize("basis", BASES)
def test_the_shipped_forests_never_trust_a_word_more_for_being_read_worse(basis: str) -> None:
    random, forest = np.random.default_rng(8), merging().chance.forests[basis]
    bounds = [[0.0] for _ in forest.names]
    for tree in forest.trees:
        for feature, bound in zip(tree.features, tree.bounds, strict=True):
            bounds[feature] += [bound - 0.01, bound + 0.01]
    rows = np.column_stack([random.choice(found, 3000) for found in bounds])
    for name in RISING.intersection(forest.names):
        assert rises(forest, name, rows, random).min() >= -1e-9
    for name in FALLING.intersection(forest.names):
        assert rises(forest, name, rows, random).max() <= 1e-9
    assert {"mean", "least", "doubt"} <= RISING.intersection(forest.names)


def test_a_word_read_badly_on_a_page_read_badly_is_doubted() -> None:
    trace = Trace(second=0.4, first=0.4, last=0.3, company=0.3, even=0.4)
    words = [word(text, 0.1 * at, least=0.3) for at, text in enumerate(("l1O0", "Tqta1", "c4$h"))]
    bad = [Judged(replace(each, trace=trace)) for each in words]
    assert max(chance(*bad, basis="rapidocr")) < 0.5
    assert max(chance(*bad, basis="both")) < 0.5


def test_a_forest_is_walked_alike_by_the_fit_and_by_the_reader() -> None:
    made = made_examples(400)
    forest = scaled(grow(made.features, made.right, made.names, Growth(trees=9)), 1.5, -0.25)
    one_by_one = [forest.value(dict(zip(made.names, row, strict=True))) for row in made.features]
    assert walk(forest, made.features) == pytest.approx(one_by_one)


def test_caution_takes_the_same_off_the_log_odds_of_all() -> None:
    made = made_examples(400)
    plain, careful = (fit(made, Growth(trees=5), caution=off) for off in (0.0, 0.3))
    assert plain.unseen - careful.unseen == pytest.approx(np.full(400, 0.3))
    assert plain.forest.start - careful.forest.start == pytest.approx(0.3, abs=1e-3)


def test_the_lines_that_a_witness_is_shown_are_those_with_a_doubted_word() -> None:
    made = made_examples(20).chosen(np.arange(20) < 12)
    told = np.where(np.arange(12) == 7, 0.5, 0.99)
    assert np.flatnonzero(doubted(made, told)).tolist() == [5, 6, 7, 8, 9]


def seen(paper: Receipt | Form, *texts: str) -> Looked:
    line = tuple(word(text, 0.1 * at) for at, text in enumerate(texts))
    return Looked(paper, Seen((line,), line, line))


def test_words_are_learnt_as_known_and_once_more_as_known_less_but_no_page_is_counted_twice() -> None:
    paper = Receipt("r", Path(), (TrueLine(LINE, "total cash"),))
    lexicon = Lexicon({digest_of("total"): 30, digest_of("cash"): 20})
    found = with_less_known([seen(paper, "Total", "Cush")], lexicon, "rapidocr")
    known = found.names.index("known")
    assert found.features[:, known] == pytest.approx([np.log(29), 0, 0, 0])
    assert found.right.tolist() == [1, 0, 1, 0]
    assert found.paper.tolist() == [0, 0, 0, 0]
    assert found.first.tolist() == [True, True, False, False]
    pages = pages_of([seen(paper, "Total", "Cush")], found, np.array([0.9, 0.3, 0.1, 0.1]), lexicon, own=True)
    assert pages.recall.tolist() == [0.5]
    assert pages.features[0, pages.names.index("low")] == 0.5


def test_a_forms_own_words_count_as_known_and_a_receipts_own_do_not() -> None:
    lexicon = Lexicon({digest_of("total"): 2})
    lines = (TrueLine(LINE, "total"),)
    receipt, form = Receipt("r", Path(), lines), Form("f", np.zeros((4, 4, 3), np.uint8), lines)
    for paper, known in ((receipt, 0.0), (form, np.log(2))):
        found = examples([seen(paper, "Total")], lexicon, "rapidocr", own=True)
        assert found.features[0, found.names.index("known")] == pytest.approx(known)


def test_a_thinned_lexicon_is_the_same_one_every_time() -> None:
    lexicon = Lexicon(dict.fromkeys(range(1000), 3))
    assert thinned(lexicon, 0.0).papers == {}
    assert list(thinned(lexicon, 0.25).papers) == list(range(250))


def test_made_up_forms_come_with_the_words_on_each_page() -> None:
    (form, *_), (other, *_) = list(forms("tune", 1)), list(forms("test", 1))
    assert form.image().ndim == 3
    assert len(form.lines[0].text.split()) > 30
    assert form.lines != other.lines


def test_a_poor_scan_shows_the_same_paper_and_is_judged_by_forests_that_have_not_seen_it() -> None:
    lines = (TrueLine(LINE, "total"),)
    papers = [Form(str(number), np.full((40, 60, 3), number, np.uint8), lines) for number in range(33)]
    poor = [each for each in worn(papers) if isinstance(each, Worn)]
    shown = [int(each.paper.name) for each in poor if isinstance(each.paper, Form)]
    assert len(poor) == len(shown) == 5
    assert [(len(papers) + at) % 5 for at in range(5)] == [number % 5 for number in shown]
    assert [each.wear for each in poor] == list(WEARS)
    assert [each.image().shape for each in poor][:2] == [(20, 30, 3), (40, 60, 3)]
    assert all(np.array_equal(each.image(), each.image()) for each in poor)
    assert all(each.lines == lines for each in poor)


def test_a_poor_scan_teaches_what_words_are_worth_and_not_what_pages_are() -> None:
    receipt = Receipt("r", Path(), (TrueLine(LINE, "total"),))
    looked = [seen(receipt, "Total"), Looked(Worn(receipt, WEARS[0], 0), seen(receipt, "Total").seen)]
    found = examples(looked, Lexicon({}), "rapidocr", own=True)
    assert found.paper.tolist() == [0, 1]
    assert len(pages_of(looked, found, np.array([0.9, 0.9]), Lexicon({}), own=True).recall) == 1


def test_the_words_of_a_receipt_count_as_little_known_on_a_poor_scan_of_it() -> None:
    receipt = Receipt("r", Path(), (TrueLine(LINE, "total"),))
    looked = Looked(Worn(receipt, WEARS[0], 0), seen(receipt, "Total").seen)
    assert looked.own() == {digest_of("total")}


def test_the_lexicon_counts_papers_and_drops_what_stood_on_one() -> None:
    papers = [Receipt(str(n), Path(), (TrueLine(LINE, text),)) for n, text in enumerate(("A a B", "a C 12", "77"))]
    lexicon = lexicon_of(papers)
    assert {text: lexicon.known(text) > 0 for text in ("a", "b", "c", "99")} == {
        "a": True, "b": False, "c": False, "99": True,
    }  # fmt: skip
    assert unpack_confidence({"version": "", "forests": {}, "lexicon": pack_lexicon(lexicon)}).lexicon == lexicon


def test_the_environment_names_engines_sandbox_and_calibration() -> None:
    found = describe_environment()
    assert {engine.name for engine in found.engines} >= {"pymupdf", "rapidocr", "tesseract"}
    assert found.sandbox in {"bubblewrap", "plain"}
    versions = [json.loads(artefact.read_text())["version"] for artefact in (ARTEFACT, PAGE_ARTEFACT)]
    assert found.calibration == ", ".join(versions)
    assert "PP-OCRv6" in found.version


def test_the_halves_are_told_by_the_name_alone() -> None:
    halves = [half_of(f"{number:03}") for number in range(400)]
    assert half_of("000") == halves[0]
    assert 150 < halves.count("tune") < 250
