"""Comparison of a reviewer's edits with the model: confirmed or corrected, before and after, for each field."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ingestion.domain.normalize import DateOrder
from ingestion.domain.normalize.comparison import same_value
from ingestion.domain.normalize.values import read_value
from ingestion.domain.schemas.fields import FieldSpec, Validation
from ingestion.domain.schemas.kinds import UNKNOWN_STYLE, NumberStyle


class ChangeKind(StrEnum):
    """Whether the model's value was confirmed or corrected."""

    CONFIRMED = "confirmed"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class FieldState:
    """Field before the decision; `flagged` means that a human had to check it."""

    spec: FieldSpec
    value: str
    model_value: str
    flagged: bool


@dataclass(frozen=True, slots=True)
class Edit:
    """Value that the reviewer left in the field."""

    field: str
    value: str
    page: int | None = None
    bbox: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """Outcome of a field: `kind` compares with the value that the model read, not with an earlier human value.

    `normalized` and `validations` are computed from `after` by the same rules as for model values: a typed value is
    accepted but still validated; a value that cannot be read as the field's kind has no normalised form.
    """

    field: str
    kind: ChangeKind
    before: str
    after: str
    normalized: str
    page: int | None = None
    bbox: tuple[float, float, float, float] | None = None
    edited: bool = False
    validations: tuple[Validation, ...] = ()


class UnknownField(ValueError):
    """An edit names a field that the document does not have."""


def diff(
    fields: Iterable[FieldState],
    edits: Iterable[Edit],
    *,
    approved: bool,
    order: DateOrder = "dmy",
    today: date | None = None,
    numbers: NumberStyle = UNKNOWN_STYLE,
) -> tuple[Change, ...]:
    """Return the change of every field that the decision covers; raises UnknownField.

    An edit covers its field. An approval also covers every flagged field: the approving reviewer vouches for the values
    that had to be checked. Fields that were neither edited nor flagged are not covered. `order`, `today` and
    `numbers` are as in read_value.
    """
    states = {state.spec.name: state for state in fields}
    given = {edit.field: edit for edit in edits}
    unknown = sorted(set(given) - set(states))
    if unknown:
        raise UnknownField(", ".join(unknown))
    return tuple(
        _change(state, given.get(name), order, today, numbers)
        for name, state in states.items()
        if name in given or (approved and state.flagged)
    )


def _change(state: FieldState, edit: Edit | None, order: DateOrder, today: date | None, numbers: NumberStyle) -> Change:
    after = state.value if edit is None else edit.value.strip()
    right = same_value(state.spec.kind, state.model_value, after, order=order, numbers=numbers)
    normalized, validations = read_value(state.spec, after, order=order, today=today, numbers=numbers)
    return Change(
        field=state.spec.name,
        kind=ChangeKind.CONFIRMED if right else ChangeKind.CORRECTED,
        before=state.value,
        after=after,
        normalized=normalized,
        page=edit.page if edit else None,
        bbox=edit.bbox if edit else None,
        edited=edit is not None and after != state.value,
        validations=validations,
    )


def doubtful_values(changes: Iterable[Change]) -> dict[str, list[str]]:
    """Return the messages about each value that a person entered and that a rule refuses, by field.

    A value that was read and left as it was is not among them: the issues of the document are about those.
    """
    return {
        change.field: failed
        for change in changes
        if change.edited and (failed := [value_problem(check) for check in change.validations if not check.ok])
    }


def value_problem(check: Validation) -> str:
    """Return what a failed validation means for a value that a person entered."""
    return "This value is required." if check.code == "missing" else check.message


def overturned(issue_field: str, changes: Mapping[str, Change]) -> bool | None:
    """Return whether an issue was overturned: True if the value was right, None if its field is not covered."""
    change = changes.get(issue_field)
    if change is None:
        return None
    return change.kind is ChangeKind.CONFIRMED
