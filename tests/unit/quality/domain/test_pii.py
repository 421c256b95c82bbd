"""Card numbers are detected; digits of account numbers are not."""

import pytest

from quality.domain.pii import find_pii
from tests.support.text_pages import native_page


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
def test_find_pii_card_number_keeps_last_digits_only(text: str, kept: str) -> None:
    """Only the last digits are stored."""
    (span,) = find_pii([native_page(text)])
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
def test_find_pii_other_digits_are_not_card_numbers(text: str) -> None:
    """An account number, a wrong check digit, an article number, and a prefix without an issuer."""
    assert not find_pii([native_page(text)])
