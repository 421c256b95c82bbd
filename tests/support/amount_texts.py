"""Amounts as printed, with a decimal point or a decimal comma."""

from decimal import Decimal

CENT = Decimal("0.01")
_SWAPPED = str.maketrans(",.", ".,")


def format_amount(amount: Decimal, *, comma: bool) -> str:
    """Return an amount with its thousands separated: 1,234.50 or 1.234,50."""
    printed = f"{amount:,.2f}"
    return printed.translate(_SWAPPED) if comma else printed
