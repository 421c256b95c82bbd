"""Reading of single business terms: amounts, dates, texts; unreadable terms are recorded by their number."""

import re
from datetime import date
from decimal import Decimal
from itertools import islice

from ingestion.domain.einvoice.nodes import XmlNode

MAX_TEXT_CHARS = 500  # characters of a name or reason that are kept
MAX_ELEMENTS = 5_000  # lines, tax shares and the like that are kept
_DECIMAL = re.compile(r"[+-]?(?:\d{1,18}(?:\.\d{0,12})?|\.\d{1,12})")  # XML Schema's decimal, within reason
_DATES = (re.compile(r"(\d{4})(\d\d)(\d\d)"), re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[TZ+\-].*)?"))


class TermReader:
    """Reader that records which terms it could not read."""

    def __init__(self) -> None:
        """Start without unreadable terms."""
        self._unreadable: dict[str, None] = {}

    @property
    def unreadable(self) -> tuple[str, ...]:
        """Terms that are present but could not be read, in the order of reading."""
        return tuple(self._unreadable)

    def amount(self, term: str, node: XmlNode | None) -> Decimal | None:
        """Read an amount, a quantity or a rate; None if it is missing or not a number."""
        given = node.text.strip() if node else ""
        if not given:
            return None
        if _DECIMAL.fullmatch(given):
            return Decimal(given)
        self._unreadable[term] = None
        return None

    def day(self, term: str, node: XmlNode | None) -> date | None:
        """Read a day written as 20250613 (UNTDID 2379 code 102) or as ISO 8601; None if it is neither."""
        given = node.text.strip() if node else ""
        if not given:
            return None
        for form in _DATES:
            hit = form.fullmatch(given)
            if hit:
                try:
                    return date(int(hit[1]), int(hit[2]), int(hit[3]))
                except ValueError:
                    break
        self._unreadable[term] = None
        return None


def text_at(node: XmlNode | None, *path: str) -> str:
    """Return a text in one line, at most MAX_TEXT_CHARS long; "" if it is missing."""
    return node.first_text(*path)[:MAX_TEXT_CHARS] if node else ""


def elements_at(node: XmlNode | None, *path: str) -> tuple[XmlNode, ...]:
    """Return the elements at `path`, at most MAX_ELEMENTS of them."""
    return tuple(islice(node.find_all(*path), MAX_ELEMENTS)) if node else ()


def non_empty(*texts: str) -> tuple[str, ...]:
    """Return the texts that are not empty, without duplicates."""
    return tuple(dict.fromkeys(each for each in texts if each))
