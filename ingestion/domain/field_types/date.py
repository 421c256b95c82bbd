"""Calendar dates."""

from collections.abc import Collection
from datetime import date

from ingestion.domain.extraction import headings, signal_weights
from ingestion.domain.extraction.candidates import FieldCandidate, ranked
from ingestion.domain.extraction.finders import ExtractionContext, FieldType
from ingestion.domain.extraction.labelled_values import candidates_from
from ingestion.domain.normalize import read_date
from ingestion.domain.normalize.values import BIRTH_DATE_FIELDS
from ingestion.domain.schemas.fields import FieldKind, FieldSpec, SchemaSpec, Validation
from ingestion.domain.schemas.kinds import DateOrder, FieldExample, compare_exactly

EARLIEST_YEAR = 1890
LATEST_YEAR = 2100
_DATES_WITHOUT_LABEL = ("invoice_date", "date", "receipt_date")  # every such document has a date, labelled or not
_OWN_DATES = ("invoice_date", "date", "reported_at")


def _normalize(text: str, order: DateOrder, latest: date | None, *_: object) -> str | None:
    reading = read_date(text, order, latest)
    return reading.iso if reading else None


def _validate(value: str) -> Validation:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return Validation("date_exists", ok=False, message="This date does not exist.")
    ok = EARLIEST_YEAR <= day.year <= LATEST_YEAR
    return Validation("date_exists", ok=ok, message="" if ok else f"The year {day.year} cannot be right.")


def _find(context: ExtractionContext, schema: SchemaSpec, spec: FieldSpec) -> list[FieldCandidate]:
    if spec.name in BIRTH_DATE_FIELDS:
        found, scale = context.birth_dates, signal_weights.BIRTH_DATE
    else:
        found, scale = context.dates, signal_weights.DATE if spec.position == "top" else signal_weights.DATE_ANYWHERE
    made = candidates_from(context.doc, spec, context.hits, found)
    unlabelled = not spec.labels or spec.name in _DATES_WITHOUT_LABEL
    made = [each for each in made if each.signals.get("label") or (unlabelled and not each.signals["impossible"])]
    if spec.name in _OWN_DATES:
        titled = {item.span for item in headings.heading_dates(context.doc, list(found))}
        made = [each.with_signals(title=1.0) if each.spans[0] in titled else each for each in made]
    return ranked(made, scale)


def _is_suggested(context: ExtractionContext, spec: FieldSpec, taken: Collection[str]) -> bool:
    return any(found.normalized not in taken for found in context.dates)


FIELD_TYPE = FieldType(
    key=FieldKind.DATE,
    title="Date",
    normal_form="ISO 8601: `2018-03-05`",
    normalize=_normalize,
    validate=_validate,
    comparison_key=compare_exactly,
    find=_find,
    is_suggested=_is_suggested,
    examples=(
        FieldExample("05.03.2018", "2018-03-05", same=("5 March 2018", "2018-03-05")),
        FieldExample("31 Dec 1999", "1999-12-31"),
    ),
    confidence_offset=0.2,
    shown_as="date",
    notation="dates",
    has_fragments=False,
)
