"""The part of a line that names a person or firm, without what engines and layouts glue to it."""

import re

from ingestion.domain.extraction import vocabulary
from ingestion.domain.layout.text_rows import Span

_CUT = re.compile(r"\s*(?:[●•|·]|\s[\u2013-]\s|\s\*\s|,(?=\s*\d)|\((?!.*\bhold))")
STRAY = 3  # characters behind a legal form that are no part of a name


def trimmed_name(span: Span) -> Span:
    """Cut what is no name: the registration or stray marks behind the legal form, "owned by" before it."""
    row = span.row
    owner = vocabulary.OWNER.match(row.folded, span.start, span.stop)
    start = owner.end() if owner and owner.end() < span.stop - 2 else span.start
    hit = vocabulary.TRAILING_REGISTRATION.search(row.text, start, span.stop)
    stop = hit.start() if hit and hit.start() > start + 2 else span.stop
    forms = list(vocabulary.LEGAL_FORM.finditer(row.folded, start, stop))
    if forms:
        rest = row.text[forms[-1].end() : stop].strip(" .,")
        own = re.match(r"\([A-Za-z ]{3,}\)", rest)
        if rest and not own and (len(rest) <= STRAY or any(map(str.isdigit, rest))):
            stop = forms[-1].end()
    return Span(row, start, stop)


def cut_name(span: Span) -> Span:
    """Give the part of a line that names: a sender's line goes on with its address behind a mark."""
    text = span.row.text[span.start : span.stop]
    hit = _CUT.search(text)
    stop = span.start + hit.start() if hit and hit.start() > 2 else span.stop
    while stop > span.start and span.row.text[stop - 1] in " ,;|-":
        stop -= 1
    return trimmed_name(Span(span.row, span.start, stop))
