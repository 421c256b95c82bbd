"""The separator sheet drawn by the web process is recognised in a scan and splits the file."""

from pathlib import Path
from random import Random

import numpy as np
import pymupdf
import pytest

from ingestion.adapters.formats.open_file import open_source
from ingestion.adapters.vision.barcodes import find_codes
from ingestion.domain.formats.entries.pdf import PDF
from ingestion.domain.splitting.detection import separator_key
from ingestion.domain.splitting.separator_sheet import separator_sheet_pdf
from samples.scan.degradation import draw_degradation
from samples.scan.files import clean_pages
from samples.scan.optics import degrade

LINES = ("Separator sheet", "Place it between two documents before scanning.", "A new document begins behind it.")
PRINTING = "".join(map(chr, range(32, 127)))


def test_separator_sheet_is_one_page_with_code_twice(tmp_path: Path) -> None:
    place = tmp_path / "sheet.pdf"
    place.write_bytes(separator_sheet_pdf("REFINERY-SEPARATOR", LINES))
    with pymupdf.open(place) as document:
        assert document.page_count == 1
        assert "Place it between two documents" in document[0].get_text()
    found = find_codes(open_source(place, PDF).source_page(1).image)
    assert [(code.kind, code.text) for code in found] == [("code_128", "REFINERY-SEPARATOR")] * 2


@pytest.mark.parametrize("seed", range(4))
def test_separator_sheet_is_read_from_scan_in_any_orientation(seed: int) -> None:
    rng = Random(seed)  # noqa: S311 - a fixed stream
    drawn = draw_degradation(rng, "invoice", "office")
    (clean,) = clean_pages(separator_sheet_pdf("REFINERY-SEPARATOR", LINES), drawn.dpi)
    scanned, _ = degrade(clean, drawn, rng)
    scanned = scanned if scanned.ndim == 3 else np.repeat(scanned[..., None], 3, axis=2)
    for turned in (scanned, scanned[::-1, ::-1], scanned.swapaxes(0, 1)[::-1]):
        assert "REFINERY-SEPARATOR" in {code.text for code in find_codes(turned.copy())}


@pytest.mark.parametrize("text", [PRINTING[:32], PRINTING[32:64], PRINTING[64:], "A" * 60])
def test_separator_sheet_encodes_every_allowed_character(text: str, tmp_path: Path) -> None:
    place = tmp_path / "sheet.pdf"
    place.write_bytes(separator_sheet_pdf(text, LINES))
    found = {separator_key(code.text) for code in find_codes(open_source(place, PDF).source_page(1).image)}
    assert separator_key(text) in found
