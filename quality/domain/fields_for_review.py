"""Which fields a person has to look at: the doubtful, the questioned, and what the schema asks for in vain."""

from collections.abc import Iterable, Sequence
from typing import Final

from ingestion.domain.schemas.fields import ExtractedField, SchemaSpec
from quality.domain.outcomes import Issue, Severity

SURE_FROM: Final = 0.8
"""P(right) from which a value without an issue is shown as read, not as a question (see field_uncertain)."""


def fields_for_people(
    fields: Iterable[ExtractedField], issues: Sequence[Issue], schema: SchemaSpec | None
) -> frozenset[str]:
    """Name the fields that need a human; an optional field that was not found needs none."""
    questioned = {issue.field for issue in issues if issue.field and issue.severity is not Severity.INFO}
    required = {spec.name for spec in schema.fields if spec.required} if schema else set()
    return frozenset(
        found.name
        for found in fields
        if found.name in questioned
        or (not found.value and found.name in required)
        or (found.value and found.confidence < SURE_FROM)
    )
