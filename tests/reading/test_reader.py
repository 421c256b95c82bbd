"""From bytes to pages through a real child process, under the sandbox that this machine has."""

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
from ingestion.adapters.sandbox.limits import ChildLimits
from ingestion.adapters.sandbox.pool import Nursery
from ingestion.domain.errors import CorruptFile, EmptyFile, NeedsPassword, ResourceLimit
from ingestion.domain.formats.images import PNG
from ingestion.domain.formats.intake import PDF
from ingestion.domain.page.elements import WordSource
from ingestion.domain.ports import ReadingOptions
from refinery.core.types import BoundingBox
from tests.hostile.pdf_bombs import laughs
from tests.reading import papers


def test_a_born_digital_pdf_is_read_from_its_text(reader: SandboxedPageReader, tmp_path: Path) -> None:
    source = papers.native_pdf(tmp_path / "a.pdf", pages=2)
    first, second = reader.read(source, tmp_path, ReadingOptions(PDF))
    assert (first.reading.number, second.reading.number, first.total_pages) == (1, 2, 2)
    assert first.reading.text == "\n".join(papers.LINES)
    assert first.reading.source is WordSource.NATIVE
    assert first.reading.confidence > 0.95
    assert first.image_type == "image/webp"
    with Image.open(first.image) as image, Image.open(first.thumbnail) as thumbnail:
        assert image.size == (first.reading.width, first.reading.height)
        assert max(image.size) == pytest.approx(1754, abs=1)
        assert thumbnail.width == 200
    assert second.image != first.image


def test_a_scan_is_read_by_ocr_and_its_hidden_text_is_not_believed(
    reader: SandboxedPageReader, tmp_path: Path
) -> None:
    source = papers.scanned_pdf(tmp_path / "a.pdf", papers.picture(), hidden_text="a lie under the picture")
    (page,) = reader.read(source, tmp_path, ReadingOptions(PDF))
    assert page.reading.text.splitlines() == list(papers.LINES)
    assert {word.source for word in page.reading.words} == {WordSource.RAPIDOCR}
    assert page.reading.measures is not None
    assert 0 < page.reading.confidence <= 1
    assert page.image_type == "image/jpeg"


def test_a_tilted_picture_is_straightened_and_its_boxes_lie_on_the_tilted_print(
    reader: SandboxedPageReader, tmp_path: Path
) -> None:
    size = (700, 420)
    papers.picture(papers.LINES * 3, size=size, turn=3.0).save(tmp_path / "a.png")
    (page,) = reader.read(tmp_path / "a.png", tmp_path, ReadingOptions(PNG))
    assert page.reading.text.splitlines() == list(papers.LINES * 3)
    first, last = page.reading.lines[0][0], page.reading.lines[0][-1]
    fall = (last.bbox.y0 + last.bbox.y1 - first.bbox.y0 - first.bbox.y1) / 2 * size[1]
    run = (last.bbox.x0 + last.bbox.x1 - first.bbox.x0 - first.bbox.x1) / 2 * size[0]
    assert fall / run == pytest.approx(0.0524, abs=0.015)


@pytest.mark.parametrize("quarters", [1, 2])
def test_a_page_on_its_side_or_head_is_read_and_its_boxes_lie_where_the_print_is(
    reader: SandboxedPageReader, tmp_path: Path, quarters: int
) -> None:
    lying = papers.picture(size=(520, 520)).rotate(90 * quarters)
    lying.save(tmp_path / "a.png")
    (page,) = reader.read(tmp_path / "a.png", tmp_path, ReadingOptions(PNG))
    assert page.reading.text.splitlines() == list(papers.LINES)
    dark = lying.convert("L").point(lambda level: 255 if level < 128 else 0)
    box = page.reading.words[0].bbox
    part = dark.crop((int(box.x0 * 520), int(box.y0 * 520), int(box.x1 * 520) + 1, int(box.y1 * 520) + 1))
    assert (part.width < part.height) == (quarters == 1)
    assert part.getbbox() is not None


@pytest.mark.parametrize("shift", [0xE000, 1])
def test_a_text_layer_that_does_not_say_what_is_printed_is_read_again(
    reader: SandboxedPageReader, tmp_path: Path, shift: int
) -> None:
    source = papers.garbled_pdf(tmp_path / "a.pdf", shift=shift)
    (page,) = reader.read(source, tmp_path, ReadingOptions(PDF))
    assert page.reading.source is WordSource.RAPIDOCR
    assert page.reading.text.splitlines() == list(papers.LINES)


def test_a_region_is_read_again_with_boxes_on_its_page(reader: SandboxedPageReader, tmp_path: Path) -> None:
    papers.picture().save(tmp_path / "a.png")
    region = BoundingBox(0.0, 0.3, 1.0, 0.6)
    words = reader.reread_region(tmp_path / "a.png", 1, region, ReadingOptions(PNG))
    assert " ".join(word.text for word in words) == papers.LINES[1]
    assert all(word.bbox.y0 >= 0.28 and word.bbox.y1 <= 0.62 for word in words)


def test_reading_resumes_at_a_page_and_stops_at_a_limit(reader: SandboxedPageReader, tmp_path: Path) -> None:
    source = papers.native_pdf(tmp_path / "a.pdf", pages=5)
    pages = reader.read(source, tmp_path, ReadingOptions(PDF, first_page=3, max_pages=4))
    assert [(page.reading.number, page.total_pages) for page in pages] == [(3, 5), (4, 5)]


def test_pages_that_are_known_are_left_out(reader: SandboxedPageReader, tmp_path: Path) -> None:
    source = papers.native_pdf(tmp_path / "a.pdf", pages=5)
    pages = reader.read(source, tmp_path, ReadingOptions(PDF, first_page=2, known=(3, 5)))
    assert [(page.reading.number, page.total_pages) for page in pages] == [(2, 5), (4, 5)]


def test_a_document_outlives_the_death_of_its_child(reader: SandboxedPageReader, tmp_path: Path) -> None:
    source = papers.native_pdf(tmp_path / "a.pdf", pages=4)
    pages = reader.read(source, tmp_path, ReadingOptions(PDF))
    numbers = [next(pages).reading.number]
    (child,) = reader.nursery.busy()
    os.kill(child.pid, signal.SIGKILL)
    rest = list(pages)
    assert numbers + [page.reading.number for page in rest] == [1, 2, 3, 4]
    assert all(page.reading.error is None for page in rest)
    assert reader.nursery.busy() == ()


def test_a_reading_given_up_half_way_leaves_no_child(reader: SandboxedPageReader, tmp_path: Path) -> None:
    pages = reader.read(papers.native_pdf(tmp_path / "a.pdf", pages=3), tmp_path, ReadingOptions(PDF))
    next(pages)
    (child,) = reader.nursery.busy()
    pages.close()
    assert not child.alive
    assert reader.nursery.busy() == ()


def test_passwords_empty_and_broken_files_have_their_errors(reader: SandboxedPageReader, tmp_path: Path) -> None:
    locked = papers.encrypted_pdf(tmp_path / "a.pdf", user="secret")
    with pytest.raises(NeedsPassword):
        list(reader.read(locked, tmp_path, ReadingOptions(PDF)))
    (page,) = reader.read(locked, tmp_path, ReadingOptions(PDF, password="secret"))
    assert page.reading.text == papers.LINES[0]
    (tmp_path / "empty").touch()
    with pytest.raises(EmptyFile):
        list(reader.read(tmp_path / "empty", tmp_path, ReadingOptions(PDF)))
    (tmp_path / "letter.pdf").write_text("Dear all, this is no PDF.")
    with pytest.raises(CorruptFile):
        list(reader.read(tmp_path / "letter.pdf", tmp_path, ReadingOptions(PDF)))


def test_a_page_that_fails_is_shown_as_failed_and_the_others_are_read(
    reader: SandboxedPageReader, tmp_path: Path
) -> None:
    good = papers.picture(("good",), size=(200, 60))
    path = tmp_path / "a.tif"
    good.save(path, save_all=True, append_images=[good], compression="raw")
    content = bytearray(path.read_bytes())
    offset = int.from_bytes(content[4:8], "little")
    entries = int.from_bytes(content[offset : offset + 2], "little")
    for entry in range(entries):
        at = offset + 2 + 12 * entry
        if int.from_bytes(content[at : at + 2], "little") == 273:  # StripOffsets: point behind the end
            content[at + 8 : at + 12] = (2**31 - 1).to_bytes(4, "little")
    path.write_bytes(content)
    bad, fine = reader.read(path, tmp_path, ReadingOptions("image/tiff"))
    assert (bad.reading.error, bad.reading.words, bad.reading.confidence) == ("corrupt", (), 0.0)
    assert (fine.reading.error, fine.reading.text) == (None, "good")
    assert bad.image.stat().st_size > 0


def test_a_memory_bomb_ends_at_its_limit(tmp_path: Path) -> None:
    small = SandboxedPageReader(Nursery(ChildLimits(memory=1100 * 2**20), spare=False))
    bomb = papers.png_of_zeros(tmp_path / "a.png", 11_000)
    with pytest.raises(ResourceLimit) as stopped:
        list(small.read(bomb, tmp_path, ReadingOptions(PNG)))
    assert stopped.value.retryable
    small.close()


def test_a_child_out_of_processor_time_is_a_resource_limit(tmp_path: Path) -> None:
    hurried = SandboxedPageReader(Nursery(ChildLimits(life_cpu_seconds=5), spare=False))  # its birth takes one
    (tmp_path / "a.pdf").write_bytes(laughs())
    with pytest.raises(ResourceLimit):
        list(hurried.read(tmp_path / "a.pdf", tmp_path, ReadingOptions(PDF)))
    hurried.close()


def test_without_bubblewrap_the_child_is_limited_all_the_same(tmp_path: Path) -> None:
    plain = SandboxedPageReader(Nursery(kind="plain", spare=False))
    (page,) = plain.read(papers.native_pdf(tmp_path / "a.pdf"), tmp_path, ReadingOptions(PDF))
    assert page.reading.text == "\n".join(papers.LINES)
    plain.close()


@pytest.mark.parametrize(
    ("engines", "source"),
    [(("tesseract",), WordSource.TESSERACT), (("rapidocr",), WordSource.RAPIDOCR)],
)
def test_either_engine_reads_alone(
    reader: SandboxedPageReader, tmp_path: Path, engines: tuple[str, ...], source: WordSource
) -> None:
    papers.picture().save(tmp_path / "a.png")
    (page,) = reader.read(tmp_path / "a.png", tmp_path, ReadingOptions(PNG, engines=engines))
    assert page.reading.source is source
    assert page.reading.lines[0][0].text == "Invoice"


def test_without_any_engine_the_page_says_so_and_can_be_looked_at(
    reader: SandboxedPageReader, tmp_path: Path
) -> None:
    papers.picture().save(tmp_path / "a.png")
    (page,) = reader.read(tmp_path / "a.png", tmp_path, ReadingOptions(PNG, engines=("none",)))
    assert page.reading.error == "no_engine"
    with Image.open(page.image) as shown:
        assert shown.size == (520, 160)


def test_the_child_loads_neither_django_nor_the_engines_packages() -> None:
    program = (
        "import sys, json; import ingestion.adapters.reader.child.serve; "
        "print(json.dumps([n for n in ('django', 'rapidocr', 'torch', 'requests') if n in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=True)
    assert json.loads(done.stdout) == []
