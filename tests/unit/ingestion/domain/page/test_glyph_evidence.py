"""A glyph is corrected when readings agree on another character, and none agrees with its font."""

from collections.abc import Sequence

from ingestion.domain.page.glyph_evidence import GlyphEvidence, GlyphKey, SeenCharacter


def keys(claimed: str, font: str = "F") -> list[GlyphKey]:
    return [(font, ord(character), character) for character in claimed]


def seen(text: str, probability: float = 0.99) -> list[SeenCharacter]:
    return [SeenCharacter(character, probability) for character in text]


def evidence_of(*readings: tuple[str, str], font: str = "F", probability: float = 0.99) -> GlyphEvidence:
    evidence = GlyphEvidence()
    for claimed, read in readings:
        evidence.observe(keys(claimed, font), seen(read, probability))
    return evidence


def corrected(evidence: GlyphEvidence) -> dict[str, str]:
    return {key[2]: text for key, text in evidence.corrections().items()}


def test_corrections_with_two_readings_are_made() -> None:
    readings = (("56111", "45000"), ("0111", "9000"))
    assert corrected(evidence_of(*readings, probability=0.85)) == {"1": "0"}


def test_corrections_of_font_with_wrong_glyph_take_single_probable_readings() -> None:
    readings: Sequence[tuple[str, str]] = [("26111", "15000"), ("56111", "45000"), ("65111", "54000"), ("4", "3")]
    assert corrected(evidence_of(*readings)) == {"1": "0", "2": "1", "4": "3", "5": "4", "6": "5"}


def test_corrections_with_single_reading_are_not_made() -> None:
    evidence = evidence_of(("56", "46"))
    assert corrected(evidence) == {}
    assert evidence.doubted() == set(keys("5"))


def test_corrections_with_contradicting_readings_are_not_made() -> None:
    assert corrected(evidence_of(("1", "4"), ("1", "4"), ("1", "1"))) == {}
    assert corrected(evidence_of(("1", "4"), ("1", "7"), ("1", "4"))) == {}


def test_observe_ignores_case_accents_and_similar_shapes() -> None:
    evidence = evidence_of(("résumé", "RESUME"), ("100", "lOO"), ("55", "SS"))
    assert evidence.doubted() == set()
    assert set(keys("rsm")) <= evidence.agreeing


def test_observe_ignores_improbable_and_unequally_long_readings() -> None:
    evidence = GlyphEvidence()
    evidence.observe(keys("123"), seen("423", probability=0.5))
    evidence.observe(keys("123"), seen("4230"))
    assert not evidence.doubted()
    assert not evidence.agreeing


def test_is_known_after_agreement_or_three_readings() -> None:
    evidence = evidence_of(("1", "1"), ("2", "7"), ("2", "7"))
    assert [evidence.is_known(key) for key in keys("12")] == [True, False]
    evidence.observe(keys("2"), seen("7"))
    assert evidence.is_known(keys("2")[0])


def test_corrections_of_equal_character_in_another_font_are_separate() -> None:
    evidence = evidence_of(("17", "44"), ("17", "44"), font="bad")
    evidence.observe(keys("17", "good"), seen("17"))
    assert {key[0] for key in evidence.corrections()} == {"bad"}
