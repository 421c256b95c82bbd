"""Look-up tables that checks consult: loaded by an adapter, handed to the checks inside the facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """One code of a code system: `billable` is False for a heading that needs more characters."""

    code: str
    billable: bool


class CodeTable(Protocol):
    """A code system in one edition, such as ICD-10-CM April 2026."""

    @property
    def edition(self) -> str:
        """The edition's name, shown beside every verdict that rests on it."""
        ...

    def lookup(self, code: str) -> CodeEntry | None:
        """Find a code written with or without its dot, in any case; None when it does not exist."""
        ...

    def nearest(self, code: str) -> tuple[str, ...]:
        """Give billable codes one reading error away from `code`, the likeliest first, at most three."""
        ...


class CodeSet:
    """A code table held in memory: `entries` maps a code without its dot to whether it is billable."""

    def __init__(self, edition: str, entries: Mapping[str, bool]) -> None:
        """Keep the mapping; it is not copied, since the full table has a hundred thousand codes."""
        self._edition = edition
        self._entries = entries

    @property
    def edition(self) -> str:
        """The edition's name."""
        return self._edition

    def __len__(self) -> int:
        """Count the codes."""
        return len(self._entries)

    def lookup(self, code: str) -> CodeEntry | None:
        """Find a code written with or without its dot, in any case."""
        key = plain(code)
        billable = self._entries.get(key)
        return None if billable is None else CodeEntry(dotted(key), billable)

    def nearest(self, code: str) -> tuple[str, ...]:
        """Try the characters that readers confuse, one at a time, then the heading's first billable codes."""
        key = plain(code)
        swapped = (
            key[:at] + other + key[at + 1 :]
            for at, character in enumerate(key)
            for other in CONFUSED.get(character, "")
        )
        found = [dotted(candidate) for candidate in swapped if self._entries.get(candidate)]
        found += [dotted(key + digit) for digit in "0123456789" if self._entries.get(key + digit)]
        return tuple(dict.fromkeys(found))[:3]


CONFUSED = {
    "0": "OD8",
    "O": "0",
    "D": "0",
    "1": "I7",
    "I": "1",
    "7": "1",
    "5": "S6",
    "S": "5",
    "6": "58",
    "8": "B06",
    "B": "8",
    "2": "Z",
    "Z": "2",
    "3": "8",
    "9": "4",
    "4": "9",
}
"""Characters that readers take for one another."""


def plain(code: str) -> str:
    """Write a code without dot and spaces, in capitals, as tables key it."""
    return code.replace(".", "").replace(" ", "").upper()


def dotted(code: str) -> str:
    """Write an ICD code with its dot after the third character."""
    return f"{code[:3]}.{code[3:]}" if len(code) > 3 else code
