"""Diagnosis codes: all codes of the ICD-10 form that stand under a heading of diagnoses, else on the document."""

import re
from collections.abc import Iterator

from ingestion.domain.extraction import FieldSpec
from ingestion.domain.fields.anchors import Hits
from ingestion.domain.fields.candidates import Candidate
from ingestion.domain.fields.rows import Sheet, Span

_CODE = re.compile(r"(?<![A-Za-z0-9.\-/])[A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?(?![A-Za-z0-9\-/]|\.\d)")
MAX_BETWEEN = 12  # rows without a code that end a list of codes


def _codes(sheet: Sheet) -> Iterator[Span]:
    for row in sheet.rows:
        for hit in _CODE.finditer(row.text):
            yield Span(row, hit.start(), hit.end())


def _made(spans: list[Span], **signals: float) -> Candidate:
    codes = tuple(dict.fromkeys(span.text for span in spans))
    dotted = sum("." in code for code in codes) / len(codes)
    source = "label" if signals.get("label") else "pattern"
    weighed = {"dotted": dotted, "listed": min(len(codes), 6) / 6, **signals}
    return Candidate(", ".join(codes), ",".join(codes), tuple(spans), source, weighed)


def code_lists(sheet: Sheet, spec: FieldSpec, hits: Hits) -> list[Candidate]:
    """Propose the codes below the first heading of the field, and all codes of the document."""
    spans = list(_codes(sheet))
    if not spans:
        return []
    made = [_made(spans)]
    heads = [hit for row_hits in hits.values() for hit in row_hits if hit.field == spec.name]
    for head in heads:
        listed: list[Span] = []
        last = head.row.index
        for span in spans:
            if last <= span.row.index <= last + MAX_BETWEEN:
                listed.append(span)
                last = span.row.index
        if listed:
            made.append(_made(listed, label=head.score, telling=head.telling))
    return made
