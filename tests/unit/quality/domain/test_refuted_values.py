"""A value that a check digit refutes never looks almost certain."""

import pytest

from ingestion.domain.schemas.fields import ExtractedField, Validation
from quality.domain.outcomes import DetectedIssue, Dimension, Severity, Tier
from quality.domain.refuted_values import REFUTED_CONFIDENCE, with_refuted_confidence

FAILED = (Validation("iban", ok=False, message="This is not a valid IBAN."),)
ZONE = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C37UTO7408122F1204159ZE184226B<<<<<10"


def issue(code: str, field: str) -> DetectedIssue:
    """Return an issue about a field."""
    return DetectedIssue(code, Severity.CRITICAL, Dimension.COMPLIANCE, Tier.DOMAIN, "x", "y", field)


def field(name: str, value: str = "DE00", *, source: str = "label", failed: bool = False) -> ExtractedField:
    """Return a field that was read with 99 %."""
    return ExtractedField(name, value, value, 0.99, source=source, validations=FAILED if failed else ())


@pytest.mark.parametrize(
    ("fields", "issues", "expected"),
    [
        ([field("iban", failed=True)], [], [REFUTED_CONFIDENCE]),
        ([field("iban")], [issue("iban_valid", "iban")], [REFUTED_CONFIDENCE]),
        ([field("total")], [issue("totals_add_up", "total")], [0.99]),
        ([field("iban", "", failed=True)], [], [0.99]),
        ([field("iban"), field("vat_id")], [issue("vat_valid", "vat_id")], [0.99, REFUTED_CONFIDENCE]),
    ],
)
def test_refuted_value_has_limited_confidence(
    fields: list[ExtractedField], issues: list[DetectedIssue], expected: list[float]
) -> None:
    assert [found.confidence for found in with_refuted_confidence(fields, issues)] == expected


def test_part_of_zone_with_wrong_digit_is_refuted_and_others_are_not() -> None:
    fields = [
        field("mrz", ZONE, source="mrz"),
        field("document_number", "L898902C3", source="mrz"),
        field("date_of_birth", "1974-08-12", source="mrz"),
    ]
    found = with_refuted_confidence(fields, [issue("mrz_check_digits", "mrz")])
    assert [one.confidence for one in found] == [REFUTED_CONFIDENCE, REFUTED_CONFIDENCE, 0.99]


def test_value_judged_by_person_keeps_its_confidence() -> None:
    (found,) = with_refuted_confidence([field("iban", failed=True)], [], humans={"iban"})
    assert found.confidence == 0.99
