"""Machine readable zones of travel documents."""

import re
from collections.abc import Collection

from ingestion.domain.extraction.candidates import FieldCandidate
from ingestion.domain.extraction.finders import ExtractionContext, FieldType
from ingestion.domain.normalize.mrz import parse_mrz
from ingestion.domain.schemas.fields import FieldKind, FieldSpec, SchemaSpec, Validation
from ingestion.domain.schemas.kinds import FieldExample, InputWidget

_FILLERS = "<<"
_SPECIMEN = (  # ICAO Doc 9303-4, appendix A
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
    "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
)


def _normalize(text: str, *_: object) -> str | None:
    lines = (re.sub(r"\s+", "", line).upper() for line in text.splitlines())
    return "\n".join(line for line in lines if line) or None


def _validate(value: str) -> Validation:
    """Check every check digit (ICAO Doc 9303)."""
    zone = parse_mrz(value.splitlines())
    if zone is None:
        return Validation("mrz", ok=False, message="This is not a machine readable zone of a known format.")
    if zone.failed_checks:
        named = ", ".join(name.replace("_", " ") for name in zone.failed_checks)
        return Validation("mrz", ok=False, message=f"The check digit does not match: {named}.")
    return Validation("mrz", ok=True, message="All check digits of the machine readable zone are correct.")


def _find(context: ExtractionContext, schema: SchemaSpec, spec: FieldSpec) -> list[FieldCandidate]:
    """Return nothing: `find_candidates` offers the document's zone to every field that it contains."""
    return []


def _is_suggested(context: ExtractionContext, spec: FieldSpec, taken: Collection[str]) -> bool:
    return any(_FILLERS in row.text for row in context.doc.rows)


FIELD_TYPE = FieldType(
    key=FieldKind.MRZ,
    title="Machine readable zone",
    normal_form="Lines of ICAO Doc 9303 in capitals, separated by a newline",
    normalize=_normalize,
    validate=_validate,
    comparison_key=lambda value, normalized: normalized or "",
    find=_find,
    is_suggested=_is_suggested,
    examples=(FieldExample("\n".join(_SPECIMEN), "\n".join(_SPECIMEN), same=("\n\n".join(_SPECIMEN).lower(),)),),
    contradicts=False,
    widget=InputWidget(rows=2),
    shown_as="nothing",  # it is stored as it was typed
)
