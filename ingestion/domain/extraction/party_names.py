"""Part of a line that names a person or firm, without text that engines and layouts join to it."""

import re

from ingestion.domain.extraction import vocabulary
from ingestion.domain.layout.text_rows import RowSpan

_CUT = re.compile(r"(?:(?<!\s)\s+)?(?:[●•|·]|\s[\u2013-]\s|\s\*\s|,(?=\s*\d))")
_HOLDING = re.compile(r"\bhold")  # "Acme (Holdings) Ltd"
MAX_STRAY_CHARS = 3  # characters after a legal form that are not part of a name


def trim_name(span: RowSpan) -> RowSpan:
    """Cut off the registration or stray marks after the legal form, and "owned by" before the name."""
    row = span.row
    owner = vocabulary.OWNER.match(row.folded, span.start, span.stop)
    start = owner.end() if owner and owner.end() < span.stop - 2 else span.start
    hit = vocabulary.TRAILING_REGISTRATION.search(row.text, start, span.stop)
    stop = hit.start() if hit and hit.start() > start + 2 else span.stop
    forms = list(vocabulary.LEGAL_FORM.finditer(row.folded, start, stop))
    if forms:
        rest = row.text[forms[-1].end() : stop].strip(" .,")
        own = re.match(r"\([A-Za-z ]{3,}\)", rest)
        if rest and not own and (len(rest) <= MAX_STRAY_CHARS or any(map(str.isdigit, rest))):
            stop = forms[-1].end()
    return RowSpan(row, start, stop)


def _separator_in(text: str) -> int:
    """Return where the name ends: at a separator, or a bracket after which no holding follows; 0 for nowhere."""
    hit = _CUT.search(text)
    last_holding = max((hold.start() for hold in _HOLDING.finditer(text)), default=0)
    bracket = text.find("(", last_holding)
    ends = [hit.start()] if hit else []
    if bracket >= 0:
        ends.append(len(text[:bracket].rstrip()))
    return min(ends, default=0)


def cut_name(span: RowSpan) -> RowSpan:
    """Return the name in a line: a sender's line continues with its address after a separator."""
    text = span.row.text[span.start : span.stop]
    cut = _separator_in(text)
    stop = span.start + cut if cut > 2 else span.stop
    while stop > span.start and span.row.text[stop - 1] in " ,;|-":
        stop -= 1
    return trim_name(RowSpan(span.row, span.start, stop))
