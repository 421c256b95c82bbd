"""Forms of ICD-10 codes in text: chapters, marks and additions of the editions, and what is no code."""

import pytest

from ingestion.domain.normalize.icd10 import codes_in, find_icd10_codes, has_additions


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("U07.1 COVID-19, U09.9 G", ["U07.1", "U09.9"]),
        ("I10.90G I10.90 G E11.90GL", ["I10.90", "I10.90", "E11.90"]),
        ("E10.40† G63.2* U99.0! H36.0+ M90.7#", ["E10.40", "G63.2", "U99.0", "H36.0", "M90.7"]),
        ("I10.- E11.9- F32.-", ["I10", "E11.9", "F32"]),
        ("M17.1RG M17.1 R G C50.4LV", ["M17.1", "M17.1", "C50.4"]),
        ("I10G J45A E11.90V", ["I10", "J45", "E11.90"]),
        (
            "S72.001A T50.A15A O36.8XX0 M1A.0110 C7A.00 Z3A.08",
            "S72.001A T50.A15A O36.8XX0 M1A.0110 C7A.00 Z3A.08".split(),
        ),
        ("M05.7A R40.2A", ["M05.7A", "R40.2A"]),
        ("M05.7A I10.90G", ["M05.7", "I10.90"]),
        ("(I10), I50.23;K21.9,E11.9", ["I10", "I50.23", "K21.9", "E11.9"]),
        ("HbA1c 6.5, A1C, CD4, H2O, T3, 12-B12, B12-Mangel, I10-I15, E11.9.2, J0.5", []),
        ("Kode A12B, Raum B12L", []),
    ],
)
def test_find_codes_returns_them_without_marks_and_additions(text: str, codes: list[str]) -> None:
    assert [found.code for found in find_icd10_codes(text)] == codes


def test_find_codes_places_each_code_without_its_addition() -> None:
    text = "Hypertonie I10.90G"
    assert [text[found.start : found.stop] for found in find_icd10_codes(text)] == ["I10.90"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I10.90 G", True),
        ("I10.90G", True),
        ("G63.2*", True),
        ("E11.90 L", False),
        ("M05.7A", False),
        ("I10 Essential hypertension", False),
        ("K21.9 GERD", False),
    ],
)
def test_additions_of_other_editions_are_recognised(text: str, expected: bool) -> None:
    assert has_additions(text) is expected


def test_typed_codes_keep_a_misread_one() -> None:
    assert codes_in("i10, I1O; e11.90 g") == ("I10", "I1O", "E11.90")
