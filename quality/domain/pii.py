"""Detection of personal data: card and social security numbers, by format and check digit.

Names would need models and are not covered. A span never contains the number itself, only its last digits.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

from stdnum import luhn

from ingestion.domain.page.elements import PageReading, Word
from quality.domain.facts import PiiSpan

# Without separators or in the groups embossed on cards: a number followed by an amount is not a card.
_CARD = re.compile(
    r"(?<![\d-])(?:[2-6]\d{12,18}|[2-6]\d{3}([ -])(?:\d{4}\1\d{4}\1\d{4}(?:\1\d{3})?|\d{6}\1\d{4,5}))"
    r"(?![\d-]|[.,]\d)"
)
# Ranges of card issuers (ISO/IEC 7812): of other long numbers (articles, places, orders) one in ten would
# pass a card's check digit by chance, and those of articles have thirteen digits.
_ISSUED = re.compile(
    r"4\d{15}(?:\d{3})?|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}"
    r"|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}|6(?:011|4[4-9]\d|5\d\d)\d{12}"
    r"|35(?:2[89]|[3-8]\d)\d{12}|62\d{14,17}|(?:5018|5020|5038|5893|6304|6759|676[1-3])\d{12,15}"
)
# IBANs (ISO 13616): one in ten of their digit runs would pass a card's check digit by chance.
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[0-9A-Z]{4}){2,7}(?: ?[0-9A-Z]{1,4})?\b")
_SSN = re.compile(r"(?<![\d-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])")


def find_pii(pages: Sequence[PageReading]) -> tuple[PiiSpan, ...]:
    """Return card and US social security numbers on all pages."""
    return tuple(span for page in pages for line in page.lines for span in _in_line(page.number, line))


def _in_line(page: int, words: Sequence[Word]) -> Iterator[PiiSpan]:
    text = " ".join(word.text for word in words)
    if sum(map(str.isdigit, text)) < 9:
        return
    accounts = [match.span() for match in _IBAN.finditer(text)]
    starts = list(accumulate((len(word.text) + 1 for word in words), initial=0))
    for kind, pattern in (("card", _CARD), ("ssn", _SSN)):
        for match in pattern.finditer(text):
            number = _card(match) if kind == "card" else match[0]
            within = any(start <= match.start() < stop for start, stop in accounts)
            if kind == "card" and (within or not number):
                continue
            first = next(word for word, stop in zip(words, starts[1:], strict=True) if stop > match.start())
            yield PiiSpan(kind, page, f"…{number[-4:]}", first.bbox)


def _card(match: re.Match[str]) -> str:
    """Return a card's digits, "" if it is none; a grouped number may be followed by its security code."""
    digits = re.sub(r"\D", "", match[0])
    tried = (digits, digits[:16]) if match[1] else (digits,)
    return next((number for number in tried if _ISSUED.fullmatch(number) and luhn.is_valid(number)), "")
