"""Born-digital pages keep their text layer in every script; right-to-left lines come in logical order."""

from pathlib import Path

import pytest

from ingestion.adapters.reader.page_reader import SandboxedPageReader
from ingestion.domain.formats.entries.pdf import PDF
from ingestion.domain.page.elements import WordSource
from ingestion.domain.ports import ReadingOptions, ReadPage
from tests.support import page_files

HEBREW = (
    "רחוב הזית 16, חיפה",
    "חשבונית מס 2014",
    "תאריך: 16/05/2026",
    "לחם שיפון 25 יחידות 12.40",
    'סה"כ לתשלום 310.00',
)
ARABIC = ("فاتورة رقم 2014", "تاريخ 16/05/2026", "خبز قمح 25 كيس")
WITHOUT_CHARACTERS = ("مخبز الواحة", "التاريخ 16/05/2026", "فاتورة رقم 2014")
PERSIAN = ("نانوایی واحه", "شماره \u06f2\u06f0\u06f1\u06f4", "جمع \u06f3\u06f1\u06f0\u066b\u06f0\u06f0")
URDU = ("رسید نمبر 77", "تاریخ 16/05/2026", "رقم 310.00")
GREEK = ("Τιμολόγιο 2014", "Ημερομηνία 16/05/2026", "Σύνολο 310,00")
RUSSIAN = ("Счёт 2014", "Дата 16.05.2026", "Итого 310,00")
GEORGIAN = ("ინვოისი 2014", "ჯამი 310,00")


def read(reader: SandboxedPageReader, tmp_path: Path, lines: tuple[str, ...], *, rtl: bool) -> ReadPage:
    body = "".join(f"<p>{line}</p>" for line in lines)
    path = page_files.pdf_of_html(tmp_path / "a.pdf", f'<div dir="{"rtl" if rtl else "ltr"}">{body}</div>')
    (page,) = reader.read(path, tmp_path, ReadingOptions(PDF))
    return page


@pytest.mark.parametrize("lines", [GREEK, RUSSIAN, GEORGIAN])
def test_reader_keeps_text_layer_in_script_that_no_engine_reads(
    reader: SandboxedPageReader, tmp_path: Path, lines: tuple[str, ...]
) -> None:
    page = read(reader, tmp_path, lines, rtl=False)
    assert page.reading.source is WordSource.NATIVE
    assert page.reading.text.splitlines() == list(lines)
    assert page.reading.confidence > 0.95


@pytest.mark.parametrize("lines", [HEBREW, ARABIC, PERSIAN, URDU])
def test_reader_orders_right_to_left_lines(reader: SandboxedPageReader, tmp_path: Path, lines: tuple[str, ...]) -> None:
    page = read(reader, tmp_path, lines, rtl=True)
    assert page.reading.source is WordSource.NATIVE
    assert page.reading.text.splitlines() == list(lines)
    for line in page.reading.lines:
        starts = [word.bbox.x0 for word in line]
        assert starts == sorted(starts, reverse=True)


def test_reader_keeps_layer_with_ligatures_without_characters(reader: SandboxedPageReader, tmp_path: Path) -> None:
    page = read(reader, tmp_path, WITHOUT_CHARACTERS, rtl=True)
    assert page.reading.source is WordSource.NATIVE
    assert page.reading.text.splitlines()[2] == WITHOUT_CHARACTERS[2]


def test_reader_orders_latin_words_in_right_to_left_lines(reader: SandboxedPageReader, tmp_path: Path) -> None:
    lines = ("לכבוד Harbour Paper Ltd תודה", "תאריך: 16/05/2026")
    page = read(reader, tmp_path, lines, rtl=True)
    assert page.reading.text.splitlines() == list(lines)


def test_reader_limits_confidence_of_uncertain_order(reader: SandboxedPageReader, tmp_path: Path) -> None:
    page = read(reader, tmp_path, ("דגם iPhone 15 תודה", "חשבונית מס 2014"), rtl=True)
    unsure, sure = page.reading.lines
    assert max(word.confidence for word in unsure) < 0.9
    assert min(word.confidence for word in sure) > 0.98


@pytest.mark.parametrize("first", [0x391, 0x410, 0x5D0])
def test_reader_replaces_layer_in_script_that_is_not_printed(
    reader: SandboxedPageReader, tmp_path: Path, first: int
) -> None:
    letters = [chr(code) for code in range(0x41, 0x5B)] + [chr(code) for code in range(0x61, 0x7B)]
    wrong = {letter: chr(first + (7 * place) % 17) for place, letter in enumerate(letters)}
    lines = ("Harbour Paper Limited", "Delivered Goods", "Payable Before December")
    path = page_files.pdf_with_font_map(tmp_path / "a.pdf", lines, wrong)
    (page,) = reader.read(path, tmp_path, ReadingOptions(PDF))
    assert page.reading.source is WordSource.RAPIDOCR
    assert page.reading.text.splitlines() == list(lines)
