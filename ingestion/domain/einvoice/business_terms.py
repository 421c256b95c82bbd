"""Read single business terms: amounts, dates, texts; what is given and cannot be read is noted by its number."""

import re
from datetime import date
from decimal import Decimal
from itertools import islice

from ingestion.domain.einvoice.nodes import Node

TEXT_TO = 500  # characters of a name or reason that are kept
MANY_TO = 5_000  # lines, tax shares and the like that are kept
_DECIMAL = re.compile(r"[+-]?(?:\d{1,18}(?:\.\d{0,12})?|\.\d{1,12})")  # XML Schema's decimal, within reason
_DATES = (re.compile(r"(\d{4})(\d\d)(\d\d)"), re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[TZ+\-].*)?"))


class Terms:
    """A reader that remembers which terms it could not read."""

    def __init__(self) -> None:
        """Start without a fault."""
        self._unreadable: dict[str, None] = {}

    @property
    def unreadable(self) -> tuple[str, ...]:
        """The terms that were given and could not be read, in the order they came."""
        return tuple(self._unreadable)

    def amount(self, term: str, node: Node | None) -> Decimal | None:
        """Read an amount, a quantity or a rate; None when it is missing or no number."""
        said = node.text.strip() if node else ""
        if not said:
            return None
        if _DECIMAL.fullmatch(said):
            return Decimal(said)
        self._unreadable[term] = None
        return None

    def day(self, term: str, node: Node | None) -> date | None:
        """Read a day written as 20250613 (UNTDID 2379 code 102) or as ISO 8601; None when it is neither."""
        said = node.text.strip() if node else ""
        if not said:
            return None
        for form in _DATES:
            hit = form.fullmatch(said)
            if hit:
                try:
                    return date(int(hit[1]), int(hit[2]), int(hit[3]))
                except ValueError:
                    break
        self._unreadable[term] = None
        return None


def text(node: Node | None, *path: str) -> str:
    """Give a text in one line, at most TEXT_TO long; "" when it is missing."""
    return node.said(*path)[:TEXT_TO] if node else ""


def many(node: Node | None, *path: str) -> tuple[Node, ...]:
    """Give the elements at `path`, at most MANY_TO of them."""
    return tuple(islice(node.each(*path), MANY_TO)) if node else ()


def present(*texts: str) -> tuple[str, ...]:
    """Give the texts that say something, each once."""
    return tuple(dict.fromkeys(each for each in texts if each))
