"""Values of a workbook are printed as the file means them: days that cannot be misread, formulas with results."""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pymupdf
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from ingestion.adapters.formats.office.converter import LibreOfficeRenderer
from ingestion.adapters.formats.office.definite_dates import with_definite_dates
from ingestion.adapters.formats.office.formula_results import UNCALCULATED, FormulaResults, formula_results
from ingestion.adapters.formats.open_file import open_source
from ingestion.domain.formats.entries.office import ODS, XLS, XLSX
from ingestion.domain.page.notes import Note
from tests.support import office_files

FOURTH_OF_MARCH = datetime(2026, 3, 4)  # noqa: DTZ001 - a workbook's dates have no zone
IN_THE_AFTERNOON = datetime(2026, 3, 4, 15, 30)  # noqa: DTZ001 - as above
SHORT, SHORT_WITH_TIME = "mm-dd-yy", "m/d/yy h:mm"  # openpyxl's names of the built-in formats 14 and 22
LONG = r"[$-F800]dddd\,\ mmmm\ dd\,\ yyyy"
STYLES = "xl/styles.xml"
SHEET = "xl/worksheets/sheet1.xml"


def workbook(fill: Callable[[Worksheet], None]) -> bytes:
    """Build a workbook with one sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    fill(sheet)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def with_dates(*formats: str) -> bytes:
    """Build a workbook with a day in each of these formats, one below the other."""

    def fill(sheet: Worksheet) -> None:
        for row, code in enumerate(formats, 1):
            sheet.cell(row, 1, "Invoice date")
            sheet.cell(row, 2, IN_THE_AFTERNOON if "h" in code else FOURTH_OF_MARCH).number_format = code
        sheet.column_dimensions["B"].width = 30

    return workbook(fill)


def with_sum(result: str | None = None, *, kind: str = "", on_load: bool = True) -> bytes:
    """Build a workbook whose last cell is the sum of two others, with a stored result or without."""

    def fill(sheet: Worksheet) -> None:
        for row in (["Rollers", 100], ["Belts", 80], ["Total GBP", "=SUM(B1:B2)"]):
            sheet.append(row)

    content = workbook(fill)
    sheet = office_files.member(content, SHEET)
    stored = "" if result is None else f"<v>{result}</v>"
    changed = sheet.replace("<f>SUM(B1:B2)</f><v></v>", f"<f>SUM(B1:B2)</f>{stored}").replace("<v />", stored)
    assert "<f>" in changed
    if kind:
        changed = changed.replace('<c r="B3"', f'<c r="B3" t="{kind}"')
    book = office_files.member(content, "xl/workbook.xml")
    if not on_load:
        book = book.replace('fullCalcOnLoad="1"', "")
    return office_files.with_members(content, {SHEET: changed.encode(), "xl/workbook.xml": book.encode()})


def rendered_text(folder: Path, content: bytes, media_type: str) -> str:
    """Return the text of the pages that the office program renders."""
    source, place = folder / "book", folder / "rendered"
    source.write_bytes(content)
    place.mkdir()
    with pymupdf.open(LibreOfficeRenderer().render(source, place, media_type)) as document:
        return "\n".join(page.get_text() for page in document)


def text_and_notes(folder: Path, content: bytes, media_type: str) -> tuple[set[str], tuple[str, ...]]:
    """Return the words and notes of the first page without an office program."""
    (folder / "book").write_bytes(content)
    page = open_source(folder / "book", media_type).source_page(1)
    assert page.layer is not None
    return {word.text for word in page.layer.words}, page.notes


def as_east_asian_date(content: bytes) -> bytes:
    """Change the built-in short date of a workbook into one that only some languages have."""
    styles = office_files.member(content, STYLES)
    assert 'numFmtId="14"' in styles
    return office_files.with_members(content, {STYLES: styles.replace('numFmtId="14"', 'numFmtId="31"').encode()})


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (SHORT, "yyyy-mm-dd"),
        (SHORT_WITH_TIME, "yyyy-mm-dd hh:mm"),
        (LONG, "yyyy-mm-dd"),
        ("DD/MM/YYYY", "yyyy-mm-dd"),
        ("DD.MM.YYYY", "DD.MM.YYYY"),
    ],
)
def test_definite_dates_replace_formats_and_keep_values(code: str, expected: str) -> None:
    cell = openpyxl.load_workbook(BytesIO(with_definite_dates(with_dates(code)))).worksheets[0]["B1"]
    assert cell.number_format == expected
    assert cell.value == (IN_THE_AFTERNOON if "h" in code else FOURTH_OF_MARCH)


def test_definite_dates_without_styles_leave_workbook_unchanged() -> None:
    content = with_dates("0.00")
    assert with_definite_dates(content) == content
    broken = office_files.with_members(content, {STYLES: b"<styleSheet><numFmts>"})
    assert with_definite_dates(broken) == broken
    assert with_definite_dates(b"PK\x03\x04 no archive") == b"PK\x03\x04 no archive"


@office_files.needs_office
@pytest.mark.parametrize(
    ("media_type", "suffix", "long"),
    [(XLSX, "", "2026-03-04"), (XLS, "xls", "2026-03-04"), (ODS, "ods", "Wednesday, March 4, 2026")],
)
def test_office_program_prints_days_in_one_order(tmp_path: Path, media_type: str, suffix: str, long: str) -> None:
    content = with_dates(SHORT, SHORT_WITH_TIME, LONG, "dd/mm/yyyy", "m/d/yyyy")
    content = office_files.converted_by_office(content, XLSX, suffix, tmp_path) if suffix else content
    lines = [line for line in rendered_text(tmp_path, content, media_type).splitlines() if line != "Invoice date"]
    assert lines == ["2026-03-04", "2026-03-04 15:30", long, "2026-03-04", "2026-03-04"]


@office_files.needs_office
def test_office_program_prints_east_asian_date_as_date(tmp_path: Path) -> None:
    assert "2026-03-04" in rendered_text(tmp_path, as_east_asian_date(with_dates(SHORT)), XLSX)


def test_workbook_text_prints_days_in_one_order(tmp_path: Path) -> None:
    words, notes = text_and_notes(tmp_path, with_dates(SHORT, LONG, "m/d/yyyy"), XLSX)
    assert words == {"Sheet", "Invoice", "date", "2026-03-04"}
    assert notes == (Note.PLAIN_LAYOUT.value,)
    words, _ = text_and_notes(tmp_path, as_east_asian_date(with_dates(SHORT)), XLSX)
    assert "2026-03-04" in words


@pytest.mark.parametrize(
    ("shown", "stored", "printed"),
    [
        ("03/04/26", "2026-03-04", {"2026-03-04"}),
        ("3-4-2026 15:30", "2026-03-04T15:30:00", {"2026-03-04", "15:30"}),
        ("04.03.2026", "2026-03-04", {"04.03.2026"}),
        ("4 March 2026", "2026-03-04", {"4", "March", "2026"}),
        ("2026/03/04", "2026-03-04", {"2026/03/04"}),
        ("03/2026", "2026-03-01", {"03/2026"}),
        ("", "2026-03-04", {"2026-03-04"}),
    ],
)
def test_open_document_text_prints_definite_day(tmp_path: Path, shown: str, stored: str, printed: set[str]) -> None:
    row = open_document_row(f"office:value-type='date' office:date-value='{stored}'", shown)
    words, _ = text_and_notes(tmp_path, office_files.make_ods(rows=row), ODS)
    assert words == {"Prices", *printed}


@pytest.mark.parametrize(
    ("result", "kind", "on_load", "expected"),
    [
        (None, "", False, FormulaResults(1, 1, 0)),
        ("", "", True, FormulaResults(1, 1, 0, on_load=True)),
        ("0", "", True, FormulaResults(1, 0, 0, on_load=True)),
        ("180", "", False, FormulaResults(1, 0, 1)),
        ("", "str", False, FormulaResults(1, 0, 0)),
    ],
)
def test_formula_results_are_counted(result: str | None, kind: str, on_load: bool, expected: FormulaResults) -> None:
    assert formula_results(with_sum(result, kind=kind, on_load=on_load), XLSX) == expected


def test_formula_results_of_values_and_damaged_files_are_none() -> None:
    assert formula_results(with_dates(SHORT), XLSX) == FormulaResults(on_load=True)
    assert not formula_results(with_dates(SHORT), XLSX).need_calculation
    assert formula_results(b"PK\x03\x04", XLSX) == FormulaResults()
    assert formula_results(b"", XLS) == FormulaResults()


@office_files.needs_office
@pytest.mark.parametrize("result", [None, "", "0"])
@pytest.mark.parametrize("suffix", ["", "ods"])
def test_office_program_calculates_missing_results(tmp_path: Path, result: str | None, suffix: str) -> None:
    content = with_sum(result)
    content = office_files.converted_by_office(content, XLSX, suffix, tmp_path) if suffix else content
    assert "180" in rendered_text(tmp_path, content, ODS if suffix else XLSX).split()


@office_files.needs_office
def test_office_program_keeps_stored_results(tmp_path: Path) -> None:
    """Another program has computed them, maybe with functions that this one lacks."""
    assert "175" in rendered_text(tmp_path, with_sum("175", on_load=False), XLSX).split()


@office_files.needs_office
def test_office_program_calculates_open_document_without_results(tmp_path: Path) -> None:
    assert "180" in rendered_text(tmp_path, open_document_with_sum(), ODS).split()


def open_document_with_sum() -> bytes:
    """Build a spreadsheet whose last cell is a sum without a result."""
    numbers = (open_document_row(f"office:value-type='float' office:value='{one}'", str(one)) for one in (100, 80))
    total = "<table:table-row><table:table-cell table:formula='of:=SUM([.A1:.A2])'/></table:table-row>"
    return office_files.make_ods(rows=f"{''.join(numbers)}{total}")


def open_document_row(attributes: str, shown: str) -> str:
    """Return a row of one cell."""
    cell = f"<table:table-cell {attributes}><text:p>{shown}</text:p></table:table-cell>"
    return f"<table:table-row>{cell}</table:table-row>"


@pytest.mark.parametrize("result", [None, "", "0"])
def test_workbook_text_marks_and_reports_missing_results(tmp_path: Path, result: str | None) -> None:
    words, notes = text_and_notes(tmp_path, with_sum(result), XLSX)
    assert words == {"Sheet", "Rollers", "100", "Belts", "80", "Total", "GBP", UNCALCULATED}
    assert notes == (Note.PLAIN_LAYOUT.value, Note.UNCALCULATED.value)


def test_workbook_text_marks_zero_days(tmp_path: Path) -> None:
    """Some programs store a zero for each formula, which is midnight if the cell holds a day."""

    def fill(sheet: Worksheet) -> None:
        sheet["A1"], sheet["A2"] = FOURTH_OF_MARCH, "=A1+30"
        sheet["A1"].number_format = sheet["A2"].number_format = SHORT

    content = workbook(fill)
    stored = office_files.member(content, SHEET).replace("<v></v>", "<v>0</v>").replace("<v />", "<v>0</v>")
    assert "<v>0</v>" in stored
    words, _ = text_and_notes(tmp_path, office_files.with_members(content, {SHEET: stored.encode()}), XLSX)
    assert words == {"Sheet", "2026-03-04", UNCALCULATED}


@pytest.mark.parametrize(("result", "printed"), [("180", {"180"}), ("0", {"0"})])
def test_workbook_text_prints_stored_results(tmp_path: Path, result: str, printed: set[str]) -> None:
    words, notes = text_and_notes(tmp_path, with_sum(result, on_load=False), XLSX)
    assert words == {"Sheet", "Rollers", "100", "Belts", "80", "Total", "GBP", *printed}
    assert notes == (Note.PLAIN_LAYOUT.value,)


def test_open_document_text_marks_and_reports_missing_results(tmp_path: Path) -> None:
    words, notes = text_and_notes(tmp_path, open_document_with_sum(), ODS)
    assert words == {"Prices", "100", "80", UNCALCULATED}
    assert notes == (Note.PLAIN_LAYOUT.value, Note.UNCALCULATED.value)
