"""Edits become changes: read, normalised and judged by the rules of a reading."""

from datetime import date

import pytest

from ingestion.domain.schemas import INVOICE
from ingestion.domain.schemas.fields import FieldKind, FieldSpec
from review.domain.corrections import Change, ChangeKind, Edit, FieldState, diff

BIRTH = FieldSpec("date_of_birth", "Date of birth", FieldKind.DATE)
TODAY = date(2026, 6, 30)


def change(spec: FieldSpec, read: str, typed: str, **options: object) -> Change:
    """Give the change of one field whose reading a person replaces."""
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
def test_what_is_typed_is_normalised(name: str, typed: str, normalized: str) -> None:
    """The value stays as typed."""
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
def test_what_is_typed_is_judged(name: str, typed: str, code: str, ok: bool) -> None:
    """A person is believed, and told."""
    verdicts = {verdict.code: verdict.ok for verdict in change(INVOICE.spec(name), "else", typed).validations}
    assert verdicts[code] is ok


def test_the_documents_order_decides_a_doubtful_date() -> None:
    """For the value, and for whether it was read right in the first place."""
    spec = INVOICE.spec("invoice_date")
    assert change(spec, "x", "03/04/2026", order="mdy").normalized == "2026-03-04"
    assert change(spec, "x", "03/04/2026", order="dmy").normalized == "2026-04-03"
    assert change(spec, "03/04/2026", "2026-03-04", order="mdy").kind is ChangeKind.CONFIRMED
    assert change(spec, "03/04/2026", "2026-03-04", order="dmy").kind is ChangeKind.CORRECTED


def test_nobody_is_born_tomorrow() -> None:
    """A birth of two digits belongs to the century that has been; a due date does not."""
    assert change(BIRTH, "x", "01.02.31", today=TODAY).normalized == "1931-02-01"
    assert change(INVOICE.spec("due_date"), "x", "01.02.31", today=TODAY).normalized == "2031-02-01"
