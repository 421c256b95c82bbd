"""Names of people and firms on letters and forms: behind a label, in the letterhead, above an address."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingestion.domain.extraction import vocabulary
from ingestion.domain.extraction.anchors import Anchored, Hits, anchored, left_edge, rows_below
from ingestion.domain.extraction.candidates import Candidate
from ingestion.domain.extraction.labels import LabelHit
from ingestion.domain.extraction.party_names import cut_name
from ingestion.domain.extraction.postal_addresses import GREETING, PostalBlock
from ingestion.domain.extraction.text_blocks import continued
from ingestion.domain.layout.text_rows import Row, Sheet, Span
from ingestion.domain.normalize import find_dates, fold, normalize
from ingestion.domain.schemas.fields import FieldKind, FieldSpec

LETTERHEAD = 0.25  # of the page's height
SECTION_ROWS = 10
SHORT_END = 3  # words
CLOSE = 0.6  # in heights of a line, between the lines of one value
_SIDES = frozenset({"supplier", "customer"})
_MARK = re.compile(r"\s*[●•|·]\s*|\s+[\u2013-]\s+")
_NAME_LABEL = re.compile(r"^\W*(?:name|firma|company|nom)\W*$")
_ADDRESS_LABEL = re.compile(r"^\W*(?:anschrift|address|adresse)\W*$")


def _form_signals(text: str) -> dict[str, float]:
    folded = fold(text)
    letters = sum(character.isalpha() for character in text)
    return {
        "letters": letters / max(len(text), 1),
        "short": float(letters < 3),
        "legal_form": float(bool(vocabulary.LEGAL_FORM.search(folded))),
        "organisation": float(bool(vocabulary.ORGANISATION.search(folded))),
        "street": float(bool(vocabulary.POSTCODE.search(text) or re.search(r"\d", text))),
        "contact": float(bool(vocabulary.CONTACT.search(folded))),
        "heading": float(bool(vocabulary.HEADING.search(folded))),
        "dated": float(next(find_dates(text), None) is not None),
        "words": min(len(text.split()), 10) / 10,
        "department": float(bool(vocabulary.DEPARTMENT.search(folded))),
        "small_first": float(text[:1].islower()),
        "form_alone": float(not vocabulary.LEGAL_FORM.sub("", folded).strip(" .&,")),
        "colon": float(":" in text),
    }


def _candidate(spec: FieldSpec, spans: tuple[Span, ...], source: str, **signals: float) -> Candidate | None:
    value = ("\n" if spec.kind is FieldKind.ADDRESS else " ").join(span.text for span in spans)
    normalized = normalize(spec.kind, value)
    if not normalized or not any(character.isalpha() for character in normalized) or GREETING.match(fold(value)):
        return None
    printed = value.replace("\n", ", ").strip(" ,:;")
    if spec.kind is FieldKind.ADDRESS:
        printed = normalized = _MARK.sub(", ", normalized)
    return Candidate(printed, normalized, spans, source, {**_form_signals(printed), **signals})


def _anchor_signals(place: Anchored) -> dict[str, float]:
    return {
        "label": place.hit.score,
        "telling": place.hit.telling,
        "right": float(place.direction == "right"),
        "below": float(place.direction == "below"),
        "distance": place.distance,
        "set_off": float(place.set_off),
        "height": place.window.row.relative_y,
    }


def behind_labels(sheet: Sheet, spec: FieldSpec, hits: Hits) -> Iterator[Candidate]:
    """Yield what stands beside or below the field's labels; addresses with the lines that follow."""
    for place in anchored(sheet, hits, spec.name):
        if _heads_columns(place, hits) or _in_prose(place):
            continue
        spans: tuple[Span, ...] = (cut_name(place.window),)
        if spec.kind is FieldKind.ADDRESS:
            spans = continued(sheet, hits, place.window).lines
        found = _candidate(spec, spans, "label", **_anchor_signals(place))
        if found:
            yield found


def _heads_columns(place: Anchored, hits: Hits) -> bool:
    """Tell a value beside a label from the next column's heading: below headings of two parties both stand."""
    owners = {hit.field for hit in hits[place.hit.row.index] if hit.field in _SIDES}
    return (
        place.direction == "right" and len(owners) > 1 and place.window.row is place.hit.row and place.distance > 0
    )


def _in_prose(place: Anchored) -> bool:
    """Tell a label within a sentence: "an invoice to pay by transfer" is to nobody in the next line."""
    row, hit = place.hit.row, place.hit
    rest = row.text[hit.stop : row.segments[row.segment_at(hit.start)].stop].split()
    return place.direction == "below" and len(rest) > SHORT_END and rest[0][:1].islower()


def _whole_value(sheet: Sheet, hits: Hits, span: Span) -> tuple[Span, ...]:
    """Give a form's name with the lines right above and below it that stand in its column alone."""
    rows, index = sheet.rows, span.row.index
    above = _beside_nothing(rows[index - 1], span, sheet, hits) if index else None
    below = _beside_nothing(rows[index + 1], span, sheet, hits) if index + 1 < len(rows) else None
    return tuple(filter(None, (above, span, below)))


def _beside_nothing(row: Row, span: Span, sheet: Sheet, hits: Hits) -> Span | None:
    """Give a row's only text if it goes on with `span`: close to it, aligned, no label, no number."""
    unit, only = min(row.height, span.row.height), Span(row, 0, len(row.text))
    gap = max(row.y0, span.row.y0) - min(row.y1, span.row.y1)
    close = row.page == span.row.page and gap <= CLOSE * unit and len(row.segments) == 1
    aligned = abs(left_edge(sheet, only) - left_edge(sheet, span)) <= unit
    return only if close and aligned and not hits[row.index] and not any(map(str.isdigit, row.text)) else None


def _labelled(row: Row, pattern: re.Pattern[str]) -> Span | None:
    first = row.segments[0]
    if len(row.segments) > 1 and pattern.match(row.folded[: first.stop]):
        return Span(row, row.segments[1].start, row.segments[1].stop)
    head, colon, rest = row.text.partition(":")
    if colon and rest.strip() and pattern.match(fold(head)):
        return Span(row, len(head) + 1, row.segments[0].stop)
    return None


def in_sections(sheet: Sheet, spec: FieldSpec, hits: Hits, owner: str) -> Iterator[Candidate]:
    """Yield "Name:" or "Address:" lines of the section that a label of `owner` heads."""
    pattern = _ADDRESS_LABEL if spec.kind is FieldKind.ADDRESS else _NAME_LABEL
    for row_hits in hits.values():
        for hit in row_hits:
            if hit.field == owner:
                yield from _in_section(sheet, spec, hits, hit, pattern)


def _in_section(
    sheet: Sheet, spec: FieldSpec, hits: Hits, head: LabelHit, pattern: re.Pattern[str]
) -> Iterator[Candidate]:
    for row in rows_below(sheet, head.row, SECTION_ROWS, 30):
        span = _labelled(row, pattern)
        if span is None:
            continue
        address = spec.kind is FieldKind.ADDRESS
        spans = continued(sheet, hits, span).lines if address else _whole_value(sheet, hits, span)
        found = _candidate(spec, spans, "label", label=head.score, telling=head.telling, section=1.0)
        if found:
            yield found
        return


def _whole_name(names: Sequence[Span]) -> tuple[Span, ...]:
    """Give a block's name, with its second line where that goes on with it: a legal form, or what ends in one."""
    first = cut_name(names[0])
    if len(names) == 1:
        return (first,)
    second = names[1].text
    form_alone = second.startswith("&") or not vocabulary.LEGAL_FORM.sub("", fold(second)).strip(" .&,")
    whole = vocabulary.LEGAL_FORM.search(fold(first.text)) or any(map(str.isdigit, first.text))
    broken = not whole and _ends_a_name(second)
    return (first, names[1]) if form_alone or broken else (first,)


def above_addresses(
    spec: FieldSpec, owner: str, blocks: Sequence[PostalBlock], parties: Sequence[str]
) -> Iterator[Candidate]:
    """Yield the names (or, for an address, the lines) of postal blocks.

    `parties` are the schema's fields that own blocks: a block headed by another's label is a rival's, and its
    address nobody else's.
    """
    for order, block in enumerate(blocks):
        rival = block.heading in parties and block.heading != owner
        if rival and spec.kind is FieldKind.ADDRESS:
            continue
        spans = block.address if spec.kind is FieldKind.ADDRESS else _whole_name(block.names)
        found = _candidate(
            spec, spans, "layout", postal=1.0, order=min(order, 10) / 10, sender_line=float(block.sender_line),
            owned=float(block.heading == owner), height=spans[0].row.relative_y,
            others=float(block.heading == "-" or rival),
        )  # fmt: skip
        if found:
            yield replace(found, companions=block.keys)


def _form_below(sheet: Sheet, hits: Hits, span: Span) -> tuple[Span, ...]:
    """Give the line below a name when it is its legal form, broken off in a narrow column."""
    if vocabulary.LEGAL_FORM.search(span.row.folded, span.start, span.stop):
        return ()
    if any(map(str.isdigit, span.text)):
        return ()
    lines = continued(sheet, hits, span, 2).lines[1:]
    return tuple(line for line in lines if _ends_a_name(line.text))


def _ends_a_name(text: str) -> bool:
    """Tell whether a line is the short end of a name broken in two: "DAC", "Services LLP"."""
    forms = list(vocabulary.LEGAL_FORM.finditer(fold(text)))
    return bool(forms) and forms[-1].end() >= len(text.rstrip()) and len(text.split()) <= SHORT_END


def in_letterhead(sheet: Sheet, spec: FieldSpec, hits: Hits) -> Iterator[Candidate]:
    """Yield the lines at the top of the first page, and those at its foot that name a firm."""
    first = sheet.rows[0].page if sheet.rows else 1
    own = {word for label in spec.labels for word in fold(label).split() if len(word) > 4}
    rows = [row for row in sheet.on_page(first) if row.relative_y < LETTERHEAD or row.relative_y > 0.9]
    largest = max((row.height for row in rows), default=1.0)
    for order, row in enumerate(rows):
        for segment in row.segments:
            span = cut_name(Span(row, segment.start, segment.stop))
            claimed = any(hit.start <= segment.start + 1 < hit.stop for hit in hits[row.index])
            spans = (span,) if claimed else (span, *_form_below(sheet, hits, span))
            found = _candidate(
                spec, spans, "layout", letterhead=1.0, joined=float(len(spans) > 1),
                height=row.relative_y, order=min(order, 10) / 10,
                size=row.height / largest, claimed=float(claimed),
                own_words=float(any(word in span.row.folded for word in own)), foot=float(row.relative_y > 0.9),
            )  # fmt: skip
            if found:
                yield found
