"""Codes on pages: every kind, rotated, small, in scans and digital files, and no false detections."""

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pymupdf
import pytest
import zxingcpp
from PIL import Image

from ingestion.adapters.reader.page_reader import SandboxedPageReader
from ingestion.adapters.vision.barcodes import find_codes
from ingestion.domain.formats.entries.pdf import PDF
from ingestion.domain.page.barcodes import Barcode
from ingestion.domain.ports import ReadingOptions
from tests.support import page_files

Picture = npt.NDArray[np.uint8]
F = zxingcpp.BarcodeFormat
KINDS = [
    (F.QRCode, "qr_code", "REFINERY-SEPARATOR"),
    (F.MicroQRCode, "micro_qr_code", "R-7"),
    (F.DataMatrix, "data_matrix", "REFINERY-SEPARATOR"),
    (F.Aztec, "aztec", "REFINERY-SEPARATOR"),
    (F.PDF417, "pdf417", "REFINERY-SEPARATOR"),
    (F.MaxiCode, "maxi_code", "REFINERY"),
    (F.Code128, "code_128", "PATCHT"),
    (F.Code39, "code_39", "PATCHT"),
    (F.Code93, "code_93", "PATCHT"),
    (F.Codabar, "codabar", "A123456B"),
    (F.ITF, "itf", "12345678"),
    (F.EAN13, "ean_13", "4006381333931"),
    (F.EAN8, "ean_8", "96385074"),
]


def code(kind: zxingcpp.BarcodeFormat, text: str | bytes, *, scale: int = 4) -> Picture:
    """Draw a code in RGB."""
    drawn = np.array(zxingcpp.create_barcode(text, kind).to_image(scale=scale))
    return np.dstack([drawn] * 3).astype(np.uint8)


def sheet(drawn: Picture, at: tuple[int, int] = (300, 400)) -> Picture:
    """Place a code on white A4 at 150 dpi."""
    paper = np.full((1754, 1240, 3), 255, np.uint8)
    top, left = at
    paper[top : top + drawn.shape[0], left : left + drawn.shape[1]] = drawn
    return paper


@pytest.mark.parametrize(
    ("number", "encoding", "payee"),
    [
        ("1", "utf-8", "Łódź Žižkov €"),
        ("2", "iso8859-1", "Bäckerei Müller"),
        ("3", "iso8859-2", "Žižkovská pekárna"),
        ("4", "iso8859-4", "Šķēršļi"),
        ("5", "iso8859-5", "Завод Света"),
        ("6", "iso8859-7", "Ελληνικά Είδη"),
        ("7", "iso8859-10", "Þórður"),
        ("8", "iso8859-15", "Müller € GmbH"),
    ],
)
def test_epc_code_is_decoded_by_the_character_set_that_it_names(number: str, encoding: str, payee: str) -> None:
    text = f"BCD\n002\n{number}\nSCT\n\n{payee}\nDE89370400440532013000\nEUR120.50\n\n\n4711"
    (found,) = find_codes(sheet(code(F.QRCode, text.encode(encoding))))
    assert found.text == text


def test_swiss_code_is_decoded_as_utf8() -> None:
    text = "SPC\n0200\n1\nCH5800791123000889012\nS\nBéatrice Łuczak\nRue du Lac\n1268"
    (found,) = find_codes(sheet(code(F.QRCode, text.encode())))
    assert found.text == text


def test_epc_code_in_another_set_than_it_names_keeps_the_text_of_the_reader() -> None:
    text = "BCD\n002\n1\nSCT\n\nBäckerei Müller\nDE89370400440532013000\nEUR120.50"
    (found,) = find_codes(sheet(code(F.QRCode, text.encode("iso8859-1"))))
    assert found.text == text


@pytest.mark.parametrize("crisp", [True, False])
@pytest.mark.parametrize(("kind", "name", "text"), KINDS)
def test_codes_on_reads_each_kind_with_its_box(kind: zxingcpp.BarcodeFormat, name: str, text: str, crisp: bool) -> None:
    drawn = code(kind, text)
    (found,) = find_codes(sheet(drawn), crisp=crisp)
    assert (found.kind, found.text) == (name, text)
    assert found.bbox.x0 == pytest.approx(400 / 1240, abs=0.05)
    assert found.bbox.y1 <= (300 + drawn.shape[0]) / 1754 + 0.02


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_codes_on_rotated_page_is_read(turns: int) -> None:
    turned = np.ascontiguousarray(np.rot90(sheet(code(F.Code128, "PATCHT")), turns))
    assert [found.text for found in find_codes(turned)] == ["PATCHT"]


def test_codes_on_oversized_image_is_read() -> None:
    large = cv2.resize(sheet(code(F.QRCode, "BIG", scale=8)), (4960, 7016), interpolation=cv2.INTER_NEAREST)
    (found,) = find_codes(np.asarray(large, np.uint8))
    assert found.text == "BIG"
    assert found.bbox.x0 == pytest.approx(400 / 1240, abs=0.05)


def test_codes_on_orders_codes_top_to_bottom() -> None:
    paper = sheet(code(F.QRCode, "LOW"), (1200, 100))
    upper = code(F.DataMatrix, "HIGH")
    paper[100 : 100 + upper.shape[0], 800 : 800 + upper.shape[1]] = upper
    assert [found.text for found in find_codes(paper)] == ["HIGH", "LOW"]


def test_codes_on_print_and_noise_finds_none() -> None:
    printed = page_files.text_image(page_files.LINES * 6, size=(1240, 1754))
    assert find_codes(np.asarray(printed)) == ()
    noise = np.random.default_rng(7).integers(0, 255, (1200, 900, 3), dtype=np.uint8)
    assert find_codes(noise) == ()


def test_codes_on_escapes_control_characters() -> None:
    (found,) = find_codes(sheet(code(F.QRCode, "one\r\ntwo\x1d\u202ethree")))
    assert found.text == "one\ntwo\\x1d\\u202ethree"


def test_reader_returns_codes_with_page(reader: SandboxedPageReader, tmp_path: Path) -> None:
    """On a digital page the words come from the text layer and the code from its image."""
    source, picture = page_files.native_pdf(tmp_path / "plain.pdf", pages=2), tmp_path / "code.png"
    Image.fromarray(code(F.QRCode, "SPC\n0200")).save(picture)
    with pymupdf.open(source) as document:
        document[1].insert_image(pymupdf.Rect(300, 500, 400, 600), filename=picture)
        document.save(tmp_path / "coded.pdf")
    plain, coded = reader.read(tmp_path / "coded.pdf", tmp_path, ReadingOptions(PDF))
    assert plain.reading.codes == ()
    (found,) = coded.reading.codes
    assert isinstance(found, Barcode)
    assert (found.kind, found.text) == ("qr_code", "SPC\n0200")
    assert coded.reading.text == plain.reading.text
