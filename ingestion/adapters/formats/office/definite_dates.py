"""Dates of a workbook printed in one definite form, wherever it is rendered.

A cell with the short date of the system (14, 22) or of another locale-dependent format prints the same day in another
order on each computer. The formats are rewritten in the workbook's style sheet; values stay as they are.
"""

from io import BytesIO
from zipfile import BadZipFile, ZipFile

from lxml import etree

from ingestion.adapters.formats.office.package_parts import parts_of_type, repack
from ingestion.domain.formats.date_formats import BUILT_IN_DATE_FORMATS, definite_date_format

_BYTES_TO = 32 * 2**20
_FIRST_CUSTOM = 164  # numbers below are built in


def with_definite_dates(content: bytes) -> bytes:
    """Return a workbook (XLSX) whose dates cannot be misread; unchanged if its styles cannot be read."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            names = [name for name in parts_of_type(archive, "styles") if archive.getinfo(name).file_size <= _BYTES_TO]
            before = {name: archive.read(name) for name in names}
            after = {name: _definite_styles(xml) for name, xml in before.items()}
            return content if after == before else repack(archive, after)
    except (BadZipFile, KeyError, etree.LxmlError, ValueError, NotImplementedError, RuntimeError, OSError):
        return content


def _definite_styles(xml: bytes) -> bytes:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(xml, parser)
    changed = [_rewrite(each) for each in root.iter("{*}numFmt")]
    replaced = _replace_built_in_formats(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") if any(changed) or replaced else xml


def _rewrite(number_format: "etree._Element") -> bool:
    code = number_format.get("formatCode", "")
    definite = definite_date_format(code)
    number_format.set("formatCode", definite)
    return definite != code


def _replace_built_in_formats(root: "etree._Element") -> bool:
    """Replace built-in dates, which cells refer to by number, by formats that are spelled out."""
    cells = [each for each in root.iter("{*}xf") if _number(each) in BUILT_IN_DATE_FORMATS]
    used = sorted({_number(each) for each in cells})
    if not used:
        return False
    known = [_number(each) for each in root.iter("{*}numFmt")]
    free = max([_FIRST_CUSTOM - 1, *known]) + 1
    new_numbers = {number: free + place for place, number in enumerate(used)}
    formats = _number_formats(root)
    for number, new in new_numbers.items():
        code = BUILT_IN_DATE_FORMATS[number]
        etree.SubElement(formats, _tag(root, "numFmt"), {"numFmtId": str(new), "formatCode": code})
    formats.set("count", str(len(formats)))
    for each in cells:
        each.set("numFmtId", str(new_numbers[_number(each)]))
    return True


def _number(element: "etree._Element") -> int:
    value = element.get("numFmtId", "")
    return int(value) if value.isdecimal() else 0


def _number_formats(root: "etree._Element") -> "etree._Element":
    """Return the element that holds the formats, which is the first one (18.8.39)."""
    found = root.find("{*}numFmts")
    if found is None:
        found = root.makeelement(_tag(root, "numFmts"))
        root.insert(0, found)
    return found


def _tag(root: "etree._Element", name: str) -> str:
    return f"{{{etree.QName(root).namespace or ''}}}{name}".removeprefix("{}")
