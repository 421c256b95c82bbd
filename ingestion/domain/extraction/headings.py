"""Title of a document with its number and its date: "Rechnung Nr. 471102 vom 05.03.2018"."""

import re
from collections.abc import Iterator

from ingestion.domain.extraction.candidates import FieldCandidate, ValueMatch
from ingestion.domain.layout.text_rows import DocumentRows, RowSpan, TextRow
from ingestion.domain.normalize import find_dates, normalize
from ingestion.domain.schemas.fields import FieldSpec

HEADING_ROWS = 40
MAX_HEADING_CHARS = 90
_TITLE = re.compile(
    r"\b(?:\w*rechnung(?:s-?korrektur)?(?: de[sr] \w+)?|\w*gutschrift|\w*quittung|facture|avoir|note de credit"
    r"|(?:tax )?invoice|credit note"
    r"|bill|statement|report|befund|bericht)\b"
    r"(?:\s*\([^()]{2,40}\))*"  # a remark, or the code of UNTDID 1001 that e-invoices print beside the name
)
_NUMBER = re.compile(
    r"\s*+(?P<mark>(?:nr|no|n°|num(?:ber|mer|ero)?|id)\b\.?|#)?[\s:.#°]*+"
    r"(?P<number>[A-Za-z]{0,8}[-/.]?\d[A-Za-z0-9/.\-]*)",
    re.IGNORECASE,
)
_DAY = re.compile(r"[\s\t,]*(?:vom|von|am|du|dated|of|le|date)\b[\s\t:.]*", re.IGNORECASE)


def _titles(doc: DocumentRows) -> Iterator[tuple[TextRow, int]]:
    """Yield the rows that begin with a document title, and where the title ends."""
    for row in doc.rows[:HEADING_ROWS]:
        if len(row.text) > MAX_HEADING_CHARS:
            continue
        for segment in row.segments:
            hit = _TITLE.match(row.folded, segment.start)
            if hit:
                yield row, hit.end()


def heading_numbers(doc: DocumentRows, spec: FieldSpec) -> Iterator[FieldCandidate]:
    """Yield the numbers directly after the document's title."""
    for row, stop in _titles(doc):
        hit = _NUMBER.match(row.text, stop)
        if not hit or next(find_dates(hit["number"]), None):
            continue
        number = hit["number"].rstrip(".-/")
        span = RowSpan(row, hit.start("number"), hit.start("number") + len(number))
        normalized = normalize(spec.kind, number)
        if normalized:
            signals = {
                "title": 1.0,
                "marked": float(bool(hit["mark"])),
                "height": row.relative_y,
                "short": float(len(number) < 2),
                "digits": sum(map(str.isdigit, number)) / len(number),
            }
            yield FieldCandidate(span.text, normalized, (span,), "pattern", signals)


def heading_dates(doc: DocumentRows, found: list[ValueMatch]) -> Iterator[ValueMatch]:
    """Yield the dates after the document's title and number ("vom", "dated")."""
    for row, stop in _titles(doc):
        number = _NUMBER.match(row.text, stop)
        for item in found:
            between = row.text[number.end() if number else stop : item.span.start]
            if item.span.row.index == row.index and item.span.start >= stop and _DAY.fullmatch(between):
                yield item
