"""Stored results of a workbook's formulas: programs that write workbooks often store none, or a zero for all.

Such a file means its results to be computed when it is opened. Without an office program they are unknown.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from lxml import etree

from ingestion.adapters.formats.office.package_parts import parts_of_type
from ingestion.domain.formats.entries.office import ODS, XLSX

UNCALCULATED = "#FORMULA"
"""Printed in place of a result that is unknown."""

_MAIN_PARTS = ("sheet.main", "template.main", "sheet.macroEnabled.main", "template.macroEnabled.main")
_CONTENT = "content.xml"
_BYTES_TO = 256 * 2**20
_CHUNK, _OVERLAP = 2**20, 64
_FORMULA = re.compile(rb"<(?:\w{1,20}:)?f[\s/>]")
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TRUE = frozenset({"1", "true"})
_ZERO = frozenset({"", "0", "0.0"})


@dataclass(frozen=True, slots=True)
class FormulaResults:
    """Formulas of a workbook: how many, how many without a result, and how many with one that is not zero.

    `on_load` means that the file wants all of them computed when it is opened.
    """

    formulas: int = 0
    missing: int = 0
    filled: int = 0
    on_load: bool = False

    @property
    def need_calculation(self) -> bool:
        """Return whether an office program has to compute them."""
        return self.missing > 0 or (self.on_load and self.formulas > 0)

    @property
    def zeros_are_unknown(self) -> bool:
        """Return whether zeros were stored in place of all results."""
        return self.on_load and self.filled == 0


def formula_results(content: bytes, media_type: str) -> FormulaResults:
    """Return what is known of a workbook's formulas; of no formula if it cannot be read."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            if media_type == XLSX:
                return _of_workbook(archive)
            return _of_open_document(archive) if media_type == ODS else FormulaResults()
    except (BadZipFile, KeyError, etree.LxmlError, ValueError, NotImplementedError, RuntimeError, OSError):
        return FormulaResults()


def _of_workbook(archive: ZipFile) -> FormulaResults:
    names = parts_of_type(archive, "worksheet")
    results = [result for name in names if _has_formula(archive, name) for result in _sheet_results(archive, name)]
    return FormulaResults(
        len(results),
        sum(result is None for result in results),
        sum(result is not None and result not in _ZERO for result in results),
        _calculates_on_load(archive),
    )


def _has_formula(archive: ZipFile, name: str) -> bool:
    """Return whether a sheet has a formula, which takes a small part of the time that parsing takes."""
    before = b""
    with archive.open(name) as member:
        while chunk := member.read(_CHUNK):
            if _FORMULA.search(before + chunk):
                return True
            before = chunk[-_OVERLAP:]
    return False


def _sheet_results(archive: ZipFile, name: str) -> Iterator[str | None]:
    """Yield the stored result of each formula (18.3.1.4), None for a missing one; an empty text is a result."""
    for cell in _elements(archive, name, "{*}c"):
        if cell.find("{*}f") is not None:
            value = cell.findtext("{*}v")
            yield value if value or (value is not None and cell.get("t") == "str") else None


def _of_open_document(archive: ZipFile) -> FormulaResults:
    cells = [
        cell.get(f"{_OFFICE}value-type") is not None or len(cell) > 0
        for cell in _elements(archive, _CONTENT, f"{_TABLE}table-cell")
        if cell.get(f"{_TABLE}formula")
    ]
    return FormulaResults(len(cells), cells.count(False), cells.count(True))


def _calculates_on_load(archive: ZipFile) -> bool:
    books = [name for kind in _MAIN_PARTS for name in parts_of_type(archive, kind)]
    settings = (found for name in books for found in _elements(archive, name, "{*}calcPr"))
    return any(each.get(name) in _TRUE for each in settings for name in ("fullCalcOnLoad", "forceFullCalc"))


def _elements(archive: ZipFile, name: str, tag: str) -> "Iterator[etree._Element]":
    """Yield elements while the member is parsed, and forget each after it."""
    if archive.getinfo(name).file_size > _BYTES_TO:
        return
    with archive.open(name) as member:
        for _, element in etree.iterparse(member, tag=tag, resolve_entities=False, no_network=True, load_dtd=False):
            yield element
            element.clear()
            while (before := element.getprevious()) is not None:
                element.getparent().remove(before)
