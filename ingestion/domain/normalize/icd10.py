"""Forms of ICD-10 codes: of WHO, of ICD-10-CM (up to seven characters with letters), of ICD-10-GM with its additions.

ICD-10-GM adds to a code of digits the certainty (G, V, Z or A) and the side (L, R or B), and like WHO the marks of
aetiology, manifestation and other double codes. They are no part of the code.
"""

import re
from dataclasses import dataclass

_MARK = r"(?:\s?[*!+#†‡]|\.?-(?![A-Za-z0-9]))?"
_ADDITIONS = r"(?:[GVZA][LRB]?|[LRB][GVZA]?)"
_WITH_ADDITION = re.compile(rf"([A-Z]\d\d(?:\.\d{{1,2}})?)({_ADDITIONS})")
_OWN_ADDITION = re.compile(r"[^AB]+")  # codes of ICD-10-CM end in A or B, too
_MARK_BESIDE = re.compile(r"\s?[*!+#†‡]|\s(?:[GV][LRB]?|[LRB]?[GV])(?=$|[\s,;)])")


def _printed(third: str) -> re.Pattern[str]:
    code = rf"(?:[A-Z]\d{third}|QA0)(?:\.[0-9A-Z]{{1,6}})?|[A-Z]\d\d{_ADDITIONS}"
    return re.compile(rf"(?<![A-Za-z0-9.\-/])(?P<code>{code}){_MARK}(?![A-Za-z0-9\-/]|\.\d)")


_PRINTED, _TYPED = _printed("[0-9AB]"), _printed("[0-9A-Z]")


@dataclass(frozen=True, slots=True)
class PrintedCode:
    """Code at `text[start:stop]`, without marks and additions."""

    start: int
    stop: int
    code: str

    @property
    def is_dotted(self) -> bool:
        """Return whether the code has a dot, which words of ordinary text do not have."""
        return "." in self.code


def find_icd10_codes(text: str, *, additions: bool | None = None) -> tuple[PrintedCode, ...]:
    """Return the codes in capitals within a text, without their marks and additions.

    A and B after a code, and letters after one without a dot, are additions only in a document with others, which
    `additions` says; by default the text itself decides.
    """
    return _find(_PRINTED, text, has_additions(text) if additions is None else additions)


def codes_in(text: str) -> tuple[str, ...]:
    """Return the codes within a text that was typed or sent as a list of codes; misread ones are kept."""
    capitals = text.upper()
    return tuple(found.code for found in _find(_TYPED, capitals, has_additions(capitals)))


def has_additions(text: str) -> bool:
    """Return whether a code of the text has a mark or an addition that ICD-10-CM does not know."""
    return any(map(_is_qualified, _PRINTED.finditer(text)))


def _find(pattern: re.Pattern[str], text: str, additions: bool) -> tuple[PrintedCode, ...]:
    return tuple(code for hit in pattern.finditer(text) if (code := _printed_code(hit, additions)))


def _is_qualified(hit: re.Match[str]) -> bool:
    added = _WITH_ADDITION.fullmatch(hit["code"])
    own = added and "." in added[1] and _OWN_ADDITION.fullmatch(added[2])
    return bool(own or _MARK_BESIDE.match(hit.string, hit.end("code")))


def _printed_code(hit: re.Match[str], additions: bool) -> PrintedCode | None:
    start, stop = hit.span("code")
    added = _WITH_ADDITION.fullmatch(hit["code"])
    if added and additions:
        stop = start + len(added[1])
    elif added and "." not in added[1]:
        return None
    return PrintedCode(start, stop, hit.string[start:stop])
