"""Selection of fields that a person must check: doubtful, questioned, and missing required ones."""

from collections.abc import Iterable, Sequence
from typing import Final

from ingestion.domain.schemas.fields import ExtractedField, SchemaSpec
from quality.domain.outcomes import DetectedIssue, Severity
from quality.domain.zone_evidence import missing_fields

CONFIDENT_FROM: Final = 0.8
"""P(right) from which a value without an issue is shown as read, not as a question (see field_uncertain)."""


def fields_needing_review(
    fields: Iterable[ExtractedField], issues: Sequence[DetectedIssue], schema: SchemaSpec | None
) -> frozenset[str]:
    """Return the names of fields that need a person; an optional field that was not found needs none."""
    questioned = {issue.field for issue in issues if issue.field and issue.severity is not Severity.INFO}
    known = tuple(fields)
    missing = missing_fields(known, schema)
    return frozenset(
        found.name
        for found in known
        if found.name in questioned
        or (not found.value and found.name in missing)
        or (found.value and found.confidence < CONFIDENT_FROM)
    )
