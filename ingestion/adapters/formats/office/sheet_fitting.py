"""Fitting of a wide sheet to its paper: printed smaller, or on larger paper, so that its rows are not split.

An office program puts columns that do not fit on further pages, over which a row would have to be read. A sheet
that would become too small to read, or has page breaks set by its author, stays unchanged.
"""

import re
from dataclasses import dataclass
from posixpath import basename, dirname, join, normpath
from zipfile import ZipFile

_INCH = 25.4
_MARGIN = 0.7  # inches, for a sheet without margins
_DOT = _INCH / 96
_SETUP = re.compile(rb"<pageSetup\b[^>]*/>|<pageSetup\b[^>]*>\s*</pageSetup>")
_MARGINS = re.compile(rb"<pageMargins\b[^>]*/>")
_PROPERTIES = re.compile(rb"<sheetPr\b[^>]*?(/>|>.*?</sheetPr>)", re.DOTALL)
_PAGE_BREAKS = re.compile(rb"<colBreaks\b|\bfitToPage=\"(?:1|true)\"")
_AFTER_SETUP = re.compile(  # elements that follow the page's settings in a sheet
    rb"<(?:headerFooter|rowBreaks|customProperties|cellWatches|ignoredErrors|smartTags|drawing|legacyDrawing"
    rb"|legacyDrawingHF|drawingHF|picture|oleObjects|controls|webPublishItems|tableParts|extLst)\b|</worksheet>"
)
_DRAWING = re.compile(rb'Target="([^"]*drawings/[^"/]*\.xml)"')
_ENDS = re.compile(rb"<(?:\w+:)?to>\s*<(?:\w+:)?col>(\d{1,4})<")
_SIZED = re.compile(
    rb"<(?:\w+:)?oneCellAnchor\b.{0,80}?<(?:\w+:)?col>(\d{1,4})<.{0,400}?<(?:\w+:)?ext\s+cx=\"(\d{1,12})\"", re.DOTALL
)
_USUAL_EMU = 609_600  # of a column: measure of a picture without an end
_COLUMNS_TO = 200
_DRAWING_TO = 4 * 2**20  # bytes
_ATTRIBUTE = re.compile(rb'(?<![A-Za-z:])([A-Za-z:]++)="([^"]*+)"')
_SIDES = {1: (216, 279), 5: (216, 356), 8: (297, 420), 9: (210, 297), 66: (420, 594)}
"""Sides of paper sizes in millimetres: Letter, Legal, A3, A4, A2."""
_A4, _A3, _A2 = 9, 8, 66
_CHOICES = ((_A4, False, 0.8), (_A4, True, 0.6), (_A3, True, 0.5), (_A2, True, 0.4))
"""Paper sizes to try, in landscape or not, with the smallest scale allowed on them."""


@dataclass(frozen=True, slots=True)
class _PrintSetup:
    """Print settings of a sheet: its paper, orientation, scale and margins."""

    paper: int
    landscape: bool
    scale: float
    margins: float

    def printable_width(self, paper: int, *, landscape: bool) -> float:
        """Return the millimetres between the margins."""
        return _SIDES.get(paper, _SIDES[_A4])[int(landscape)] - self.margins


def fit_to_page(xml: bytes, widths: list[float]) -> bytes:
    """Return a sheet that prints all its columns side by side; `widths` are theirs, in characters."""
    start = xml.find(b"<sheetData")
    if (
        start < 0
        or _PAGE_BREAKS.search(xml, 0, start)
        or _PAGE_BREAKS.search(xml, max(start, xml.rfind(b"</sheetData>")))
    ):
        return xml
    wide = sum((7 * width + 5) * _DOT for width in widths if width)
    page = _print_setup(xml)
    if wide * page.scale <= page.printable_width(page.paper, landscape=page.landscape):
        return xml
    for paper, landscape, least in ((page.paper, page.landscape, _CHOICES[0][2]), *_CHOICES):
        if page.printable_width(paper, landscape=landscape) / wide >= least:
            return _with_page_setup(xml, paper, landscape=landscape)
    return xml


def _print_setup(xml: bytes) -> _PrintSetup:
    own = _attributes(_SETUP.search(xml))
    margins = _attributes(_MARGINS.search(xml))
    edges = sum(float(margins.get(side, _MARGIN)) for side in ("left", "right"))
    return _PrintSetup(
        paper=int(own.get("paperSize", _A4)),
        landscape=own.get("orientation") == "landscape",
        scale=float(own.get("scale", 100)) / 100,
        margins=edges * _INCH,
    )


def _attributes(found: re.Match[bytes] | None) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in _ATTRIBUTE.findall(found[0])} if found else {}


def _with_page_setup(xml: bytes, paper: int, *, landscape: bool) -> bytes:
    """Set a page to be as wide as all columns, with any number of pages in height."""
    orientation = "landscape" if landscape else "portrait"
    setup = f'<pageSetup paperSize="{paper}" orientation="{orientation}" fitToWidth="1" fitToHeight="0"/>'.encode()
    xml = _SETUP.sub(b"", xml)
    after = _MARGINS.search(xml)
    place = after.end() if after else _setup_position(xml)
    return _with_properties(xml[:place] + setup + xml[place:])


def _setup_position(xml: bytes) -> int:
    found = _AFTER_SETUP.search(xml, max(0, xml.rfind(b"</sheetData>")))
    return found.start() if found else len(xml)


def _with_properties(xml: bytes) -> bytes:
    """Set the property that the sheet fits its page, and keep its colour and outline."""
    fits = b'<pageSetUpPr fitToPage="1"/>'
    found = _PROPERTIES.search(xml)
    if found is None:
        start = xml.find(b">", xml.find(b"<worksheet")) + 1
        return xml[:start] + b"<sheetPr>" + fits + b"</sheetPr>" + xml[start:]
    own = re.sub(rb"<pageSetUpPr\b[^>]*/>", b"", found[0])
    whole = (
        own[:-2] + b">" + fits + b"</sheetPr>"
        if own.endswith(b"/>") and b"</" not in own
        else (own.replace(b"</sheetPr>", fits + b"</sheetPr>"))
    )
    return xml[: found.start()] + whole + xml[found.end() :]


def last_drawn_column(archive: ZipFile, sheet: str) -> int:
    """Return the last column that a sheet's charts and pictures reach, 0 without any; `sheet` is its name."""
    relations = f"{dirname(sheet)}/_rels/{basename(sheet)}.rels"
    if relations not in archive.namelist():
        return 0
    found = _DRAWING.search(archive.read(relations))
    place = normpath(join(dirname(sheet), found[1].decode())).lstrip("/") if found else ""
    if place not in archive.namelist() or archive.getinfo(place).file_size > _DRAWING_TO:
        return 0
    drawing = archive.read(place)
    ends = [int(column) + 1 for column in _ENDS.findall(drawing)]
    ends += [int(column) + 1 + int(width) // _USUAL_EMU for column, width in _SIZED.findall(drawing)]
    return min(max(ends, default=0), _COLUMNS_TO)
