"""Look-up tables for checks: loaded by an adapter, passed to the checks inside the facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """One code of a code system: `billable` is False for a heading that needs more characters."""

    code: str
    billable: bool


class CodeTable(Protocol):
    """Code system in one edition, such as ICD-10-CM April 2026."""

    @property
    def edition(self) -> str:
        """The edition's name, shown beside every verdict based on it."""
        ...

    def lookup(self, code: str) -> CodeEntry | None:
        """Find a code written with or without its dot, in any case; None when it does not exist."""
        ...

    def nearest(self, code: str) -> tuple[str, ...]:
        """Return billable codes one reading error away from `code`, the likeliest first, at most three."""
        ...


class CodeSet:
    """Code table in memory: `entries` maps a code without its dot to whether it is billable."""

    def __init__(self, edition: str, entries: Mapping[str, bool]) -> None:
        """Store the mapping without copying it, since the full table has a hundred thousand codes."""
        self._edition = edition
        self._entries = entries

    @property
    def edition(self) -> str:
        """The edition's name."""
        return self._edition

    def __len__(self) -> int:
        """Return the number of codes."""
        return len(self._entries)

    def lookup(self, code: str) -> CodeEntry | None:
        """Find a code written with or without its dot, in any case."""
        key = plain_code(code)
        billable = self._entries.get(key)
        return None if billable is None else CodeEntry(dotted_code(key), billable)

    def nearest(self, code: str) -> tuple[str, ...]:
        """Try commonly confused characters, one at a time, then the heading's first billable codes."""
        key = plain_code(code)
        swapped = (
            key[:at] + other + key[at + 1 :]
            for at, character in enumerate(key)
            for other in CONFUSED.get(character, "")
        )
        found = [dotted_code(candidate) for candidate in swapped if self._entries.get(candidate)]
        found += [dotted_code(key + digit) for digit in "0123456789" if self._entries.get(key + digit)]
        return tuple(dict.fromkeys(found))[:3]


_CONFUSED_PAIRS = "0=OD8 O=0 D=0 1=I7 I=1 7=1 5=S6 S=5 6=58 8=B06 B=8 2=Z Z=2 3=8 9=4 4=9"
CONFUSED = dict(pair.split("=") for pair in _CONFUSED_PAIRS.split())
"""Characters that OCR confuses with each other."""


def plain_code(code: str) -> str:
    """Return a code without dot and spaces, in capitals, as in the keys of tables."""
    return code.replace(".", "").replace(" ", "").upper()


def dotted_code(code: str) -> str:
    """Return an ICD code with its dot after the third character."""
    return f"{code[:3]}.{code[3:]}" if len(code) > 3 else code
