"""Card numbers are found where they stand; digits of an account number are none."""

import pytest

from quality.domain.pii import find_pii
from tests.fakes import page_of


@pytest.mark.parametrize("text", ["Paid by 4111 1111 1111 1111", "card 4111-1111-1111-1111 thanks"])
def test_a_card_number_is_found(text: str) -> None:
    """Only its last digits are kept."""
    (span,) = find_pii([page_of(text)])
    assert (span.kind, span.page, span.text) == ("card", 1, "…1111")


@pytest.mark.parametrize(
    "text",
    [
        "IBAN FR76 3000 4111 1111 1111 1111 143",  # the inner run passes a card's check digit
        "Order 4111 1111 1111 1112",
    ],
)
def test_other_digits_are_no_card(text: str) -> None:
    """An account number, and a run whose check digit is wrong."""
    assert not find_pii([page_of(text)])
