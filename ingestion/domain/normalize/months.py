"""Month names and their abbreviations in many languages, folded: those of Unicode CLDR, and usual others."""

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from babel import Locale

from ingestion.domain.normalize.letters import fold
from ingestion.domain.normalize.locale_data import visit_languages

_NAMES = tuple(
    (
        "january jan januar jaenner janner jenner janvier janv januari enero ene gennaio gen|"
        "february feb febr februar feber fevrier fev fevr februari pebruari febrero febbraio|"
        "march mar maerz marz mrz mars mac maret maart mrt marzo|april apr avril avr abril abr aprile|"
        "may mai mei mayo maggio mag|june jun juni juin junio giugno giu|"
        "july jul juli juillet juil julai julio luglio lug|august aug aout aou ogos ogo agustus augustus agosto ago|"
        "september sep sept septembre septiembre settembre set|october oct oktober okt octobre octubre ottobre ott|"
        "november nov novembre noviembre|"
        "december dec dezember dez decembre dis disember desember diciembre dic dicembre"
    ).split("|")
)
_FREQUENT: Mapping[str, int] = MappingProxyType(
    {name: number for number, names in enumerate(_NAMES, start=1) for name in names.split()}
)
_LANGUAGES = tuple(
    (
        "en de fr es it pt nl sv da nb fi is et lv lt pl cs sk sl hr sr sr_Latn bs mk sq bg ro hu el tr az uk ru be kk "
        "ka hy he ar ar_SY ar_DZ ar_MA fa ur hi bn mr gu pa ta te kn ml si ne th vi id ms fil ca eu gl ga cy mt af sw "
        "am mn km lo my uz"
    ).split()
)
_OF = re.compile(r"^(?:de |\u05d1)|(?: de| del| do| be| พศ)$")  # "of", "in", and the mark of an era


@cache
def _all_names() -> Mapping[str, tuple[int, ...]]:
    """Return the months that each name means: names shared by neighbouring languages may mean two (listopad)."""
    found: dict[str, set[int]] = {}
    for language in visit_languages(_LANGUAGES):
        months = Locale.parse(language).months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in months[context].get(width, {}).items():
                    found.setdefault(_key(name), set()).add(number)
    return {name: tuple(sorted(numbers, reverse=True)) for name, numbers in found.items() if not name.isdigit()}


def _key(name: str) -> str:
    return fold(name).replace("'", "").replace(".", "").strip()


def months_of(word: str) -> tuple[int, ...]:
    """Return the number of the month that `word` names, with or without a point; two if languages differ, or none."""
    key = _key(word)
    if key in _FREQUENT:
        return (_FREQUENT[key],)
    if not key or key.isdigit():
        return ()
    bare = _OF.sub("", key)
    if bare in _FREQUENT:
        return (_FREQUENT[bare],)
    return _all_names().get(key) or _all_names().get(bare) or ()
