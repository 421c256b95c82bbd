"""Explanation of a difference between two sums by the amounts that are printed between them."""

from decimal import Decimal

import pytest

from ingestion.domain.extraction.adjustments import Interval, SumAdjustment, is_explained
from ingestion.domain.extraction.amount_roles import AmountRole

NET, TOTAL = (1, 0.5), (1, 0.8)
BETWEEN: Interval = (NET, TOTAL)
UNKNOWN: Interval = (None, TOTAL)


def _adjustment(role: AmountRole, amount: str, *, required: bool = False, height: float | None = 0.6) -> SumAdjustment:
    return SumAdjustment(role, Decimal(amount), required, None if height is None else (1, height))


DISCOUNT = _adjustment(AmountRole.DISCOUNT, "-50.00", required=True)
CHARGE = _adjustment(AmountRole.CHARGE, "20.00", required=True)


@pytest.mark.parametrize(
    ("gap", "adjustments", "interval", "explained"),
    [
        ("-30.00", (DISCOUNT, CHARGE), BETWEEN, True),
        ("-50.00", (DISCOUNT, CHARGE), BETWEEN, False),
        ("0.00", (DISCOUNT,), BETWEEN, False),
        ("0.00", (_adjustment(AmountRole.DISCOUNT, "50.00"),), BETWEEN, True),
        ("-50.00", (_adjustment(AmountRole.DISCOUNT, "50.00"),), BETWEEN, True),
        ("50.00", (_adjustment(AmountRole.DISCOUNT, "50.00"),), BETWEEN, False),
        ("0.00", (_adjustment(AmountRole.DISCOUNT, "-50.00", required=True, height=0.4),), BETWEEN, True),
        ("-50.00", (_adjustment(AmountRole.DISCOUNT, "-50.00", required=True, height=0.4),), BETWEEN, False),
        ("-50.00", (_adjustment(AmountRole.DISCOUNT, "-50.00", required=True, height=0.4),), UNKNOWN, True),
        ("-50.00", (_adjustment(AmountRole.DISCOUNT, "-50.00", required=True, height=None),), BETWEEN, True),
        ("12.00", (_adjustment(AmountRole.DEPOSIT, "12.00"),), BETWEEN, True),
        ("-12.00", (_adjustment(AmountRole.DEPOSIT, "12.00"),), BETWEEN, True),
        ("-7.00", (_adjustment(AmountRole.OTHER, "7.00"),), BETWEEN, True),
        ("-7.00", (_adjustment(AmountRole.OTHER, "7.00", height=0.9),), BETWEEN, False),
        ("4.00", (_adjustment(AmountRole.OTHER, "7.00"), _adjustment(AmountRole.OTHER, "3.00")), BETWEEN, True),
        ("4.50", (_adjustment(AmountRole.OTHER, "7.00"), _adjustment(AmountRole.OTHER, "3.00")), BETWEEN, False),
        ("0.02", (), BETWEEN, True),
        ("0.06", (), BETWEEN, False),
    ],
)
def test_is_explained_counts_what_is_between(
    gap: str, adjustments: tuple[SumAdjustment, ...], interval: Interval, *, explained: bool
) -> None:
    assert is_explained(Decimal(gap), adjustments, interval, 1, Decimal("0.05")) is explained


def test_is_explained_on_credit_note_reverses_signs() -> None:
    discount = _adjustment(AmountRole.DISCOUNT, "50.00", required=True)
    assert is_explained(Decimal("30.00"), (discount, CHARGE), BETWEEN, -1)
    assert not is_explained(Decimal("-30.00"), (discount, CHARGE), BETWEEN, -1)
