"""Trust in a text layer: what speaks against it, and what does not in a script that no engine reads."""

import pytest

from ingestion.domain.page.text_layer import TextLayerFacts, contradicts, distrust_reason, sample_words


@pytest.mark.parametrize(
    ("text", "seen", "probability", "expected"),
    [
        ("\u05d0\u05d1\u05d2\u05d3\u05d4", "Total", 0.99, True),
        ("\u05d0\u05d1\u05d2\u05d3\u05d4", "Total", 0.9, False),
        ("\u05d0\u05d1\u05d2\u05d3\u05d4", "Total amount", 0.99, False),
        ("\u041e\u0421\u0422\u0410\u0412\u041a\u0410", "OCTABKA", 0.99, False),
        ("\u039d\u039f\u03a4\u0391\u03a1\u0399\u039f", "NOTAPIO", 0.99, False),
        ("\u03a4\u03b9\u03bc\u03bf\u03bb\u03cc\u03b3\u03b9\u03bf", "", 0.0, False),
    ],
)
def test_contradicts_needs_certain_and_different_reading(
    text: str, seen: str, probability: float, *, expected: bool
) -> None:
    assert contradicts(text, seen, probability) is expected


@pytest.mark.parametrize(
    ("texts", "known_script", "reason"),
    [
        (["plain", "words"], True, None),
        (["wo\ufffds", "\ue000bc"], True, "strange_characters"),
        (["\u0627\ufffd\u0648\u0627\u062d\u0629"], False, None),
        (["\ufffd\ufffd\ufffd\u0627"], False, "strange_characters"),
        ([], False, "empty"),
    ],
)
def test_distrust_reason_allows_more_strange_characters_where_no_engine_reads(
    texts: list[str], reason: str | None, *, known_script: bool
) -> None:
    facts = TextLayerFacts(texts, 0.0, 0.0, 0.0, None, scanned=False, known_script=known_script)
    assert distrust_reason(facts) == reason


def test_sample_words_are_different_informative_and_spread() -> None:
    texts = [
        "of",
        "aaaa",
        "sample",
        "aaaa",
        "x" * 30,
        "words",
        "12.40",
        "the",
        "ABCDEF",
        "end!",
        "bbbbb",
        "cdefg",
        "dddd",
    ]
    chosen = [texts[index] for index in sample_words(texts, 4)]
    assert chosen == ["sample", "words", "ABCDEF", "cdefg"]
    assert sample_words([], 4) == ()
