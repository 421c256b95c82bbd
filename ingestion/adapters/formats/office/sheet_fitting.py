"""A sheet that is wider than its paper is printed smaller, or on larger paper, so that its rows stay whole.

On paper an office program puts what does not fit on further pages, and a row has to be read over all of them. What
would become too small to read, or was parted by its author, stays as it is.
"""

import re
from dataclasses import dataclass
from posixpath import basename, dirname, join, normpath
from zipfile import ZipFile

_INCH = 25.4
_MARGIN = 0.7  # inches, where a sheet says nothing
_DOT = _INCH / 96
_SETUP = re.compile(rb"<pageSetup\b[^>]*/>|<pageSetup\b[^>]*>\s*</pageSetup>")
_MARGINS = re.compile(rb"<pageMargins\b[^>]*/>")
_PROPERTIES = re.compile(rb"<sheetPr\b[^>]*?(/>|>.*?</sheetPr>)", re.DOTALL)
_PARTED = re.compile(rb"<colBreaks\b|\bfitToPage=\"(?:1|true)\"")
_LATER = re.compile(  # what follows the page's settings in a sheet
    rb"<(?:headerFooter|rowBreaks|customProperties|cellWatches|ignoredErrors|smartTags|drawing|legacyDrawing"
    rb"|legacyDrawingHF|drawingHF|picture|oleObjects|controls|webPublishItems|tableParts|extLst)\b|</worksheet>"
)
_DRAWING = re.compile(rb'Target="([^"]*drawings/[^"/]*\.xml)"')
_ENDS = re.compile(rb"<(?:\w+:)?to>\s*<(?:\w+:)?col>(\d{1,4})<")
_SIZED = re.compile(
    rb"<(?:\w+:)?oneCellAnchor\b.{0,80}?<(?:\w+:)?col>(\d{1,4})<.{0,400}?<(?:\w+:)?ext\s+cx=\"(\d{1,12})\"",
    re.DOTALL,
)
_USUAL_EMU = 609_600  # of a column: what a picture without an end is measured by
_COLUMNS_TO = 200
_DRAWING_TO = 4 * 2**20  # bytes
_ATTRIBUTE = re.compile(rb'([A-Za-z:]+)="([^"]*)"')
_SIDES = {1: (216, 279), 5: (216, 356), 8: (297, 420), 9: (210, 297), 66: (420, 594)}
"""Sides of a sheet of paper in millimetres: Letter, Legal, A3, A4, A2."""
_A4, _A3, _A2 = 9, 8, 66
_CHOICES = ((_A4, False, 0.8), (_A4, True, 0.6), (_A3, True, 0.5), (_A2, True, 0.4))
"""Papers to try, on their side or not, and how much smaller a sheet may be printed on them."""


@dataclass(frozen=True, slots=True)
class _Page:
    """How a sheet asks to be printed: its paper, and what is left of it between the margins."""

    paper: int
    lying: bool
    scale: float
    margins: float

    def room(self, paper: int, *, lying: bool) -> float:
        """Give the millimetres between the margins."""
        return _SIDES.get(paper, _SIDES[_A4])[int(lying)] - self.margins


def fitted(xml: bytes, widths: list[float]) -> bytes:
    """Give a sheet that asks for all its columns side by side; `widths` are theirs, in characters."""
    start = xml.find(b"<sheetData")
    if start < 0 or _PARTED.search(xml, 0, start) or _PARTED.search(xml, max(start, xml.rfind(b"</sheetData>"))):
        return xml
    wide = sum((7 * width + 5) * _DOT for width in widths if width)
    page = _page_of(xml)
    if wide * page.scale <= page.room(page.paper, lying=page.lying):
        return xml
    for paper, lying, least in ((page.paper, page.lying, _CHOICES[0][2]), *_CHOICES):
        if page.room(paper, lying=lying) / wide >= least:
            return _asking(xml, paper, lying=lying)
    return xml


def _page_of(xml: bytes) -> _Page:
    own = _attributes(_SETUP.search(xml))
    margins = _attributes(_MARGINS.search(xml))
    edges = sum(float(margins.get(side, _MARGIN)) for side in ("left", "right"))
    return _Page(
        paper=int(own.get("paperSize", _A4)),
        lying=own.get("orientation") == "landscape",
        scale=float(own.get("scale", 100)) / 100,
        margins=edges * _INCH,
    )


def _attributes(found: re.Match[bytes] | None) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in _ATTRIBUTE.findall(found[0])} if found else {}


def _asking(xml: bytes, paper: int, *, lying: bool) -> bytes:
    """Write that a page is as wide as all columns, however many pages long the sheet becomes."""
    orientation = "landscape" if lying else "portrait"
    setup = f'<pageSetup paperSize="{paper}" orientation="{orientation}" fitToWidth="1" fitToHeight="0"/>'.encode()
    xml = _SETUP.sub(b"", xml)
    after = _MARGINS.search(xml)
    place = after.end() if after else _later(xml)
    return _with_properties(xml[:place] + setup + xml[place:])


def _later(xml: bytes) -> int:
    found = _LATER.search(xml, max(0, xml.rfind(b"</sheetData>")))
    return found.start() if found else len(xml)


def _with_properties(xml: bytes) -> bytes:
    """Say in the sheet's properties that its page fits; its colour and its outline stay."""
    fits = b'<pageSetUpPr fitToPage="1"/>'
    found = _PROPERTIES.search(xml)
    if found is None:
        start = xml.find(b">", xml.find(b"<worksheet")) + 1
        return xml[:start] + b"<sheetPr>" + fits + b"</sheetPr>" + xml[start:]
    own = re.sub(rb"<pageSetUpPr\b[^>]*/>", b"", found[0])
    whole = own[:-2] + b">" + fits + b"</sheetPr>" if own.endswith(b"/>") and b"</" not in own else (
        own.replace(b"</sheetPr>", fits + b"</sheetPr>")
    )  # fmt: skip
    return xml[: found.start()] + whole + xml[found.end() :]


def drawn_columns(archive: ZipFile, sheet: str) -> int:
    """Give the last column that a sheet's charts and pictures reach into, 0 without any; `sheet` is its name."""
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
