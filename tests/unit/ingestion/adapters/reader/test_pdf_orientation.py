"""Digital pages that are sideways or upside down: their text layer is used, in reading order."""

from pathlib import Path

import pymupdf
import pytest

from ingestion.adapters.reader.page_reader import SandboxedPageReader
from ingestion.domain.formats.entries.pdf import PDF
from ingestion.domain.page.elements import BlockKind, PageReading, WordSource
from ingestion.domain.page.rotation import rotate_box
from ingestion.domain.ports import ReadingOptions
from tests.support import page_files

_CHECK_BOX = 2  # pymupdf.PDF_WIDGET_TYPE_CHECKBOX


def read(reader: SandboxedPageReader, path: Path, folder: Path) -> PageReading:
    (page,) = reader.read(path, folder, ReadingOptions(PDF))
    return page.reading


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_rotated_pdf_text_is_in_reading_order_with_shown_boxes(
    reader: SandboxedPageReader, tmp_path: Path, quarters: int
) -> None:
    stood = read(reader, page_files.native_pdf(tmp_path / "stands.pdf"), tmp_path)
    lay = read(reader, page_files.native_pdf(tmp_path / "lies.pdf", rotation=90 * quarters), tmp_path)
    assert lay.source is WordSource.NATIVE
    assert lay.text == stood.text
    for before, after in zip(stood.words, lay.words, strict=True):
        assert after.bbox.as_list() == pytest.approx(rotate_box(before.bbox, quarters).as_list(), abs=1e-6)


def test_rotated_pdf_form_reports_ticked_boxes(reader: SandboxedPageReader, tmp_path: Path) -> None:
    document = pymupdf.open()
    page = document.new_page()
    for row, ticked in enumerate((True, False)):
        page.insert_text((90, 110 + 30 * row), f"Choice number {row}", fontsize=11)
        box = pymupdf.Widget()
        box.field_type, box.field_name = _CHECK_BOX, f"box{row}"
        box.rect, box.field_value = pymupdf.Rect(70, 100 + 30 * row, 82, 112 + 30 * row), ticked
        page.add_widget(box)
    page.add_text_annot((400, 100), "a remark, shown by a small picture")
    document.save(tmp_path / "form.pdf")
    form = read(reader, tmp_path / "form.pdf", tmp_path)
    assert "3" not in [word.text for word in form.words]
    boxes = [block for block in form.blocks if block.kind is BlockKind.CHECK_BOX]
    assert [box.checked for box in boxes] == [True, False]
