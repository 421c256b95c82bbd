"""Features of a word's confidence: its print, line, page and expected text, weighted by a forest."""

import json

import pytest

from ingestion.domain.ocr.agreement import ComparedWord, OcrWord
from ingestion.domain.ocr.lexicon import Lexicon, digest_of
from ingestion.domain.ocr.line_words import RecognitionTrace
from ingestion.domain.ocr.page_confidence import PageConfidenceModel, page_features, unpack_page_confidence
from ingestion.domain.ocr.word_confidence import WordConfidenceModel, logistic, unpack_lexicon
from ingestion.domain.ocr.word_evidence import PageContext, logit, page_context, word_features
from refinery.core.types import BoundingBox
from tests.support.word_forests import WeightedFeatures

BOX = BoundingBox(0.1, 0.1, 0.3, 0.12)
LEXICON = Lexicon({digest_of(word): count for word, count in (("total", 20), ("total:", 9), ("shop", 3), ("0.00", 8))})


def read(text: str, *, least: float = 0.9, trace: RecognitionTrace | None = None) -> OcrWord:
    return OcrWord(text, BOX, least, least, "", trace or RecognitionTrace())


def features(*judged: ComparedWord) -> list[dict[str, float]]:
    return word_features(judged, page_context([each.word for each in judged], LEXICON), LEXICON)


def test_word_confidence_uses_forest_of_its_basis() -> None:
    forests = {"both": WeightedFeatures({"alike": 0.5, "letters": 0.01}), "rapidocr": WeightedFeatures({}, 0.25)}
    model = WordConfidenceModel("v", forests, LEXICON)
    agreed, differing = ComparedWord(read("abc"), "abc", 1.0, 0.9), ComparedWord(read("ab"), "o", 0.0, 0.9)
    page = page_context([agreed.word], LEXICON)
    lengths = [each["letters"] for each in features(agreed, differing)]
    assert lengths[0] != lengths[1]
    assert model.estimate([agreed, differing], "both", page) == pytest.approx(
        (0.5 + 0.01 * lengths[0], 0.01 * lengths[1])
    )
    assert model.estimate([agreed], "rapidocr", page) == (0.25,)
    assert model.estimate([], "rapidocr", page) == ()
    with pytest.raises(KeyError):
        model.estimate([agreed], "lines", page)


def test_word_confidence_refuses_forest_with_unknown_feature() -> None:
    model = WordConfidenceModel("v", {"both": WeightedFeatures({"no such feature": 1.0})}, LEXICON)
    with pytest.raises(KeyError):
        model.estimate([ComparedWord(read("abc"))], "both", page_context([], LEXICON))


def test_unpacked_lexicon_knows_its_words() -> None:
    lexicon = unpack_lexicon(json.loads(json.dumps({"3": [digest_of("shop")]})))
    assert lexicon.log_frequency("SHOP") == pytest.approx(1.0986, abs=1e-4)


def test_lexicon_knows_words_ignoring_case_digits_and_own_document() -> None:
    assert (
        LEXICON.log_frequency("TOTAL")
        > LEXICON.log_frequency("Shop")
        > LEXICON.log_frequency("spoh")
        == LEXICON.log_frequency("")
        == 0.0
    )
    assert LEXICON.log_frequency("9.75") == LEXICON.log_frequency("0.00") > 0
    own = frozenset({digest_of("SHOP")})
    assert 0 < LEXICON.log_frequency("shop", own) < LEXICON.log_frequency("shop")
    assert Lexicon({digest_of("once"): 2}).log_frequency("once", frozenset({digest_of("once")})) == 0.0


def test_features_detect_known_words_glued_or_split() -> None:
    (glued,) = features(ComparedWord(read("totalshop")))
    assert glued["known_split"] == LEXICON.log_frequency("shop")
    assert glued["known"] == 0.0
    assert LEXICON.split_log_frequency("total" + "shop" * 20) == 0.0
    trace = RecognitionTrace(after=":", space_after=0.4, line_words=2)
    first, second = features(
        ComparedWord(read("Total", trace=trace)),
        ComparedWord(read(":", trace=RecognitionTrace(before="Total", line_words=2))),
    )
    assert first["known_joined_right"] == second["known_joined_left"] == LEXICON.log_frequency("total:")
    assert (first["after_mark"], first["beside_mark"], first["ends"], second["ends"]) == (1, 1, 0, 1)


def test_features_use_page_wide_evidence() -> None:
    clear, close = RecognitionTrace(line_height=40.0), RecognitionTrace(line_height=20.0, space_inside=0.4)
    first, second = features(ComparedWord(read("Total", trace=clear)), ComparedWord(read("xy", least=0.2, trace=close)))
    assert first["tight"] == second["tight"] == first["page_known"] == 0.5
    assert first["taller"] > 0 > second["taller"]
    assert first["doubt"] == pytest.approx((first["least"] + second["least"]) / 2)
    twice = features(ComparedWord(read("5")), ComparedWord(read("5")))
    assert [each["times"] for each in twice] == [2, 2]


def test_features_weigh_second_engine_by_similarity() -> None:
    alike, split, other, deaf = features(
        ComparedWord(read("Total"), "Total", 1.0, 0.8),
        ComparedWord(read("Totaldue"), "Total due", 1.0, 0.8),
        ComparedWord(read("Tota1"), "Total", 0.8, 0.7),
        ComparedWord(read("Total")),
    )
    assert [each["alike"] for each in (alike, split, other, deaf)] == [1, 1, 0, 0]
    assert [each["apart"] for each in (alike, split, other, deaf)] == [0, 1, 0, 0]
    assert [each["edits"] for each in (alike, split, other, deaf)] == [0, 0, 1, 7]
    assert (alike["sure_alike"], other["sure_unlike"], deaf["sure_unlike"]) == (0.8, 0.7, 0.0)
    assert other["known_heard"] == LEXICON.log_frequency("total") > other["known"]


def test_features_use_neighbours_on_same_line_only() -> None:
    def line(first: str, second: str) -> tuple[RecognitionTrace, RecognitionTrace]:
        return RecognitionTrace(after=second, line_words=2), RecognitionTrace(before=first, line_words=2)

    (a, b), (c, d) = line("a", "b"), line("c", "d")
    judged = [
        ComparedWord(read("a", trace=a), "a", 1.0, 0.9),
        ComparedWord(read("b", trace=b), "x", 0.0, 0.9),
        ComparedWord(read("c", trace=c), "c", 1.0, 0.9),
        ComparedWord(read("d", trace=d), "d", 1.0, 0.9),
    ]
    assert [each["near_alike"] for each in features(*judged)] == [0.0, 1.0, 1.0, 1.0]


def test_features_stay_finite_at_extremes() -> None:
    for chance in (0.0, 1.0):
        trace = RecognitionTrace(
            chance,
            chance,
            chance,
            chance,
            chance,
            chance,
            chance,
            99.0,
            rest_of_line_min=chance,
            line_confidence=chance,
        )
        (found,) = features(ComparedWord(read("x" * 99, least=chance, trace=trace)))
        assert all(abs(value) < 100 for value in found.values())
    assert word_features([], page_context([], LEXICON), LEXICON) == []
    assert (logistic(-900), logistic(900)) == (0.0, 1.0)


def test_page_confidence_falls_with_doubtful_words_and_missed_blanks() -> None:
    packed = {"version": "v", "coefficients": {"rapidocr": {"one": 1.0, "low": -4.0, "space": -5.0}, "tesseract": {}}}
    model = unpack_page_confidence(json.loads(json.dumps(packed)))
    clear, close = PageContext(), PageContext(missed_space=0.1)
    assert model.estimate([0.9, 0.9], clear, "rapidocr") == pytest.approx(logistic(1.0))
    assert model.estimate([0.9, 0.4], clear, "rapidocr") == pytest.approx(logistic(-1.0))
    assert model.estimate([0.9, 0.9], close, "rapidocr") == pytest.approx(logistic(0.5))
    assert model.estimate([0.9, 0.4], close, "tesseract") == 0.5
    assert model.estimate([], close, "") == 1.0
    assert PageConfidenceModel("v", {"rapidocr": {}}) != model
    assert page_features([0.5, 0.7], clear)["mean"] == pytest.approx(logit(0.6))
