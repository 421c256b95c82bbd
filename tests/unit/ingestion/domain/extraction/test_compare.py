"""Comparison of two printed values."""

import pytest

from ingestion.domain.normalize.comparison import same_value
from ingestion.domain.schemas.fields import FieldKind as Kind


@pytest.mark.parametrize(
    ("kind", "a", "b", "same"),
    [
        (Kind.MONEY, "RM 9.00", "9.00", True),
        (Kind.MONEY, "9.00", "9.01", False),
        (Kind.DATE, "05 MAR 2018", "2018-03-05", True),
        (Kind.DATE, "2018-03-05", "2018-05-03", False),
        (Kind.PARTY, "Müller & Söhne GmbH", "MULLER&SOHNE GMBH", True),
        (Kind.PARTY, "Müller GmbH", "Müller AG", False),
        (Kind.ADDRESS, "Lot 3, Jalan 23/1\n40300 Shah Alam.", "LOT 3, JALAN 23/1, 40300 SHAH ALAM", True),
        (Kind.IDENTIFIER, "DE89 3704", "de893704", True),
        (Kind.CODE_LIST, "I50.23, K21.9", "I50.23,K21.9", True),
        (Kind.CODE_LIST, "I50.23", "I50.2", False),
        (Kind.CURRENCY, "€", "EUR", True),
        (Kind.DATE, "31.04.2028", "", False),
        (Kind.TEXT, "", "", True),
    ],
)
def test_same_value_compares_by_field_kind(kind: Kind, a: str, b: str, same: bool) -> None:
    assert same_value(kind, a, b) is same
    assert same_value(kind, b, a) is same
