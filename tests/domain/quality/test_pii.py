"""Card numbers are found where they stand; digits of an account number are none."""

import pytest

from quality.domain.pii import find_pii
from tests.fakes import page_of


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Paid by 4111 1111 1111 1111", "…1111"),
        ("card 4111-1111-1111-1111 thanks", "…1111"),
        ("card 4111 1111 1111 1111 123", "…1111"),
        ("card 2223 0031 2200 3222", "…3222"),
        ("5555555555554444", "…4444"),
        ("3782 822463 10005", "…0005"),
        ("6011 1111 1111 1117", "…1117"),
    ],
)
def test_a_card_number_is_found(text: str, kept: str) -> None:
    """Only its last digits are kept."""
    (span,) = find_pii([page_of(text)])
    assert (span.kind, span.page, span.text) == ("card", 1, kept)


@pytest.mark.parametrize(
    "text",
    [
        "IBAN FR76 3000 4111 1111 1111 1111 143",  # the inner run passes a card's check digit
        "Order 4111 1111 1111 1112",
        "GTIN: 4012345001235",
        "4012345001235 198,00",
        "4111 1111 1111 1111,00",
        "doi 3534678.3539043 and 35346783539048",
    ],
)
def test_other_digits_are_no_card(text: str) -> None:
    """An account number, a run whose check digit is wrong, an article, and what no issuer gives out."""
    assert not find_pii([page_of(text)])
