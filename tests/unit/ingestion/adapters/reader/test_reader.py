"""From bytes to pages through a real child process, in the sandbox of this machine."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from ingestion.adapters.reader.page_reader import SandboxedPageReader
from ingestion.adapters.sandbox.launcher import ROOT
from ingestion.adapters.sandbox.limits import SandboxLimits
from ingestion.adapters.sandbox.pool import SandboxPool
from ingestion.domain.errors import CorruptFile, EmptyFile, NeedsPassword, ResourceLimit
from ingestion.domain.formats.entries.pdf import PDF
from ingestion.domain.formats.entries.pictures import PNG
from ingestion.domain.page.elements import WordSource
from ingestion.domain.ports import ReadingOptions
from refinery.core.types import BoundingBox
from tests.support import page_files
from tests.support.hostile.pdf_bombs import nested_forms


def test_reader_digital_pdf_uses_its_text(reader: SandboxedPageReader, tmp_path: Path) -> None:
    source = page_files.native_pdf(tmp_path / "a.pdf", pages=2)
    first, second = reader.read(source, tmp_path, ReadingOptions(PDF))
    assert (first.reading.number, second.reading.number, first.total_pages) == (1, 2, 2)
    assert first.reading.text == "\n".join(page_files.LINES)
    assert first.reading.source is WordSource.NATIVE
    assert first.reading.confidence > 0.95
    assert first.image_type == "image/webp"
    with Image.open(first.image) as image, Image.open(first.thumbnail) as thumbnail:
        assert image.size == (first.reading.width, first.reading.height)
        assert max(image.size) == pytest.approx(1754, abs=1)
        assert thumbnail.width == 200
    assert second.image != first.image


def test_reader_scan_uses_ocr_and_ignores_hidden_text(reader: SandboxedPageReader, tmp_path: Path) -> None:
    source = page_files.scanned_pdf(tmp_path / "a.pdf", page_files.text_image(), hidden_text="a lie under the picture")
    (page,) = reader.read(source, tmp_path, ReadingOptions(PDF))
    assert page.reading.text.splitlines() == list(page_files.LINES)
    assert {word.source for word in page.reading.words} == {WordSource.RAPIDOCR}
    assert page.reading.measures is not None
    assert 0 < page.reading.confidence <= 1
    assert page.image_type == "image/jpeg"


def test_reader_tilted_image_has_boxes_on_tilted_print(reader: SandboxedPageReader, tmp_path: Path) -> None:
    size = (700, 420)
    page_files.text_image(page_files.LINES * 3, size=size, turn=3.0).save(tmp_path / "a.png")
    (page,) = reader.read(tmp_path / "a.png", tmp_path, ReadingOptions(PNG))
    assert page.reading.text.splitlines() == list(page_files.LINES * 3)
    first, last = page.reading.lines[0][0], page.reading.lines[0][-1]
    fall = (last.bbox.y0 + last.bbox.y1 - first.bbox.y0 - first.bbox.y1) / 2 * size[1]
    run = (last.bbox.x0 + last.bbox.x1 - first.bbox.x0 - first.bbox.x1) / 2 * size[0]
    assert fall / run == pytest.approx(0.0524, abs=0.015)


@pytest.mark.parametrize("quarters", [1, 2])
def test_reader_rotated_image_has_boxes_on_print(reader: SandboxedPageReader, tmp_path: Path, quarters: int) -> None:
    lying = page_files.text_image(size=(520, 520)).rotate(90 * quarters)
    lying.save(tmp_path / "a.png")
    (page,) = reader.read(tmp_path / "a.png", tmp_path, ReadingOptions(PNG))
    assert page.reading.text.splitlines() == list(page_files.LINES)
    dark = lying.convert("L").point(lambda level: 255 if level < 128 else 0)
    box = page.reading.words[0].bbox
    part = dark.crop((int(box.x0 * 520), int(box.y0 * 520), int(box.x1 * 520) + 1, int(box.y1 * 520) + 1))
    assert (part.width < part.height) == (quarters == 1)
    assert part.getbbox() is not None


@pytest.mark.parametrize("shift", [0xE000, 1])
def test_reader_garbled_text_layer_is_replaced_by_ocr(reader: SandboxedPageReader, tmp_path: Path, shift: int) -> None:
    source = page_files.pdf_with_garbled_text_layer(tmp_path / "a.pdf", shift=shift)
    (page,) = reader.read(source, tmp_path, ReadingOptions(PDF))
    assert page.reading.source is WordSource.RAPIDOCR
    assert page.reading.text.splitlines() == list(page_files.LINES)


def test_reader_region_has_boxes_on_page(reader: SandboxedPageReader, tmp_path: Path) -> None:
    page_files.text_image().save(tmp_path / "a.png")
    region = BoundingBox(0.0, 0.3, 1.0, 0.6)
    words = reader.read_region(tmp_path / "a.png", 1, region, ReadingOptions(PNG))
    assert " ".join(word.text for word in words) == page_files.LINES[1]
    assert all(word.bbox.y0 >= 0.28 and word.bbox.y1 <= 0.62 for word in words)


def test_reader_resumes_at_page_and_stops_at_limit(reader: SandboxedPageReader, tmp_path: Path) -> None:
    source = page_files.native_pdf(tmp_path / "a.pdf", pages=5)
    pages = reader.read(source, tmp_path, ReadingOptions(PDF, first_page=3, max_pages=4))
    assert [(page.reading.number, page.total_pages) for page in pages] == [(3, 5), (4, 5)]


def test_reader_skips_known_pages(reader: SandboxedPageReader, tmp_path: Path) -> None:
    source = page_files.native_pdf(tmp_path / "a.pdf", pages=5)
    pages = reader.read(source, tmp_path, ReadingOptions(PDF, first_page=2, known_pages=(3, 5)))
    assert [(page.reading.number, page.total_pages) for page in pages] == [(2, 5), (4, 5)]


def test_reader_continues_after_child_is_killed(reader: SandboxedPageReader, tmp_path: Path) -> None:
    source = page_files.native_pdf(tmp_path / "a.pdf", pages=4)
    pages = reader.read(source, tmp_path, ReadingOptions(PDF))
    numbers = [next(pages).reading.number]
    (child,) = reader.pool.busy()
    os.kill(child.pid, signal.SIGKILL)
    rest = list(pages)
    assert numbers + [page.reading.number for page in rest] == [1, 2, 3, 4]
    assert all(page.reading.error is None for page in rest)
    assert reader.pool.busy() == ()


def test_reader_abandoned_iteration_leaves_no_child(reader: SandboxedPageReader, tmp_path: Path) -> None:
    pages = reader.read(page_files.native_pdf(tmp_path / "a.pdf", pages=3), tmp_path, ReadingOptions(PDF))
    next(pages)
    (child,) = reader.pool.busy()
    pages.close()
    assert not child.alive
    assert reader.pool.busy() == ()


def test_reader_password_empty_and_corrupt_errors_are_typed(reader: SandboxedPageReader, tmp_path: Path) -> None:
    locked = page_files.encrypted_pdf(tmp_path / "a.pdf", user="secret")
    with pytest.raises(NeedsPassword):
        list(reader.read(locked, tmp_path, ReadingOptions(PDF)))
    (page,) = reader.read(locked, tmp_path, ReadingOptions(PDF, password="secret"))
    assert page.reading.text == page_files.LINES[0]
    (tmp_path / "empty").touch()
    with pytest.raises(EmptyFile):
        list(reader.read(tmp_path / "empty", tmp_path, ReadingOptions(PDF)))
    (tmp_path / "letter.pdf").write_text("Dear all, this is no PDF.")
    with pytest.raises(CorruptFile):
        list(reader.read(tmp_path / "letter.pdf", tmp_path, ReadingOptions(PDF)))


def test_reader_failed_page_is_marked_and_others_are_read(reader: SandboxedPageReader, tmp_path: Path) -> None:
    good = page_files.text_image(("good",), size=(200, 60))
    path = tmp_path / "a.tif"
    good.save(path, save_all=True, append_images=[good], compression="raw")
    content = bytearray(path.read_bytes())
    offset = int.from_bytes(content[4:8], "little")
    entries = int.from_bytes(content[offset : offset + 2], "little")
    for entry in range(entries):
        at = offset + 2 + 12 * entry
        if int.from_bytes(content[at : at + 2], "little") == 273:  # StripOffsets: point past the end
            content[at + 8 : at + 12] = (2**31 - 1).to_bytes(4, "little")
    path.write_bytes(content)
    bad, fine = reader.read(path, tmp_path, ReadingOptions("image/tiff"))
    assert (bad.reading.error, bad.reading.words, bad.reading.confidence) == ("corrupt", (), 0.0)
    assert (fine.reading.error, fine.reading.text) == (None, "good")
    assert bad.image.stat().st_size > 0


def test_reader_memory_bomb_is_resource_limit(tmp_path: Path) -> None:
    small = SandboxedPageReader(SandboxPool(SandboxLimits(memory_bytes=1100 * 2**20), prestart=False))
    bomb = page_files.png_of_zeros(tmp_path / "a.png", 11_000)
    with pytest.raises(ResourceLimit) as stopped:
        list(small.read(bomb, tmp_path, ReadingOptions(PNG)))
    assert stopped.value.retryable
    small.close()


def test_reader_cpu_limit_is_resource_limit(tmp_path: Path) -> None:
    hurried = SandboxedPageReader(
        SandboxPool(SandboxLimits(total_cpu_seconds=5), prestart=False)
    )  # its start takes one
    (tmp_path / "a.pdf").write_bytes(nested_forms())
    with pytest.raises(ResourceLimit):
        list(hurried.read(tmp_path / "a.pdf", tmp_path, ReadingOptions(PDF)))
    hurried.close()


def test_reader_without_bubblewrap_still_applies_limits(tmp_path: Path) -> None:
    plain = SandboxedPageReader(SandboxPool(kind="plain", prestart=False))
    (page,) = plain.read(page_files.native_pdf(tmp_path / "a.pdf"), tmp_path, ReadingOptions(PDF))
    assert page.reading.text == "\n".join(page_files.LINES)
    plain.close()


@pytest.mark.parametrize(
    ("engines", "source"), [(("tesseract",), WordSource.TESSERACT), (("rapidocr",), WordSource.RAPIDOCR)]
)
def test_reader_each_engine_reads_alone(
    reader: SandboxedPageReader, tmp_path: Path, engines: tuple[str, ...], source: WordSource
) -> None:
    page_files.text_image().save(tmp_path / "a.png")
    (page,) = reader.read(tmp_path / "a.png", tmp_path, ReadingOptions(PNG, engines=engines))
    assert page.reading.source is source
    assert page.reading.lines[0][0].text == "Invoice"


def test_reader_without_engine_gives_page_image_with_note(reader: SandboxedPageReader, tmp_path: Path) -> None:
    page_files.text_image().save(tmp_path / "a.png")
    (page,) = reader.read(tmp_path / "a.png", tmp_path, ReadingOptions(PNG, engines=("none",)))
    assert page.reading.error == "no_engine"
    with Image.open(page.image) as shown:
        assert shown.size == (520, 160)


def test_reader_child_imports_neither_django_nor_engine_packages() -> None:
    program = (
        "import sys, json; import ingestion.adapters.reader.child.serve; "
        "print(json.dumps([n for n in ('django', 'rapidocr', 'torch', 'requests') if n in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=True)
    assert json.loads(done.stdout) == []
