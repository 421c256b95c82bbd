"""Where a page prints what the XML says: near its label if it can be, so that a reviewer is led to it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ingestion.domain.extraction import date_order_of
from ingestion.domain.extraction.candidates import Candidate
from ingestion.domain.extraction.finders import Evidence, find_candidates, gather
from ingestion.domain.layout.text_rows import Row, Sheet, Span, bbox_of, lay_rows
from ingestion.domain.normalize import letters_and_digits
from ingestion.domain.normalize.comparison import same_value
from ingestion.domain.page.elements import PageReading
from ingestion.domain.schemas.fields import FieldKind, FieldSpec, SchemaSpec
from refinery.core.types import BoundingBox

_ROWS_OF_ADDRESS = 6
_LEAST = 2  # letters and digits: less is found anywhere


@dataclass(frozen=True, slots=True)
class Place:
    """A printed value: its text, its page and box; `claim` is another one that a label announces more closely."""

    text: str
    normalized: str
    page: int
    bbox: BoundingBox | None
    claim: "Place | None" = None


def places_of(
    pages: Sequence[PageReading], schema: SchemaSpec, told: Mapping[str, str], *, today: date | None = None
) -> dict[str, Place]:
    """Give the place of each told value (normalised, by field) that is printed anywhere on the pages."""
    seen = gather(lay_rows(pages), schema, date_order_of(pages), today)
    found = {}
    for spec in schema.fields:
        if told.get(spec.name):
            place = _place(seen, schema, spec, told[spec.name])
            if place is not None:
                found[spec.name] = place
    return found


def _place(seen: Evidence, schema: SchemaSpec, spec: FieldSpec, told: str) -> Place | None:
    """Take the likeliest candidate that says it, else any printing of it."""
    candidates = [each for each in find_candidates(seen, schema, spec) if each.spans]
    fitting = next((each for each in candidates if equal(spec.kind, each.normalized, told)), None)
    spans = fitting.spans if fitting else next(_printings(seen, spec, told), None)
    if not spans:
        return None
    bond = _bond(fitting) if fitting else 0
    rival = next(
        (
            each
            for each in candidates
            if _bond(each) >= max(bond, 1) and not equal(spec.kind, each.normalized, told)
        ),
        None,
    )
    claim = _at(rival.spans, rival.normalized, rival.value) if rival else None
    return replace(_at(spans, told, fitting.value if fitting else ""), claim=claim)


def _bond(candidate: Candidate) -> int:
    """Say how a label announces it: 2 for beside it, 1 for below it, 0 for not at all."""
    if candidate.source != "label":
        return 0
    return 2 if candidate.signals.get("right") else 1


def equal(kind: FieldKind, one: str, other: str) -> bool:
    """Tell whether two normalised values are the same, an amount's sign left out: credit notes print either."""
    if kind is FieldKind.MONEY:
        return one.lstrip("-") == other.lstrip("-") and bool(one)
    return same_value(kind, one, other)


def _at(spans: Sequence[Span], normalized: str, value: str) -> Place:
    """Give the place with what a reading takes there: of a currency the mark, not the amount beside it."""
    text = value or " ".join(span.text for span in spans)
    return Place(text, normalized, spans[0].row.page, bbox_of(spans))


def _printings(seen: Evidence, spec: FieldSpec, told: str) -> Iterator[tuple[Span, ...]]:
    if spec.kind in (FieldKind.MONEY, FieldKind.DATE):
        listed = seen.amounts if spec.kind is FieldKind.MONEY else seen.dates
        yield from ((each.span,) for each in listed if equal(spec.kind, each.normalized, told))
    elif spec.kind is FieldKind.ADDRESS:
        yield from _stacked(seen.sheet, told.split(", "))
    else:
        yield from ((span,) for span in _written(seen.sheet.rows, told))
        if spec.kind is FieldKind.PARTY:
            yield from _broken_names(seen.sheet, told.split())


def _written(rows: Iterable[Row], text: str) -> Iterator[Span]:
    """Yield where a row has these letters and digits, from the beginning of a word to the end of one."""
    wanted = letters_and_digits(text)
    if len(wanted) < _LEAST:
        return
    for row in rows:
        positions = [index for index, character in enumerate(row.folded) if character.isalnum()]
        compact = "".join(row.folded[index] for index in positions)
        at = compact.find(wanted)
        while at >= 0:
            start, stop = positions[at], positions[at + len(wanted) - 1] + 1
            if not row.folded[start - 1 : start].isalnum() and not row.folded[stop : stop + 1].isalnum():
                yield Span(row, start, stop)
            at = compact.find(wanted, at + 1)


def _broken_names(sheet: Sheet, words: Sequence[str]) -> Iterator[tuple[Span, ...]]:
    """Yield where a name is printed in two lines."""
    for stop in range(len(words) - 1, 0, -1):
        found = _stacked(sheet, (" ".join(words[:stop]), " ".join(words[stop:])))
        yield from (spans for spans in found if len(spans) > 1)


def _stacked(sheet: Sheet, lines: Sequence[str]) -> Iterator[tuple[Span, ...]]:
    """Yield the lines that are printed where the first one is, each in a row of its own or beside it."""
    for first in _written(sheet.rows, lines[0]) if lines else ():
        below = sheet.rows[first.row.index : first.row.index + _ROWS_OF_ADDRESS]
        near = [row for row in below if row.page == first.row.page]
        rest = (next(_written(near, line), None) for line in lines[1:])
        yield (first, *(span for span in rest if span))
