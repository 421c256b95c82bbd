"""Editions of ICD-10: which one a document uses, and codes that only other editions than ICD-10-CM have."""

import re
from enum import StrEnum

from ingestion.domain.normalize.icd10 import has_additions
from ingestion.domain.schemas.fields import FieldKind
from quality.domain.facts import FactSet
from quality.domain.reference import CodeTable, plain_code

_NAMES_CM = re.compile(r"ICD[ -]?10[ -]?CM", re.IGNORECASE)
_NAMES_OTHER = re.compile(r"ICD[ -]?10[ -]?(?:GM|WHO|AM|CA|BMASGPK|BMSGPK|SE|FM)|CIM[ -]?10|MKN[ -]?10", re.IGNORECASE)
_CM_FORM = re.compile(r"[A-Z]\d[0-9A-Z](?:\d{3}|\d{0,2}[A-Z])[0-9A-Z]*")
_OTHER_FORM = re.compile(r"([A-Z]\d\d)\d{0,2}")
_CHAPTER_U = re.compile(r"U\d\d")  # for provisional and national codes
_CATEGORIES_BEYOND_CM = """
A16 A97 B21-B24 B98 C97 D90 E12 E14 E90 F00 F38 F61 F62 F83 F92 G22 G41 H03 H06 H13 H19 H45 H48 H58 I64 I98 J46 K07
K10 K93 M03 M09 M68 M73 M82 O05 O06 O81 O83 O84 O95-O97 P20 P21 P75 R02 R72 R95 R96 R98 S18 T00-T06 T08-T13 T29 T35
T90-T98 W02 W41 W43 W66 W68 W70 W75-W81 W83 W84 W87 W91 X09 X20-X29 X33 X40-X49 X51 X53 X54 X57 X59-X70 X84-X91 Y05
Y06 Y10-Y20 Y34 Y40-Y61 Y85-Y89 Y91 Y96-Y98 Z10 Z24-Z27 Z35 Z50 Z54 Z61
"""  # ICD-10 of WHO, 2019, without those of ICD-10-CM; D90 is of ICD-10-GM


class CodeEdition(StrEnum):
    """Edition that a document's diagnosis codes belong to."""

    CM = "cm"
    OTHER = "other"
    UNKNOWN = "unknown"


def _categories() -> frozenset[str]:
    found: set[str] = set()
    for entry in _CATEGORIES_BEYOND_CM.split():
        first, _, last = entry.partition("-")
        found |= {f"{first[0]}{number:02}" for number in range(int(first[1:]), int((last or first)[1:]) + 1)}
    return frozenset(found)


_CATEGORIES = _categories()


def edition_used(facts: FactSet) -> CodeEdition:
    """Return the edition that a document names, or whose marks, code forms or physician's number it prints."""
    lines = [" ".join(word.text for word in line) for page in facts.pages_read for line in page.lines]
    if any(_NAMES_CM.search(line) for line in lines):
        return CodeEdition.CM
    if any(_NAMES_OTHER.search(line) or has_additions(line) for line in lines):
        return CodeEdition.OTHER
    codes = [part for found in facts.of_kind(FieldKind.CODE_LIST) for part in found.normalized.split(",")]
    if facts.get("npi") or any(_CM_FORM.fullmatch(plain_code(code)) for code in codes):
        return CodeEdition.CM
    return CodeEdition.UNKNOWN


def may_be_of_another_edition(code: str, table: CodeTable) -> bool:
    """Return whether a code has the form of WHO's or the German edition, in a category that exists."""
    form = _OTHER_FORM.fullmatch(plain_code(code))
    if form is None:
        return False
    category = form[1]
    return category in _CATEGORIES or bool(_CHAPTER_U.fullmatch(category)) or table.lookup(category) is not None
