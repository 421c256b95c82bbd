"""Reading of one field's value: normalised and validated alike, whether a rule found it or a person typed it."""

from datetime import date

from ingestion.domain.normalize import DateOrder, normalize
from ingestion.domain.normalize.validators import validate, validator_for
from ingestion.domain.schemas.fields import FieldSpec, Validation
from ingestion.domain.schemas.kinds import UNKNOWN_STYLE, NumberStyle

BIRTH_DATE_FIELDS = ("date_of_birth", "birth_date")


def read_value(
    spec: FieldSpec,
    text: str,
    *,
    order: DateOrder = "dmy",
    today: date | None = None,
    numbers: NumberStyle = UNKNOWN_STYLE,
) -> tuple[str, tuple[Validation, ...]]:
    """Return the normalised value ("" if `text` cannot be read as the field's kind) and its validations.

    `order` is that of the document's dates; `today` is the latest birth date, which decides two-digit years; `numbers`
    is the notation of the document's numbers.
    """
    latest = today if spec.name in BIRTH_DATE_FIELDS else None
    validator = validator_for(spec.name)
    normalized = validator.canonical(text) if validator else None
    if normalized is None:
        normalized = normalize(spec.kind, text, order=order, latest=latest, numbers=numbers)
    if text.strip() and not normalized:
        return "", (Validation("unreadable", ok=False, message=f"This cannot be read as {spec.kind}."),)
    return normalized or "", validate(spec, normalized)
