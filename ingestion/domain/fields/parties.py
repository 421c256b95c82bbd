"""Names of people and firms on letters and forms: behind a label, in the letterhead, above an address."""

import re
from collections.abc import Iterator

from ingestion.domain.extraction import FieldKind, FieldSpec
from ingestion.domain.fields import words_of
from ingestion.domain.fields.anchors import Anchored, Hits, anchored, rows_below
from ingestion.domain.fields.blocks import TextBlock, blocks_of, continued
from ingestion.domain.fields.candidates import Candidate
from ingestion.domain.fields.labels import LabelHit
from ingestion.domain.fields.rows import Row, Sheet, Span
from ingestion.domain.normalize import find_dates, fold, normalize

LETTERHEAD = 0.25  # of the page's height
SECTION_ROWS = 10
_CUT = re.compile(r"\s*(?:[●•|·]|\s[–-]\s|\s\*\s|,(?=\s*\d)|\((?!.*\bhold))")
_NAME_LABEL = re.compile(r"^\W*(?:name|firma|company|nom)\W*$")
_ADDRESS_LABEL = re.compile(r"^\W*(?:anschrift|address|adresse)\W*$")
_GREETING = re.compile(r"^(?:herrn?|frau|mr|mrs|ms|mme|monsieur|madame|firma|to|an)\.?$")


def cut_name(span: Span) -> Span:
    """Give the part of a line that names: a sender's line goes on with its address behind a mark."""
    text = span.row.text[span.start : span.stop]
    hit = _CUT.search(text)
    stop = span.start + hit.start() if hit and hit.start() > 2 else span.stop
    while stop > span.start and span.row.text[stop - 1] in " ,;|-":
        stop -= 1
    return Span(span.row, span.start, stop)


def _form_signals(text: str) -> dict[str, float]:
    folded = fold(text)
    letters = sum(character.isalpha() for character in text)
    return {
        "letters": letters / max(len(text), 1),
        "short": float(letters < 3),
        "legal_form": float(bool(words_of.LEGAL_FORM.search(folded))),
        "organisation": float(bool(words_of.ORGANISATION.search(folded))),
        "street": float(bool(words_of.POSTCODE.search(text) or re.search(r"\d", text))),
        "contact": float(bool(words_of.CONTACT.search(folded))),
        "heading": float(bool(words_of.HEADING.search(folded))),
        "dated": float(next(find_dates(text), None) is not None),
        "words": min(len(text.split()), 10) / 10,
        "colon": float(":" in text),
    }


def _candidate(spec: FieldSpec, spans: tuple[Span, ...], source: str, **signals: float) -> Candidate | None:
    value = ("\n" if spec.kind is FieldKind.ADDRESS else " ").join(span.text for span in spans)
    normalized = normalize(spec.kind, value)
    if not normalized or not any(character.isalpha() for character in normalized):
        return None
    printed = value.replace("\n", ", ").strip(" ,:;")
    return Candidate(printed, normalized, spans, source, {**_form_signals(printed), **signals})


def _anchor_signals(place: Anchored) -> dict[str, float]:
    return {
        "label": place.hit.score,
        "telling": place.hit.telling,
        "right": float(place.direction == "right"),
        "below": float(place.direction == "below"),
        "distance": place.distance,
        "height": place.window.row.relative_y,
    }


def behind_labels(sheet: Sheet, spec: FieldSpec, hits: Hits) -> Iterator[Candidate]:
    """Yield what stands beside or below the field's labels; addresses with the lines that follow."""
    for place in anchored(sheet, hits, spec.name):
        spans = (cut_name(place.window),)
        if spec.kind is FieldKind.ADDRESS:
            spans = continued(sheet, hits, place.window).lines
        found = _candidate(spec, spans, "label", **_anchor_signals(place))
        if found:
            yield found


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
        spans = continued(sheet, hits, span).lines if spec.kind is FieldKind.ADDRESS else (span,)
        found = _candidate(spec, spans, "label", label=head.score, telling=head.telling, section=1.0)
        if found:
            yield found
        return


def _name_lines(block: TextBlock) -> tuple[Span, tuple[Span, ...]] | None:
    """Split an address block in its name and its address; None when it holds no postcode."""
    lines = [line for line in block.lines if not _GREETING.match(fold(line.text))]
    towns = [index for index, line in enumerate(lines) if words_of.POSTCODE.search(line.text)]
    if not towns or not 0 < towns[0] <= 5:
        return None
    last = towns[0] + 1
    if last < len(lines) and lines[last].text.isalpha():
        last += 1
    return lines[0], tuple(lines[1:last])


def above_addresses(sheet: Sheet, spec: FieldSpec, hits: Hits) -> Iterator[Candidate]:
    """Yield the names (or, for an address, the lines) of the postal blocks on the first page."""
    first = sheet.rows[0].page if sheet.rows else 1
    rows = [row for row in sheet.on_page(first) if row.relative_y < 0.5]
    for order, block in enumerate(blocks_of(sheet, rows, hits)):
        parts = _name_lines(block)
        if parts is None:
            continue
        spans = parts[1] if spec.kind is FieldKind.ADDRESS else (cut_name(parts[0]),)
        left = float(left_edge_share(sheet, block.first) < 0.5)
        found = _candidate(spec, spans, "layout", postal=1.0, order=order / 10, left=left,
                           height=block.first.row.relative_y)  # fmt: skip
        if found:
            yield found


def left_edge_share(sheet: Sheet, span: Span) -> float:
    """Give where a span begins, as a share of its page's width."""
    return span.words[0].bbox.x0


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
            found = _candidate(
                spec, (span,), "layout", letterhead=1.0, height=row.relative_y, order=min(order, 10) / 10,
                size=row.height / largest, claimed=float(claimed),
                own_words=float(any(word in span.row.folded for word in own)), foot=float(row.relative_y > 0.9),
            )  # fmt: skip
            if found:
                yield found
