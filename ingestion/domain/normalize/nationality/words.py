"""Meaning of a printed nationality: names of states by Babel, demonyms by their beginnings, codes of ICAO Doc 9303-3.

States are named by ISO 3166 codes of two letters, because old and special codes of three letters share them (D and DEU,
GBR and GBO).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import accumulate

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.languages import get_official_languages

from ingestion.domain.normalize.letters import fold
from ingestion.domain.normalize.locale_data import visit_languages
from ingestion.domain.normalize.nationality.demonyms import DEMONYMS, LONGEST_DEMONYM

_LANGUAGES = ("en", "fr", "de", "es", "it", "pt", "nl")  # of passports' pages everywhere
_SPECIAL_CODES = dict.fromkeys(("GBD", "GBN", "GBO", "GBP", "GBS"), "GB") | {"D": "DE", "RKS": "XK", "XXA": "XXA"}
_CODE = re.compile(r"[A-Z]{3}|[A-Z]<*")
_MAX_LENGTH = 200  # characters of a printed nationality, so that the comparison of any text is bounded
_ALTERNATIVES = re.compile(r"[/|,;()\n]")
_WORD = re.compile(r"[^\W\d_]+")
_CONNECTING = frozenset({"and", "et", "und", "y", "e", "en", "i"})


def means_nationality(printed: str, code: str) -> bool | None:
    """Return whether a printed nationality means the state of a zone's code; None if one of them is not known."""
    if _plain_code(printed) == _plain_code(code):
        return True
    state = _state_of_code(code)
    meant = nationalities_of(printed, state)
    return state in meant if state and meant else None


def nationalities_of(printed: str, likely: str | None = None) -> frozenset[str]:
    """Return the states that a printed nationality means; empty if no word of it is known.

    The official languages of the state `likely` are known in addition to those of passports everywhere.
    """
    found: frozenset[str] = frozenset()
    for alternative in _ALTERNATIVES.split(printed[:_MAX_LENGTH]):
        state = _state_of_code(alternative)
        found = found.union({state} if state else (), *_states_in(_words(alternative), likely))
    return found


def _plain_code(text: str) -> str:
    return text.strip().strip("<").upper()


def _state_of_code(text: str) -> str | None:
    """Return the state of a code in capitals; None if it is no code or one without a state."""
    if not _CODE.fullmatch(text.strip()):
        return None
    code = _plain_code(text)
    aliases = get_global("territory_aliases").get(code) if len(code) > 1 else None
    return _SPECIAL_CODES.get(code) or (aliases[0] if aliases else None)


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(fold(text)) if word not in _CONNECTING]


def _states_in(words: Sequence[str], likely: str | None) -> Iterator[frozenset[str]]:
    """Yield the states of each name and demonym in a text, the longest first where several begin."""
    at = 0
    while at < len(words):
        ends = list(accumulate(map(len, words[at:])))
        best = max(_matches("".join(words[at:]), ends, likely), key=lambda each: each[:2], default=None)
        if best:
            yield best[2]
        at += 1 + sum(end < best[0] for end in ends) if best else 1


def _matches(text: str, ends: Iterable[int], likely: str | None) -> Iterator[tuple[int, bool, frozenset[str]]]:
    """Yield the demonyms that `text` begins with and the names of states that it begins with as whole words.

    Each comes with its length and whether it is a name.
    """
    for length in range(1, min(len(text), LONGEST_DEMONYM) + 1):
        if text[:length] in DEMONYMS:
            yield length, False, DEMONYMS[text[:length]]
    for end in ends:
        states = _state_names().get(text[:end], frozenset())
        if likely and text[:end] in _official_names(likely):
            states |= {likely}
        if states:
            yield end, True, states | DEMONYMS.get(text[:end], frozenset())


@cache
def _state_names() -> dict[str, frozenset[str]]:
    """Return the names of all states in the languages of passports: ten milliseconds, once in a process."""
    names: dict[str, frozenset[str]] = {}
    for language in visit_languages(_LANGUAGES):
        for code, name in Locale(language).territories.items():
            if code.isalpha():
                key = "".join(_words(name))
                names[key] = names.get(key, frozenset()) | {code}
    return names


@cache
def _official_names(state: str) -> frozenset[str]:
    """Return the names of one state in its official languages."""
    names = (_name(state, language) for language in get_official_languages(state))
    return frozenset("".join(_words(name)) for name in names if name)


def _name(state: str, language: str) -> str | None:
    try:
        return Locale.parse(language).territories.get(state)
    except UnknownLocaleError:
        return None
