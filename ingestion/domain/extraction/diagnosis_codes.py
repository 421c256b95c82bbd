"""Diagnosis codes: all codes of the ICD-10 form under a heading of diagnoses, otherwise on the whole document."""

import re
from collections.abc import Iterator

from ingestion.domain.extraction.anchors import LabelHitsByRow
from ingestion.domain.extraction.candidates import FieldCandidate
from ingestion.domain.extraction.code_context import has_another_meaning, is_listed
from ingestion.domain.layout.text_rows import DocumentRows, RowSpan
from ingestion.domain.normalize.icd10 import find_icd10_codes, has_additions
from ingestion.domain.schemas.fields import FieldSpec

_MISREAD_CODE = re.compile(
    r"(?<![A-Za-z0-9.\-/$])[1l|058]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?(?![A-Za-z0-9\-/%]|\.\d|\s?(?:mg|ml|mmHg|/))"
)
_TO_LETTER = str.maketrans({"1": "I", "l": "I", "|": "I", "0": "O", "5": "S", "8": "B"})
SAME_COLUMN = 0.012  # of the page's width
MAX_BETWEEN = 12  # rows without a code that end a list of codes


def _printed_codes(doc: DocumentRows) -> Iterator[RowSpan]:
    """Yield the codes; those without a dot only where the context shows that they are codes."""
    additions = any(has_additions(row.text) for row in doc.rows)
    for row in doc.rows:
        for found in find_icd10_codes(row.text, additions=additions):
            span = RowSpan(row, found.start, found.stop)
            if not has_another_meaning(span) and (found.is_dotted or is_listed(span)):
                yield span


def _codes(doc: DocumentRows) -> list[RowSpan]:
    """Find the codes, and in their column those whose letter was read as a digit."""
    plain = list(_printed_codes(doc))
    edges = [(span.row.page, span.words[0].bbox.x0) for span in plain]
    misread = [
        span
        for span in (RowSpan(row, *hit.span()) for row in doc.rows for hit in _MISREAD_CODE.finditer(row.text))
        if any(page == span.row.page and abs(x0 - span.words[0].bbox.x0) < SAME_COLUMN for page, x0 in edges)
    ]
    return sorted([*plain, *misread], key=lambda span: (span.row.index, span.start))


def normalized_code(span: RowSpan) -> str:
    """Return a span's code, its first character read as the letter that the form requires."""
    return span.text[0].translate(_TO_LETTER) + span.text[1:].upper()


def _code_candidate(spans: list[RowSpan], **signals: float) -> FieldCandidate:
    codes = tuple(dict.fromkeys(map(normalized_code, spans)))
    dotted = sum("." in code for code in codes) / len(codes)
    source = "label" if signals.get("label") else "pattern"
    misread = float(any(normalized_code(span) != span.text for span in spans))
    all_signals = {"misread": misread, "dotted": dotted, "listed": min(len(codes), 6) / 6, **signals}
    return FieldCandidate(", ".join(codes), ",".join(codes), tuple(spans), source, all_signals)


def diagnosis_code_candidates(doc: DocumentRows, spec: FieldSpec, hits: LabelHitsByRow) -> list[FieldCandidate]:
    """Propose the codes below the first heading of the field, and all codes of the document."""
    spans = _codes(doc)
    if not spans:
        return []
    made = [_code_candidate(spans)]
    heads = [hit for row_hits in hits.values() for hit in row_hits if hit.field == spec.name]
    for head in heads:
        listed: list[RowSpan] = []
        last = head.row.index
        for span in spans:
            if last <= span.row.index <= last + MAX_BETWEEN:
                listed.append(span)
                last = span.row.index
        if listed:
            made.append(_code_candidate(listed, label=head.score, label_priority=head.priority))
    return made
