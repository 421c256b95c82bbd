"""Selection of a field's finders by its kind, position and name, never by the document's class."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date

from ingestion.domain.extraction import signal_weights
from ingestion.domain.extraction.amount_rows import AmountRow
from ingestion.domain.extraction.amount_summary import find_amount_rows
from ingestion.domain.extraction.amount_sums import AmountSums, collect_sums
from ingestion.domain.extraction.anchors import LabelHitsByRow, label_anchors
from ingestion.domain.extraction.candidates import FieldCandidate, ValueMatch, ranked
from ingestion.domain.extraction.labelled_values import printed_amounts, printed_dates, read_dates
from ingestion.domain.extraction.labels import find_labels
from ingestion.domain.extraction.mrz_fields import find_document_zone, merge_zone_candidate, zone_candidate
from ingestion.domain.extraction.postal_addresses import PostalBlock, postal_blocks
from ingestion.domain.layout.text_rows import DocumentRows, RowSpan
from ingestion.domain.normalize import DateOrder, NumberStyle, normalize
from ingestion.domain.normalize.mrz import MrzZone
from ingestion.domain.schemas.fields import FieldKind, FieldSpec, SchemaSpec
from ingestion.domain.schemas.kinds import ValueType, value_type
from ingestion.domain.schemas.patterns import find_apart


@dataclass(frozen=True, slots=True)
class ExtractionContext:
    """Labels, dates, amounts and zone of a document's pages, collected once for all fields."""

    doc: DocumentRows
    hits: LabelHitsByRow
    dates: tuple[ValueMatch, ...]
    birth_dates: tuple[ValueMatch, ...]
    amounts: tuple[ValueMatch, ...]
    numbers: NumberStyle
    sums: AmountSums
    amount_rows: tuple[AmountRow, ...]
    mrz_zone: tuple[MrzZone, tuple[RowSpan, ...]] | None
    postal_blocks: tuple[PostalBlock, ...]
    party_fields: tuple[str, ...]
    latest_birth_date: date | None


def build_context(
    doc: DocumentRows, schema: SchemaSpec, order: DateOrder, latest_birth_date: date | None
) -> ExtractionContext:
    """Collect the labels, dates, amounts and zone of a document."""
    numbers = doc.numbers
    amounts = tuple(printed_amounts(doc, numbers))
    dates = printed_dates(doc)
    hits = find_labels(doc, schema)
    party_fields = tuple(spec.name for spec in schema.fields if spec.kind == FieldKind.PARTY)
    return ExtractionContext(
        doc=doc,
        hits=hits,
        dates=tuple(read_dates(dates, order, None)),
        birth_dates=tuple(read_dates(dates, order, latest_birth_date)),
        amounts=amounts,
        numbers=numbers,
        sums=collect_sums(amounts),
        amount_rows=find_amount_rows(doc),
        mrz_zone=find_document_zone(doc),
        postal_blocks=tuple(postal_blocks(doc, hits)),
        party_fields=party_fields,
        latest_birth_date=latest_birth_date,
    )


def _labelled_texts(
    doc: DocumentRows, spec: FieldSpec, hits: LabelHitsByRow, numbers: NumberStyle
) -> Iterator[FieldCandidate]:
    """Yield the texts beside and below the field's labels."""
    for anchor in label_anchors(doc, hits, spec.name):
        window = anchor.window
        hit = find_apart(spec.pattern, window.row.text, window.start, window.stop) if spec.pattern else None
        span = RowSpan(window.row, *hit) if hit else window
        normalized = normalize(spec.kind, span.text, numbers=numbers)
        if normalized and any(map(str.isalnum, normalized)):
            signals = {
                **anchor.signals,
                "pattern": float(hit is not None),
                "colon": float(":" in span.text),
                "words": min(len(span.text.split()), 10) / 10,
                "height": window.row.relative_y,
            }
            yield FieldCandidate(span.text, normalized, (span,), "label", signals)


def find_labelled_texts(context: ExtractionContext, schema: SchemaSpec, spec: FieldSpec) -> list[FieldCandidate]:
    """Return the texts beside and below the field's labels that its type can normalise."""
    return ranked(_labelled_texts(context.doc, spec, context.hits, context.numbers), signal_weights.TEXT)


def is_never_suggested(context: ExtractionContext, spec: FieldSpec, taken: Collection[str]) -> bool:
    """Return False: only a label suggests a value."""
    return False


@dataclass(frozen=True, kw_only=True)
class FieldType(ValueType):
    """Type of a field: rules for its values, and how they are found on the pages.

    `find` returns candidates, the likeliest first. `is_suggested` returns whether the pages may hold a value that
    was not found, beyond a label of the field; its last argument has the normalised values of other fields.
    """

    find: Callable[[ExtractionContext, SchemaSpec, FieldSpec], list[FieldCandidate]] = find_labelled_texts
    is_suggested: Callable[[ExtractionContext, FieldSpec, Collection[str]], bool] = is_never_suggested


def field_type(kind: str) -> FieldType:
    """Return the field type with this key."""
    found = value_type(kind)
    if not isinstance(found, FieldType):
        raise TypeError(f"{kind} is not a FieldType")
    return found


def find_candidates(context: ExtractionContext, schema: SchemaSpec, spec: FieldSpec) -> list[FieldCandidate]:
    """Return the candidates of one field, the likeliest first, one for each normalised value."""
    printed = field_type(spec.kind).find(context, schema, spec)
    if context.mrz_zone is None:
        return printed
    latest = context.latest_birth_date
    proposed = zone_candidate(spec, *context.mrz_zone, latest)
    if proposed is None:
        return printed
    return merge_zone_candidate(
        spec, context.mrz_zone[0], proposed.with_score(signal_weights.MRZ_ZONE), printed, latest
    )
