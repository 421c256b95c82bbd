"""Names of people and firms on letters and forms: after a label, at the head of a letter, above an address."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingestion.domain.extraction import vocabulary
from ingestion.domain.extraction.anchors import LabelAnchor, LabelHitsByRow, label_anchors, left_edge, rows_below
from ingestion.domain.extraction.candidates import FieldCandidate
from ingestion.domain.extraction.document_titles import is_title
from ingestion.domain.extraction.labels import LabelHit
from ingestion.domain.extraction.party_lines import is_labelled_value
from ingestion.domain.extraction.party_names import cut_name
from ingestion.domain.extraction.postal_addresses import GREETING, PostalBlock
from ingestion.domain.extraction.text_blocks import follow_block
from ingestion.domain.layout.text_rows import DocumentRows, RowSpan, TextRow
from ingestion.domain.normalize import find_dates, fold, normalize
from ingestion.domain.schemas.fields import FieldKind, FieldSpec

LETTERHEAD = 0.25  # of the page's height
SECTION_ROWS = 10
MAX_NAME_END_WORDS = 3  # words
MAX_LINE_GAP = 0.6  # in heights of a line, between the lines of one value
_SIDES = frozenset({"supplier", "customer"})
_MARK = re.compile(r"(?:(?<!\s)\s++)?[●•|·]\s*|(?<!\s)\s++[\u2013-]\s+")
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


def _candidate(spec: FieldSpec, spans: tuple[RowSpan, ...], source: str, **signals: float) -> FieldCandidate | None:
    value = ("\n" if spec.kind == FieldKind.ADDRESS else " ").join(span.text for span in spans)
    normalized = normalize(spec.kind, value)
    if not normalized or not any(character.isalpha() for character in normalized) or GREETING.match(fold(value)):
        return None
    if spec.kind == FieldKind.PARTY and is_title(value):
        return None
    printed = value.replace("\n", ", ").strip(" ,:;")
    if spec.kind == FieldKind.ADDRESS:
        printed = normalized = _MARK.sub(", ", normalized)
    return FieldCandidate(printed, normalized, spans, source, {**_form_signals(printed), **signals})


def _anchor_signals(anchor: LabelAnchor) -> dict[str, float]:
    return anchor.signals | {"set_apart": float(anchor.is_set_apart), "height": anchor.window.row.relative_y}


def labelled_parties(doc: DocumentRows, spec: FieldSpec, hits: LabelHitsByRow) -> Iterator[FieldCandidate]:
    """Yield the texts beside or below the field's labels; addresses with the lines that follow."""
    for anchor in label_anchors(doc, hits, spec.name):
        if _is_next_column_heading(anchor, hits) or _in_prose(anchor):
            continue
        spans: tuple[RowSpan, ...] = (cut_name(anchor.window),)
        if spec.kind == FieldKind.ADDRESS:
            spans = follow_block(doc, hits, anchor.window).lines
        found = _candidate(spec, spans, "label", **_anchor_signals(anchor))
        if found:
            yield found


def _is_next_column_heading(anchor: LabelAnchor, hits: LabelHitsByRow) -> bool:
    """Return whether the text beside a label is the next column's heading, as where two parties are side by side."""
    owners = {hit.field for hit in hits[anchor.label.row.index] if hit.field in _SIDES}
    return (
        anchor.direction == "right"
        and len(owners) > 1
        and anchor.window.row is anchor.label.row
        and anchor.distance > 0
    )


def _in_prose(anchor: LabelAnchor) -> bool:
    """Return whether a label is part of a sentence: "an invoice to pay by transfer" has no value in the next line."""
    row, hit = anchor.label.row, anchor.label
    rest = row.text[hit.stop : row.segments[row.segment_at(hit.start)].stop].split()
    return anchor.direction == "below" and len(rest) > MAX_NAME_END_WORDS and rest[0][:1].islower()


def _whole_value(doc: DocumentRows, hits: LabelHitsByRow, span: RowSpan) -> tuple[RowSpan, ...]:
    """Return a form's name with the lines directly above and below it that are separate in its column."""
    rows, index = doc.rows, span.row.index
    above = _lone_continuation(rows[index - 1], span, doc, hits) if index else None
    below = _lone_continuation(rows[index + 1], span, doc, hits) if index + 1 < len(rows) else None
    return tuple(filter(None, (above, span, below)))


def _lone_continuation(row: TextRow, span: RowSpan, doc: DocumentRows, hits: LabelHitsByRow) -> RowSpan | None:
    """Return a row's only text if it continues `span`: close to it, aligned, no label, no number."""
    unit, only = min(row.height, span.row.height), RowSpan(row, 0, len(row.text))
    gap = max(row.y0, span.row.y0) - min(row.y1, span.row.y1)
    close = row.page == span.row.page and gap <= MAX_LINE_GAP * unit and len(row.segments) == 1
    aligned = abs(left_edge(doc, only) - left_edge(doc, span)) <= unit
    return only if close and aligned and not hits[row.index] and not any(map(str.isdigit, row.text)) else None


def _inline_labelled_value(row: TextRow, pattern: re.Pattern[str]) -> RowSpan | None:
    first = row.segments[0]
    if len(row.segments) > 1 and pattern.match(row.folded[: first.stop]):
        return RowSpan(row, row.segments[1].start, row.segments[1].stop)
    head, colon, rest = row.text.partition(":")
    if colon and rest.strip() and pattern.match(fold(head)):
        return RowSpan(row, len(head) + 1, row.segments[0].stop)
    return None


def section_parties(
    doc: DocumentRows, spec: FieldSpec, hits: LabelHitsByRow, party_field: str
) -> Iterator[FieldCandidate]:
    """Yield "Name:" or "Address:" lines of the section under a label of `party_field`."""
    pattern = _ADDRESS_LABEL if spec.kind == FieldKind.ADDRESS else _NAME_LABEL
    for row_hits in hits.values():
        for hit in row_hits:
            if hit.field == party_field:
                yield from _in_section(doc, spec, hits, hit, pattern)


def _in_section(
    doc: DocumentRows, spec: FieldSpec, hits: LabelHitsByRow, head: LabelHit, pattern: re.Pattern[str]
) -> Iterator[FieldCandidate]:
    for row in rows_below(doc, head.row, SECTION_ROWS, 30):
        span = _inline_labelled_value(row, pattern)
        if span is None:
            continue
        address = spec.kind == FieldKind.ADDRESS
        spans = follow_block(doc, hits, span).lines if address else _whole_value(doc, hits, span)
        found = _candidate(spec, spans, "label", label=head.score, label_priority=head.priority, section=1.0)
        if found:
            yield found
        return


def _whole_name(names: Sequence[RowSpan]) -> tuple[RowSpan, ...]:
    """Return a block's name, with its second line if that is a legal form or the end of the name."""
    first = cut_name(names[0])
    if len(names) == 1:
        return (first,)
    second = names[1].text
    form_alone = second.startswith("&") or not vocabulary.LEGAL_FORM.sub("", fold(second)).strip(" .&,")
    whole = vocabulary.LEGAL_FORM.search(fold(first.text)) or any(map(str.isdigit, first.text))
    broken = not whole and _ends_a_name(second)
    return (first, names[1]) if form_alone or broken else (first,)


def postal_parties(
    spec: FieldSpec, party_field: str, blocks: Sequence[PostalBlock], parties: Sequence[str]
) -> Iterator[FieldCandidate]:
    """Yield the names (or, for an address, the lines) of postal blocks.

    `parties` are the schema's fields that own blocks: a block under another party's label counts as a rival's, and its
    address is skipped.
    """
    for order, block in enumerate(blocks):
        rival = block.heading in parties and block.heading != party_field
        if rival and spec.kind == FieldKind.ADDRESS:
            continue
        spans = block.address if spec.kind == FieldKind.ADDRESS else _whole_name(block.names)
        found = _candidate(
            spec,
            spans,
            "layout",
            postal=1.0,
            order=min(order, 10) / 10,
            sender_line=float(block.sender_line),
            own_label=float(block.heading == party_field),
            label_priority=block.priority if block.heading == party_field else 0.0,
            height=spans[0].row.relative_y,
            other_party=float(block.heading == "-" or rival),
        )
        if found:
            yield replace(found, nearby_names=block.name_keys)


def _form_below(doc: DocumentRows, hits: LabelHitsByRow, span: RowSpan) -> tuple[RowSpan, ...]:
    """Return the line below a name if it is its legal form, broken off in a narrow column."""
    if vocabulary.LEGAL_FORM.search(span.row.folded, span.start, span.stop):
        return ()
    if any(map(str.isdigit, span.text)):
        return ()
    lines = follow_block(doc, hits, span, 2).lines[1:]
    return tuple(line for line in lines if _ends_a_name(line.text))


def _ends_a_name(text: str) -> bool:
    """Return whether a line is the short end of a name broken in two: "DAC", "Services LLP"."""
    forms = list(vocabulary.LEGAL_FORM.finditer(fold(text)))
    return bool(forms) and forms[-1].end() >= len(text.rstrip()) and len(text.split()) <= MAX_NAME_END_WORDS


def letterhead_parties(doc: DocumentRows, spec: FieldSpec, hits: LabelHitsByRow) -> Iterator[FieldCandidate]:
    """Yield the lines at the top of the first page, and those at its foot that name a firm."""
    first = doc.rows[0].page if doc.rows else 1
    own = {word for label in spec.labels for word in fold(label).split() if len(word) > 4}
    rows = [row for row in doc.on_page(first) if row.relative_y < LETTERHEAD or row.relative_y > 0.9]
    largest = max((row.height for row in rows), default=1.0)
    for order, row in enumerate(rows):
        for segment in row.segments:
            if is_labelled_value(row, segment, hits) or is_title(row.text[segment.start : segment.stop]):
                continue
            span = cut_name(RowSpan(row, segment.start, segment.stop))
            claimed = any(hit.start <= segment.start + 1 < hit.stop for hit in hits[row.index])
            spans = (span,) if claimed else (span, *_form_below(doc, hits, span))
            found = _candidate(
                spec,
                spans,
                "layout",
                letterhead=1.0,
                joined=float(len(spans) > 1),
                height=row.relative_y,
                order=min(order, 10) / 10,
                size=row.height / largest,
                claimed=float(claimed),
                own_words=float(any(word in span.row.folded for word in own)),
                foot=float(row.relative_y > 0.9),
            )
            if found:
                yield found
