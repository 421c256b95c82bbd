"""Places on the page where the XML's values are printed, preferably near their label, for the reviewer."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from ingestion.domain.extraction import date_order_of_rows
from ingestion.domain.extraction.candidates import FieldCandidate
from ingestion.domain.extraction.finders import ExtractionContext, build_context, find_candidates
from ingestion.domain.layout.text_rows import DocumentRows, RowSpan, TextRow, bbox_of
from ingestion.domain.normalize import letters_and_digits
from ingestion.domain.normalize.comparison import same_value
from ingestion.domain.schemas.fields import FieldKind, FieldSpec, SchemaSpec
from refinery.core.types import BoundingBox

_ROWS_OF_ADDRESS = 6
_MIN_CHARS = 2  # letters and digits: shorter text is found anywhere


@dataclass(frozen=True, slots=True)
class PrintedLocation:
    """Printed value: its text, page and box; `rival` is a different value that is closer to a matching label."""

    text: str
    normalized: str
    page: int
    bbox: BoundingBox | None
    rival: "PrintedLocation | None" = None


def locate_values(
    doc: DocumentRows, schema: SchemaSpec, xml_values: Mapping[str, str], *, today: date | None = None
) -> dict[str, PrintedLocation]:
    """Return the place of each XML value (normalised, by field) that is printed anywhere on the pages."""
    context = build_context(doc, schema, date_order_of_rows(doc), today)
    found = {}
    for spec in schema.fields:
        if xml_values.get(spec.name):
            place = _locate(context, schema, spec, xml_values[spec.name])
            if place is not None:
                found[spec.name] = place
    return found


def _locate(context: ExtractionContext, schema: SchemaSpec, spec: FieldSpec, xml_value: str) -> PrintedLocation | None:
    """Return the place of the likeliest candidate with this value, otherwise of any occurrence of it."""
    candidates = [each for each in find_candidates(context, schema, spec) if each.spans]
    fitting = next((each for each in candidates if is_equivalent(spec.kind, each.normalized, xml_value)), None)
    spans = fitting.spans if fitting else next(_occurrences(context, spec, xml_value), None)
    if not spans:
        return None
    strength = _label_strength(fitting) if fitting else 0
    rival = next(
        (
            each
            for each in candidates
            if _label_strength(each) >= max(strength, 1) and not is_equivalent(spec.kind, each.normalized, xml_value)
        ),
        None,
    )
    claim = _location(rival.spans, rival.normalized, rival.value) if rival else None
    return replace(_location(spans, xml_value, fitting.value if fitting else ""), rival=claim)


def _label_strength(candidate: FieldCandidate) -> int:
    """Return how closely a label is attached to a candidate: 2 beside it, 1 below it, 0 without a label."""
    if candidate.source != "label":
        return 0
    return 2 if candidate.signals.get("right") else 1


def is_equivalent(kind: str, one: str, other: str) -> bool:
    """Return whether two normalised values are equal, ignoring an amount's sign: credit notes print either."""
    if kind == FieldKind.MONEY:
        return bool(one and other) and abs(Decimal(one)) == abs(Decimal(other))
    return same_value(kind, one, other)


def _location(spans: Sequence[RowSpan], normalized: str, value: str) -> PrintedLocation:
    """Return the place with the text that a reading takes there: of a currency its symbol, not the amount beside it."""
    text = value or " ".join(span.text for span in spans)
    return PrintedLocation(text, normalized, spans[0].row.page, bbox_of(spans))


def _occurrences(context: ExtractionContext, spec: FieldSpec, xml_value: str) -> Iterator[tuple[RowSpan, ...]]:
    if spec.kind in (FieldKind.MONEY, FieldKind.DATE):
        listed = context.amounts if spec.kind == FieldKind.MONEY else context.dates
        yield from ((each.span,) for each in listed if is_equivalent(spec.kind, each.normalized, xml_value))
    elif spec.kind == FieldKind.ADDRESS:
        yield from _find_stacked_lines(context.doc, xml_value.split(", "))
    else:
        yield from ((span,) for span in _find_text(context.doc.rows, xml_value))
        if spec.kind == FieldKind.PARTY:
            yield from _broken_names(context.doc, xml_value.split())


def _find_text(rows: Iterable[TextRow], text: str) -> Iterator[RowSpan]:
    """Yield where a row has these letters and digits, from the beginning of a word to the end of one."""
    wanted = letters_and_digits(text)
    if len(wanted) < _MIN_CHARS:
        return
    for row in rows:
        positions = [index for index, character in enumerate(row.folded) if character.isalnum()]
        compact = "".join(row.folded[index] for index in positions)
        at = compact.find(wanted)
        while at >= 0:
            start, stop = positions[at], positions[at + len(wanted) - 1] + 1
            if not row.folded[start - 1 : start].isalnum() and not row.folded[stop : stop + 1].isalnum():
                yield RowSpan(row, start, stop)
            at = compact.find(wanted, at + 1)


def _broken_names(doc: DocumentRows, words: Sequence[str]) -> Iterator[tuple[RowSpan, ...]]:
    """Yield where a name is printed in two lines."""
    for stop in range(len(words) - 1, 0, -1):
        found = _find_stacked_lines(doc, (" ".join(words[:stop]), " ".join(words[stop:])))
        yield from (spans for spans in found if len(spans) > 1)


def _find_stacked_lines(doc: DocumentRows, lines: Sequence[str]) -> Iterator[tuple[RowSpan, ...]]:
    """Yield lines that are printed one below the other from the place of the first, in separate rows or beside it."""
    for first in _find_text(doc.rows, lines[0]) if lines else ():
        below = doc.rows[first.row.index : first.row.index + _ROWS_OF_ADDRESS]
        near = [row for row in below if row.page == first.row.page]
        rest = (next(_find_text(near, line), None) for line in lines[1:])
        yield (first, *(span for span in rest if span))
