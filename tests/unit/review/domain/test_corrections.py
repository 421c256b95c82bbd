"""Corrections are parsed, normalised and validated by the same rules as extracted values."""

from datetime import date

import pytest

from ingestion.domain.schemas import INVOICE
from ingestion.domain.schemas.fields import FieldKind, FieldSpec
from review.domain.corrections import Change, ChangeKind, Edit, FieldState, diff

BIRTH_DATE = FieldSpec("date_of_birth", "Date of birth", FieldKind.DATE)
TODAY = date(2026, 6, 30)


def change(spec: FieldSpec, read: str, typed: str, **options: object) -> Change:
    """Return the change of one field whose extracted value a person replaces."""
    state = FieldState(spec, read, read, flagged=True)
    (found,) = diff([state], [Edit(spec.name, typed)], approved=False, **options)  # type: ignore[arg-type]  # order, today
    return found


@pytest.mark.parametrize(
    ("name", "typed", "normalized"),
    [
        ("invoice_date", "3 March 2026", "2026-03-03"),
        ("total", "1.284,50 €", "1284.50"),
        ("iban", "de89 3704-0044 0532.0130 00", "DE89370400440532013000"),
        ("customer", "  Aldgate   Paper ", "Aldgate Paper"),
        ("total", "see overleaf", ""),
        ("total", "", ""),
    ],
)
def test_correction_is_normalized_and_keeps_typed_value(name: str, typed: str, normalized: str) -> None:
    """The value is stored as typed."""
    found = change(INVOICE.spec(name), "something else", typed)
    assert (found.normalized, found.after, found.edited) == (normalized, typed.strip(), True)


@pytest.mark.parametrize(
    ("name", "typed", "code", "ok"),
    [
        ("iban", "DE89370400440532013000", "iban", True),
        ("iban", "DE89370400440532013001", "iban", False),
        ("invoice_date", "tomorrow", "unreadable", False),
        ("total", "", "missing", False),
    ],
)
def test_correction_is_validated(name: str, typed: str, code: str, ok: bool) -> None:
    """The value is accepted, with its validation result."""
    verdicts = {verdict.code: verdict.ok for verdict in change(INVOICE.spec(name), "else", typed).validations}
    assert verdicts[code] is ok


def test_correction_ambiguous_date_follows_document_order() -> None:
    """For the new value and for the comparison with the extracted one."""
    spec = INVOICE.spec("invoice_date")
    assert change(spec, "x", "03/04/2026", order="mdy").normalized == "2026-03-04"
    assert change(spec, "x", "03/04/2026", order="dmy").normalized == "2026-04-03"
    assert change(spec, "03/04/2026", "2026-03-04", order="mdy").kind is ChangeKind.CONFIRMED
    assert change(spec, "03/04/2026", "2026-03-04", order="dmy").kind is ChangeKind.CORRECTED


def test_correction_two_digit_birth_year_is_in_the_past() -> None:
    """A two-digit birth year is in the past; a due date is not."""
    assert change(BIRTH_DATE, "x", "01.02.31", today=TODAY).normalized == "1931-02-01"
    assert change(INVOICE.spec("due_date"), "x", "01.02.31", today=TODAY).normalized == "2031-02-01"
