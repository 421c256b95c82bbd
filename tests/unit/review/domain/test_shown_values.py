"""A reviewer sees the normal form of a typed value as the field's type says, also for a type that is added later."""

import pytest

from ingestion.domain.schemas import kinds
from ingestion.domain.schemas.kinds import FieldExample, ValueType, value_types
from review.domain.shown_values import shown_reading


@pytest.mark.parametrize("kind", list(value_types()))
def test_normal_form_is_shown_unless_the_value_is_stored_as_typed(kind: str) -> None:
    example = value_types()[kind].examples[0]
    shown = shown_reading(kind, example.printed, example.normalized, []).normalized
    assert shown == ("" if value_types()[kind].shown_as == "nothing" else example.normalized)


def test_names_and_addresses_are_stored_as_typed() -> None:
    as_typed = {kind for kind, each in value_types().items() if each.shown_as == "nothing"}
    assert as_typed == {"text", "party", "address", "mrz"}


def test_added_type_shows_its_normal_form(monkeypatch: pytest.MonkeyPatch) -> None:
    added = ValueType(
        key="percentage",
        title="Percentage",
        normal_form="7.5%",
        normalize=lambda text, *_: text,
        examples=(FieldExample("7,5 %", "7.5%"),),
    )
    monkeypatch.setattr(kinds, "value_types", lambda: {"percentage": added})
    assert shown_reading("percentage", "7,5 %", "7.5%", []).normalized == "7.5%"
