"""A row of a workbook stays on one page: scaled, in landscape, on larger paper, while it remains legible."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pymupdf
import pytest
from openpyxl.chart import LineChart, Reference
from openpyxl.worksheet.pagebreak import Break, ColBreak
from openpyxl.worksheet.worksheet import Worksheet

from ingestion.adapters.formats.office.column_widths import widen_columns
from ingestion.adapters.formats.office.converter import LibreOfficeRenderer
from ingestion.adapters.formats.office.program import office_kind
from ingestion.domain.formats.entries.office import XLSX

A3, A2 = 8, 66


def workbook_with_columns(columns: int) -> tuple[openpyxl.Workbook, Worksheet]:
    """Return a workbook with one sheet of `columns` columns."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in range(3):
        sheet.append([f"Value {row}.{column}" for column in range(columns)])
    return book, sheet


def saved_bytes(book: openpyxl.Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def page_setup_of(book: openpyxl.Workbook) -> tuple[bool, object, object]:
    """Return the page setup of the first sheet after widening: fit to page, paper size and orientation."""
    sheet = openpyxl.load_workbook(BytesIO(widen_columns(saved_bytes(book)))).worksheets[0]
    setup = sheet.page_setup
    if sheet.sheet_properties.pageSetUpPr and sheet.sheet_properties.pageSetUpPr.fitToPage:
        assert (setup.fitToWidth, setup.fitToHeight) == (1, 0)
        return True, setup.paperSize, setup.orientation
    return False, setup.paperSize, setup.orientation


@pytest.mark.parametrize(
    ("columns", "page"),
    [
        (6, (False, None, None)),
        (9, (True, 9, "portrait")),
        (16, (True, 9, "landscape")),
        (30, (True, A3, "landscape")),
        (55, (True, A2, "landscape")),
        (120, (False, None, None)),
    ],
)
def test_widen_chooses_smallest_readable_paper(columns: int, page: tuple[bool, object, object]) -> None:
    book, _ = workbook_with_columns(columns)
    assert page_setup_of(book) == page


def test_widen_respects_page_setup_of_author() -> None:
    """A small enough scale, a page that already fits, deliberate column breaks."""
    book, sheet = workbook_with_columns(16)
    sheet.page_setup.scale = 40
    assert not page_setup_of(book)[0]
    for columns, fits in ((24, False), (30, True)):
        book, sheet = workbook_with_columns(columns)
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A2
        assert page_setup_of(book) == (fits, A2, "landscape")
    book, sheet = workbook_with_columns(30)
    sheet.col_breaks = ColBreak(brk=[Break(id=8)])
    assert not page_setup_of(book)[0]


def test_widen_ignores_hidden_columns_and_keeps_other_settings() -> None:
    book, sheet = workbook_with_columns(16)
    sheet.sheet_properties.tabColor = "FF0000"
    sheet.print_title_rows = "1:1"
    again = openpyxl.load_workbook(BytesIO(widen_columns(saved_bytes(book)))).worksheets[0]
    colour = again.sheet_properties.tabColor
    assert colour is not None
    assert colour.rgb == "00FF0000"
    assert again.print_title_rows == "$1:$1"
    assert [cell.value for cell in again[3]] == [f"Value 2.{column}" for column in range(16)]
    for column in "GHIJKLMNOP":
        sheet.column_dimensions[column].hidden = True
    assert not page_setup_of(book)[0]


@pytest.mark.parametrize(("anchor", "fits"), [("B2", False), ("K2", True)])
def test_widen_includes_charts_beside_values(anchor: str, fits: bool) -> None:
    book, sheet = workbook_with_columns(4)
    chart = LineChart()
    chart.width = 8
    chart.add_data(Reference(sheet, min_col=1, max_col=4, min_row=1, max_row=3))
    sheet.add_chart(chart, anchor)
    assert page_setup_of(book)[0] is fits


def test_widen_sheet_without_page_setup_is_fitted() -> None:
    """Programs that only export write such sheets."""
    book, _ = workbook_with_columns(16)
    out = BytesIO()
    with ZipFile(BytesIO(saved_bytes(book))) as source, ZipFile(out, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                start, end = content.index(b"<sheetPr"), content.index(b"<dimension")
                content = content[:start] + content[end:]
                content = content[: content.index(b"<pageMargins")] + b"</worksheet>"
            target.writestr(name, content)
    again = openpyxl.load_workbook(BytesIO(widen_columns(out.getvalue()))).worksheets[0]
    assert again.sheet_properties.pageSetUpPr is not None
    assert again.sheet_properties.pageSetUpPr.fitToPage
    assert again.page_setup.fitToHeight == 0


@pytest.mark.skipif(office_kind() == "text", reason="LibreOffice or bubblewrap is not here")
def test_office_program_keeps_rows_on_one_page(tmp_path: Path) -> None:
    book, _ = workbook_with_columns(30)
    source = tmp_path / "wide.xlsx"
    source.write_bytes(saved_bytes(book))
    folder = tmp_path / "work"
    folder.mkdir()
    with pymupdf.open(LibreOfficeRenderer().render(source, folder, XLSX)) as document:
        assert document.page_count == 1
        text = document[0].get_text()
    assert "Value 0.0" in text
    assert "Value 0.29" in text
