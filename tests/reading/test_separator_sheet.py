"""The sheet that the web process draws, as a scanner's feeder gives it back: its code is read, and parts."""

from pathlib import Path
from random import Random

import numpy as np
import pymupdf
import pytest

from ingestion.adapters.formats.open_file import open_source
from ingestion.adapters.vision.barcodes import codes_on
from ingestion.domain.formats.intake import PDF
from ingestion.domain.splitting.detection import separator_key
from ingestion.domain.splitting.separator_sheet import separator_sheet
from samples.scan.degradation import draw_degradation
from samples.scan.files import clean_pages
from samples.scan.optics import degrade

LINES = (
    "Separator sheet",
    "Lay it between two documents before you scan them.",
    "A new document begins behind it.",
)
PRINTING = "".join(map(chr, range(32, 127)))


def test_a_printed_sheet_is_one_page_with_its_code_twice(tmp_path: Path) -> None:
    place = tmp_path / "sheet.pdf"
    place.write_bytes(separator_sheet("REFINERY-SEPARATOR", LINES))
    with pymupdf.open(place) as document:
        assert document.page_count == 1
        assert "Lay it between two documents" in document[0].get_text()
    found = codes_on(open_source(place, PDF).sheet(1).image)
    assert [(code.kind, code.text) for code in found] == [("code_128", "REFINERY-SEPARATOR")] * 2


@pytest.mark.parametrize("seed", range(4))
def test_it_is_read_from_an_office_scan_whichever_way_it_lay(seed: int) -> None:
    rng = Random(seed)  # noqa: S311 - a fixed stream
    drawn = draw_degradation(rng, "invoice", "office")
    (clean,) = clean_pages(separator_sheet("REFINERY-SEPARATOR", LINES), drawn.dpi)
    scanned, _ = degrade(clean, drawn, rng)
    scanned = scanned if scanned.ndim == 3 else np.repeat(scanned[..., None], 3, axis=2)
    for turned in (scanned, scanned[::-1, ::-1], scanned.swapaxes(0, 1)[::-1]):
        assert "REFINERY-SEPARATOR" in {code.text for code in codes_on(turned.copy())}


@pytest.mark.parametrize("text", [PRINTING[:32], PRINTING[32:64], PRINTING[64:], "A" * 60])
def test_every_character_that_a_tenant_may_choose_is_read(text: str, tmp_path: Path) -> None:
    place = tmp_path / "sheet.pdf"
    place.write_bytes(separator_sheet(text, LINES))
    found = {separator_key(code.text) for code in codes_on(open_source(place, PDF).sheet(1).image)}
    assert separator_key(text) in found
