"""Readings of typed values as a reviewer sees them: the value's kind decides what is worth showing."""

from collections.abc import Sequence
from dataclasses import dataclass

from ingestion.domain.schemas.fields import Validation
from ingestion.domain.schemas.kinds import value_type
from review.domain.corrections import value_problem


@dataclass(frozen=True, slots=True)
class ShownReading:
    """Reading of `value`: its normal form, "" if there is nothing to show, or the problem with it."""

    value: str
    kind: str
    normalized: str = ""
    problem: str = ""
    example: str = ""


def shown_reading(kind: str, value: str, normalized: str, validations: Sequence[Validation]) -> ShownReading:
    """Return the reading of one value; an unreadable one has an example of its kind."""
    failed = [check for check in validations if not check.ok]
    if failed:
        examples = value_type(kind).examples
        example = examples[0].printed if failed[0].code == "unreadable" and examples else ""
        return ShownReading(value, kind, problem=value_problem(failed[0]), example=example)
    return ShownReading(value, kind, normalized if value_type(kind).shown_as != "nothing" else "")
