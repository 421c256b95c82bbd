"""What speaks for a word: its print, its line, its page, what print is known to say; a forest weighs it."""

import json

import pytest

from ingestion.domain.ocr.agreement import Judged, OcrWord
from ingestion.domain.ocr.forest import Forest, Tree, pack_forest, unpack_forest
from ingestion.domain.ocr.lexicon import Lexicon, digest_of, digests
from ingestion.domain.ocr.line_words import Trace
from ingestion.domain.ocr.page_confidence import PageConfidence, page_features, unpack_page_confidence
from ingestion.domain.ocr.word_confidence import WordConfidence, logistic, unpack_confidence
from ingestion.domain.ocr.word_evidence import Surroundings, evidence, logit, surroundings
from refinery.core.types import BoundingBox

BOX = BoundingBox(0.1, 0.1, 0.3, 0.12)
LEXICON = Lexicon(
    {digest_of(word): count for word, count in (("total", 20), ("total:", 9), ("shop", 3), ("0.00", 8))}
)
FOREST = Forest(("least", "alike"), -1.0, (Tree((0, 1), (0.5, 0.5), (0.0, 1.0, 2.0, 4.0)),))


def read(text: str, *, least: float = 0.9, trace: Trace | None = None) -> OcrWord:
    return OcrWord(text, BOX, least, least, "", trace or Trace())


def features(*judged: Judged) -> list[dict[str, float]]:
    return evidence(judged, surroundings([each.word for each in judged], LEXICON), LEXICON)


def test_a_tree_asks_level_by_level_and_the_forest_adds_up() -> None:
    assert [FOREST.value({"least": a, "alike": b}) for a, b in ((0, 0), (0, 1), (1, 0), (1, 1))] == [-1, 0, 1, 3]
    assert unpack_forest(json.loads(json.dumps(pack_forest(FOREST)))) == FOREST


def test_each_basis_has_its_forest_and_its_chances() -> None:
    other = Forest((), 0.5, ())
    model = WordConfidence("v", {"both": FOREST, "rapidocr": other}, LEXICON)
    agreed, differing = Judged(read("a"), "a", 1.0, 0.9), Judged(read("a", least=0.1), "o", 0.0, 0.9)
    page = surroundings([agreed.word], LEXICON)
    assert model.estimate([agreed, differing], "both", page) == pytest.approx((logistic(3), logistic(-1)))
    assert model.estimate([agreed], "rapidocr", page) == pytest.approx((logistic(0.5),))
    with pytest.raises(KeyError):
        model.estimate([agreed], "lines", page)


def test_a_fit_comes_back_from_json_as_it_was_written() -> None:
    packed = {"version": "v", "forests": {"both": pack_forest(FOREST)}, "lexicon": {"3": [digest_of("shop")]}}
    model = unpack_confidence(json.loads(json.dumps(packed)))
    assert (model.version, model.forests) == ("v", {"both": FOREST})
    assert model.lexicon.known("SHOP") == pytest.approx(1.0986, abs=1e-4)


def test_a_word_is_known_whatever_its_case_and_its_digits_and_never_by_its_own_paper_alone() -> None:
    assert LEXICON.known("TOTAL") > LEXICON.known("Shop") > LEXICON.known("spoh") == LEXICON.known("") == 0.0
    assert LEXICON.known("9.75") == LEXICON.known("0.00") > 0
    own = digests(["SHOP"])
    assert 0 < LEXICON.known("shop", own) < LEXICON.known("shop")
    assert Lexicon({digest_of("once"): 2}).known("once", digests(["once"])) == 0.0


def test_two_known_words_read_as_one_are_noticed_and_one_read_as_two() -> None:
    (glued,) = features(Judged(read("totalshop")))
    assert glued["known_parted"] == LEXICON.known("shop")
    assert glued["known"] == 0.0
    assert LEXICON.parted("total" + "shop" * 20) == 0.0
    trace = Trace(after=":", space_after=0.4, line=2)
    first, second = features(
        Judged(read("Total", trace=trace)), Judged(read(":", trace=Trace(before="Total", line=2)))
    )
    assert first["known_joined_right"] == second["known_joined_left"] == LEXICON.known("total:")
    assert (first["after_mark"], first["beside_mark"], first["ends"], second["ends"]) == (1, 1, 0, 1)


def test_the_page_speaks_for_its_words() -> None:
    clear, close = Trace(tall=40.0), Trace(tall=20.0, space_inside=0.4)
    first, second = features(Judged(read("Total", trace=clear)), Judged(read("xy", least=0.2, trace=close)))
    assert first["tight"] == second["tight"] == first["page_known"] == 0.5
    assert first["taller"] > 0 > second["taller"]
    assert first["doubt"] == pytest.approx((first["least"] + second["least"]) / 2)
    twice = features(Judged(read("5")), Judged(read("5")))
    assert [each["times"] for each in twice] == [2, 2]


def test_what_the_witness_heard_counts_by_how_far_it_is_from_what_was_read() -> None:
    alike, parted, other, deaf = features(
        Judged(read("Total"), "Total", 1.0, 0.8),
        Judged(read("Totaldue"), "Total due", 1.0, 0.8),
        Judged(read("Tota1"), "Total", 0.8, 0.7),
        Judged(read("Total")),
    )
    assert [each["alike"] for each in (alike, parted, other, deaf)] == [1, 1, 0, 0]
    assert [each["apart"] for each in (alike, parted, other, deaf)] == [0, 1, 0, 0]
    assert [each["edits"] for each in (alike, parted, other, deaf)] == [0, 0, 1, 7]
    assert (alike["sure_alike"], other["sure_unlike"], deaf["sure_unlike"]) == (0.8, 0.7, 0.0)
    assert other["known_heard"] == LEXICON.known("total") > other["known"]


def test_the_neighbours_on_a_line_speak_for_a_word_and_those_on_other_lines_do_not() -> None:
    def line(first: str, second: str) -> tuple[Trace, Trace]:
        return Trace(after=second, line=2), Trace(before=first, line=2)

    (a, b), (c, d) = line("a", "b"), line("c", "d")
    judged = [
        Judged(read("a", trace=a), "a", 1.0, 0.9), Judged(read("b", trace=b), "x", 0.0, 0.9),
        Judged(read("c", trace=c), "c", 1.0, 0.9), Judged(read("d", trace=d), "d", 1.0, 0.9),
    ]  # fmt: skip
    assert [each["near_alike"] for each in features(*judged)] == [0.0, 1.0, 1.0, 1.0]


def test_features_stay_finite_at_the_ends() -> None:
    for chance in (0.0, 1.0):
        trace = Trace(chance, chance, chance, chance, chance, chance, chance, 99.0, company=chance, even=chance)
        (found,) = features(Judged(read("x" * 99, least=chance, trace=trace)))
        assert all(abs(value) < 100 for value in found.values())
    assert evidence([], surroundings([], LEXICON), LEXICON) == []
    assert (logistic(-900), logistic(900)) == (0.0, 1.0)


def test_a_pages_confidence_falls_with_words_likely_wrong_and_with_blanks_passed_over() -> None:
    packed = {
        "version": "v",
        "coefficients": {"rapidocr": {"one": 1.0, "low": -4.0, "space": -5.0}, "tesseract": {}},
    }
    model = unpack_page_confidence(json.loads(json.dumps(packed)))
    clear, close = Surroundings(), Surroundings(space=0.1)
    assert model.estimate([0.9, 0.9], clear, "rapidocr") == pytest.approx(logistic(1.0))
    assert model.estimate([0.9, 0.4], clear, "rapidocr") == pytest.approx(logistic(-1.0))
    assert model.estimate([0.9, 0.9], close, "rapidocr") == pytest.approx(logistic(0.5))
    assert model.estimate([0.9, 0.4], close, "tesseract") == 0.5
    assert model.estimate([], close, "") == 1.0
    assert PageConfidence("v", {"rapidocr": {}}) != model
    assert page_features([0.5, 0.7], clear)["mean"] == pytest.approx(logit(0.6))
