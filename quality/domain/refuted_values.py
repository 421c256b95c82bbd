"""Values that a check digit or a rule refutes: their confidence never says that they are almost certainly right."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from ingestion.domain.normalize.mrz import parse_mrz
from ingestion.domain.schemas.fields import ExtractedField
from quality.domain.outcomes import DetectedIssue

REFUTED_CONFIDENCE = 0.5
"""Highest confidence of a refuted value: it may be printed so, or misread."""

CHECK_DIGITS = frozenset({"iban_valid", "npi_valid", "vat_valid", "mrz_check_digits"})


def with_refuted_confidence(
    fields: Sequence[ExtractedField], issues: Sequence[DetectedIssue], *, humans: Collection[str] = ()
) -> tuple[ExtractedField, ...]:
    """Limit the confidence of values that a validator or a check digit refutes, except of the fields `humans`."""
    named = {issue.field for issue in issues if issue.code in CHECK_DIGITS}
    parts = {part for found in fields if found.name in named for part in _failed_parts(found)}
    return tuple(
        replace(found, confidence=min(found.confidence, REFUTED_CONFIDENCE))
        if found.value and found.name not in humans and _is_refuted(found, named, parts)
        else found
        for found in fields
    )


def _is_refuted(found: ExtractedField, named: Collection[str | None], parts: Collection[str]) -> bool:
    failed = any(not validation.ok for validation in found.validations)
    return failed or found.name in named or (found.source == "mrz" and found.name in parts)


def _failed_parts(found: ExtractedField) -> tuple[str, ...]:
    """Return the parts of a machine-readable zone whose check digits fail, which are named like the fields."""
    zone = parse_mrz(found.normalized.splitlines()) if found.normalized else None
    return tuple(zone.failed_checks) if zone else ()
