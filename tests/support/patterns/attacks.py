"""Texts that make a super-linear pattern slow: every repetition of the pattern is pumped, after a minimal beginning.

The pattern's syntax tree gives the texts: for each repetition the shortest text that leads to it, a long run of what
it repeats, and an end that does not match. Long runs of single characters are added for every pattern.
"""

import importlib
import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

_parser: Any = importlib.import_module("re._parser")  # the standard library has no public syntax tree
RUN_CHARACTERS: Final = " \t\u00a0.,-_:/<>#(*\"'=\u2022\u2013€1a9Z\u00e9"
CATEGORY_EXAMPLES: Final = {
    "CATEGORY_DIGIT": "1",
    "CATEGORY_NOT_DIGIT": "a",
    "CATEGORY_SPACE": " ",
    "CATEGORY_NOT_SPACE": "a",
    "CATEGORY_WORD": "a",
    "CATEGORY_NOT_WORD": "-",
}
MANY: Final = 50  # a repetition without a limit, or with one that is as good as none
MEMBERS: Final = 4  # characters tried of each set
END: Final = "\x01"


class Attack(NamedTuple):
    """Text `before + unit * count + END`."""

    before: str
    unit: str


def attacks_on(pattern: str, flags: int) -> list[Attack]:
    """Return the texts for one pattern, without repetitions."""
    runs = [Attack("", character) for character in RUN_CHARACTERS]
    pumped = _pumped(_parser.parse(pattern, flags), "")
    return list(dict.fromkeys([*runs, *(attack for attack in pumped if attack.unit)]))


def _pumped(tree: Any, before: str) -> Iterator[Attack]:  # noqa: ANN401 - a node of the private syntax tree
    for operation, value in tree:
        name = str(operation)
        if "REPEAT" in name:
            _, most, body = value
            if most >= MANY:
                yield from (Attack(before, unit) for unit in _units(body))
        for inner in _inner(name, value):
            yield from _pumped(inner, before)
        before += _example(((operation, value),))


def _inner(name: str, value: Any) -> list[Any]:  # noqa: ANN401 - a node of the private syntax tree
    if "REPEAT" in name:
        return [value[2]]
    if name == "SUBPATTERN":
        return [value[3]]
    if name == "BRANCH":
        return list(value[1])
    return [value] if name == "ATOMIC_GROUP" else []


def _units(body: Any) -> list[str]:  # noqa: ANN401 - a node of the private syntax tree
    if len(body) == 1 and str(body[0][0]) == "IN":
        return _members(body[0][1])
    return [_example(body)]


def _example(tree: Any) -> str:  # noqa: ANN401 - a node of the private syntax tree
    """Return the shortest text that matches, as far as it can be found without a search."""
    return "".join(_shortest(str(operation), value) for operation, value in tree)


def _shortest(name: str, value: Any) -> str:  # noqa: ANN401 - a node of the private syntax tree
    match name:
        case "LITERAL":
            return chr(value)
        case "NOT_LITERAL":
            return "a" if value != ord("a") else "b"
        case "ANY":
            return "a"
        case "IN":
            return _members(value)[0]
        case "SUBPATTERN":
            return _example(value[3])
        case "ATOMIC_GROUP":
            return _example(value)
        case "BRANCH":
            return _example(value[1][0])
    if "REPEAT" in name:
        return _example(value[2]) * int(value[0])
    return ""


def _members(items: Any) -> list[str]:  # noqa: ANN401 - a node of the private syntax tree
    found: list[str] = []
    for operation, value in items:
        match str(operation):
            case "LITERAL":
                found.append(chr(value))
            case "RANGE":
                found.append(chr(value[0]))
            case "CATEGORY":
                found.append(CATEGORY_EXAMPLES[str(value)])
            case "NEGATE":
                return [one for one in "a1 -<\t" if re.match(_set_source(items), one)][:MEMBERS] or ["a"]
    return found[:MEMBERS]


def _set_source(items: Any) -> str:  # noqa: ANN401 - a node of the private syntax tree
    """Return a set of the syntax tree as a pattern again."""
    source = ""
    for operation, value in items:
        match str(operation):
            case "NEGATE":
                source = "^"
            case "LITERAL":
                source += re.escape(chr(value))
            case "RANGE":
                source += f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
            case "CATEGORY":
                short = str(value).rpartition("_")[2][0].lower()
                source += "\\" + (short.upper() if "_NOT_" in str(value) else short)
    return f"[{source}]"
