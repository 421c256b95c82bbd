"""Diagnosis codes: all codes of the ICD-10 form that stand under a heading of diagnoses, else on the document."""

import re
from collections.abc import Iterator

from ingestion.domain.extraction.anchors import Hits
from ingestion.domain.extraction.candidates import Candidate
from ingestion.domain.layout.text_rows import Sheet, Span
from ingestion.domain.schemas.fields import FieldSpec

_CODE = re.compile(r"(?<![A-Za-z0-9.\-/])[A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?(?![A-Za-z0-9\-/]|\.\d)")
_SLIPPED = re.compile(
    r"(?<![A-Za-z0-9.\-/$])[1l|058]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?(?![A-Za-z0-9\-/%]|\.\d|\s?(?:mg|ml|mmHg|/))"
)
_TO_LETTER = str.maketrans({"1": "I", "l": "I", "|": "I", "0": "O", "5": "S", "8": "B"})
SAME_COLUMN = 0.012  # of the page's width
MAX_BETWEEN = 12  # rows without a code that end a list of codes


def _matches(sheet: Sheet, pattern: re.Pattern[str]) -> Iterator[Span]:
    for row in sheet.rows:
        for hit in pattern.finditer(row.text):
            yield Span(row, hit.start(), hit.end())


def _codes(sheet: Sheet) -> list[Span]:
    """Find the codes, and in their column those whose letter was read as a digit."""
    plain = list(_matches(sheet, _CODE))
    edges = [(span.row.page, span.words[0].bbox.x0) for span in plain]
    slipped = [
        span
        for span in _matches(sheet, _SLIPPED)
        if any(page == span.row.page and abs(x0 - span.words[0].bbox.x0) < SAME_COLUMN for page, x0 in edges)
    ]
    return sorted([*plain, *slipped], key=lambda span: (span.row.index, span.start))


def code_text(span: Span) -> str:
    """Give a span's code, its first character the letter that the form demands."""
    return span.text[0].translate(_TO_LETTER) + span.text[1:].upper()


def _made(spans: list[Span], **signals: float) -> Candidate:
    codes = tuple(dict.fromkeys(map(code_text, spans)))
    dotted = sum("." in code for code in codes) / len(codes)
    source = "label" if signals.get("label") else "pattern"
    slipped = float(any(code_text(span) != span.text for span in spans))
    weighed = {"slipped": slipped, "dotted": dotted, "listed": min(len(codes), 6) / 6, **signals}
    return Candidate(", ".join(codes), ",".join(codes), tuple(spans), source, weighed)


def code_lists(sheet: Sheet, spec: FieldSpec, hits: Hits) -> list[Candidate]:
    """Propose the codes below the first heading of the field, and all codes of the document."""
    spans = _codes(sheet)
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
