"""Diagnosis codes of several editions: only codes that exist in none of them, or not in the one named, are issues."""

import pytest

from quality.adapters.code_tables import icd10cm
from quality.domain.checks.catalog import standard_registry
from quality.domain.checks.examples.builders import LETTER, document, page
from quality.domain.checks.runner import run_check
from quality.domain.code_editions import CodeEdition, edition_used
from quality.domain.facts import FactSet
from quality.domain.outcomes import Verdict


def _letter(codes: str, text: str = "Discharge letter", **values: str) -> FactSet:
    return document({"diagnoses": codes, **values}, LETTER, [page(text)], codes=icd10cm())


@pytest.mark.parametrize(
    ("codes", "text", "edition"),
    [
        ("I10", "Diagnoses (ICD-10-CM)", CodeEdition.CM),
        ("I10.90", "Diagnosen (ICD-10-GM 2026)", CodeEdition.OTHER),
        ("I10.90", "Hypertonie I10.90 G", CodeEdition.OTHER),
        ("G63.2", "G63.2* Polyneuropathy", CodeEdition.OTHER),
        ("S72.001A", "Fracture", CodeEdition.CM),
        ("Z87.891", "History of smoking", CodeEdition.CM),
        ("I10.90", "Hypertension", CodeEdition.UNKNOWN),
    ],
)
def test_edition_is_recognised_by_its_name_marks_and_forms(codes: str, text: str, edition: CodeEdition) -> None:
    assert edition_used(_letter(codes, text)) is edition


def test_edition_of_a_letter_with_an_american_physician_number_is_cm() -> None:
    assert edition_used(_letter("I50.99", npi="1234567893")) is CodeEdition.CM


@pytest.mark.parametrize("code", ["I10.90", "E11.90", "U09.9", "U99.0", "G63.2", "B24", "T12", "D90", "K07.6", "Z66"])
def test_code_of_another_edition_is_not_reported(code: str) -> None:
    assert run_check(standard_registry()["icd10_known"], _letter(code)).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("I10.90", "Diagnoses (ICD-10-CM)"),
        ("J45.77", "Diagnoses (ICD-10-CM)"),
        ("I1O", "Hypertonie I10.90 G"),
        ("B12", "Diagnosen"),
        ("I10.901", "Hypertonie"),
        ("E17.1", "Diagnosen (ICD-10-GM)"),
    ],
)
def test_code_that_the_edition_lacks_or_none_has_is_reported(code: str, text: str) -> None:
    assert run_check(standard_registry()["icd10_known"], _letter(code, text)).verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("text", "verdict"), [("Rückenschmerzen M54.5 G", Verdict.PASS), ("Low back pain", Verdict.FAIL)]
)
def test_heading_is_reported_unless_another_edition_is_used(text: str, verdict: Verdict) -> None:
    assert run_check(standard_registry()["icd10_billable"], _letter("M54.5", text)).verdict is verdict


@pytest.mark.parametrize("code", ["B20", "Z66", "R99", "F99", "P84"])
def test_table_has_billable_categories_that_are_blocks_too(code: str) -> None:
    entry = icd10cm().lookup(code)
    assert entry is not None
    assert entry.billable


@pytest.mark.parametrize("code", ["C50", "E89", "T14"])
def test_table_has_headings_that_are_blocks_too(code: str) -> None:
    entry = icd10cm().lookup(code)
    assert entry is not None
    assert not entry.billable
