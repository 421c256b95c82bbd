"""OpenDocument from its XML (ODF 1.3 part 3): headings, paragraphs, lists, tables, pictures, one after the other."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from html import escape
from itertools import chain, islice
from typing import IO
from zipfile import BadZipFile, ZipFile

from lxml import etree

from ingestion.adapters.formats.office.formula_results import UNCALCULATED
from ingestion.adapters.formats.office.opendocument_cells import cell_text
from ingestion.adapters.formats.text.decoding import printable
from ingestion.adapters.formats.text.embedded_pictures import picture_html
from ingestion.adapters.formats.text.printable import NEW_PAGE, HtmlDocument
from ingestion.adapters.formats.text.spreadsheet_tables import Sheet, tables
from ingestion.domain.errors import CorruptFile, EmptyFile
from ingestion.domain.page.notes import Note

_CONTENT = "content.xml"
_BYTES_TO = 128 * 2**20
_REPEATED_TO = 1000
_COLUMNS_TO = 500
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_ADDRESS = "{http://www.w3.org/1999/xlink}href"

PictureFinder = Callable[["etree._Element"], Iterator[str]]  # noqa: SLF001 - lxml names its type in no other way


def open_document(file: IO[bytes]) -> HtmlDocument:
    """Lay out a text, a workbook or slides; raises CorruptFile, EmptyFile, TooLarge."""
    body, pictures = _body(file), _picture_finder(file)
    if body.tag == f"{_OFFICE}spreadsheet":
        return _workbook(body, pictures)
    shown = body.tag == f"{_OFFICE}presentation"
    return HtmlDocument(_parts(body, pictures), wide=shown, size=13.0 if shown else 10.0)


def _workbook(body: etree._Element, pictures: PictureFinder) -> HtmlDocument:
    sheets = [
        Sheet(_rows(table), table.get(f"{_TABLE}name", ""), headed=False) for table in body.iter(f"{_TABLE}table")
    ]
    filled = [sheet for sheet in sheets if sheet.rows]
    shown = [picture for picture in pictures(body) if picture]
    if not filled and not shown:
        raise EmptyFile("There is no text in this file.")
    document = tables(filled) if filled else HtmlDocument(())
    unknown = any(UNCALCULATED in row for sheet in filled for row in sheet.rows)
    notes = (Note.UNCALCULATED.value,) if unknown else ()
    return replace(document, parts=chain(document.parts, shown), notes=notes)


def _body(file: IO[bytes]) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        with ZipFile(file) as archive, archive.open(_CONTENT) as content:
            root = etree.fromstring(content.read(_BYTES_TO), parser)
        return root[[child.tag for child in root].index(f"{_OFFICE}body")][0]
    except (BadZipFile, KeyError, etree.LxmlError, ValueError, IndexError, NotImplementedError) as broken:
        raise CorruptFile("This document is damaged.") from broken


def _picture_finder(file: IO[bytes]) -> PictureFinder:
    """Return a function that yields the pictures within an element, as HTML; linked ones are left out."""
    archive = ZipFile(file)
    members = set(archive.namelist())

    def find(element: etree._Element) -> Iterator[str]:
        for image in element.iter(f"{_DRAW}image"):
            name = image.get(_ADDRESS, "").removeprefix("./")
            if name in members:
                yield picture_html(archive.read(name))

    return find


def _parts(place: etree._Element, pictures: PictureFinder) -> Iterator[str]:
    for element in place:
        if element.tag == f"{_TEXT}h":
            level = min(6, max(1, int(element.get(f"{_TEXT}outline-level", "1"))))
            yield f"<h{level}>{_words(element)}</h{level}>"
            yield from pictures(element)
        elif element.tag == f"{_TEXT}p":
            yield f"<p>{_words(element)}</p>"
            yield from pictures(element)
        elif element.tag == f"{_TEXT}list":
            yield _list(element, pictures)
        elif element.tag == f"{_TABLE}table":
            yield _table(element)
            yield from pictures(element)
        elif element.tag == f"{_DRAW}page":
            yield NEW_PAGE
            yield from _parts(element, pictures)
        elif element.tag == f"{_DRAW}image":
            yield from pictures(element)
        elif not isinstance(element.tag, str) or element.tag.endswith(("sequence-decls", "tracked-changes", "notes")):
            continue
        else:
            yield from _parts(element, pictures)


def _list(element: etree._Element, pictures: PictureFinder) -> str:
    items = ("".join(_parts(item, pictures)) for item in element if item.tag == f"{_TEXT}list-item")
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"


def _table(element: etree._Element) -> str:
    rows = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in _rows(element))
    return f'<table class="ruled">{"".join(f"<tr>{row}</tr>" for row in rows)}</table>'


def _rows(table: etree._Element) -> list[list[str]]:
    rows: list[list[str]] = []
    for row in table.iter(f"{_TABLE}table-row"):
        if next(row.iterancestors(f"{_TABLE}table")) is not table:
            continue  # of a table within a cell, whose text the cell includes
        cells: list[str] = []
        for cell in row:
            if cell.tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
                text = "\n".join(_plain(part) for part in cell.iter(f"{_TEXT}p", f"{_TEXT}h"))
                cells += [cell_text(cell, text)] * _repeat_count(cell, "number-columns-repeated")
        while cells and not cells[-1]:
            cells.pop()
        rows += [cells[:_COLUMNS_TO]] * (_repeat_count(row, "number-rows-repeated") if cells else 1)
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _repeat_count(element: etree._Element, name: str) -> int:
    value = element.get(f"{_TABLE}{name}", "1")
    return min(int(value), _REPEATED_TO) if value.isdecimal() else 1


def _words(element: etree._Element) -> str:
    return escape(_plain(element)).replace("\n", "<br>") or "&nbsp;"


def _plain(element: etree._Element) -> str:
    """Return an element's text; blanks, tabs and line ends are separate elements."""
    found: list[str] = []
    for step in islice(element.iter(), 100_000):
        if step.tag == f"{_TEXT}s":
            found.append(" " * _blanks(step))
        elif step.tag == f"{_TEXT}tab":
            found.append("\t")
        elif step.tag == f"{_TEXT}line-break":
            found.append("\n")
        elif isinstance(step.tag, str):
            found.append(step.text or "")
        if step is not element:
            found.append(step.tail or "")
    return printable("".join(found))


def _blanks(step: etree._Element) -> int:
    value = step.get(f"{_TEXT}c", "1")
    return min(int(value), 100) if value.isdecimal() else 1
