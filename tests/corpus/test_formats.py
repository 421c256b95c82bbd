"""Real files of every kind become pages that contain their words. REFINERY_CORPUS names their folder."""

import os
import re
from pathlib import Path

import pytest

from ingestion.adapters.formats.office.converter import LibreOfficeRenderer
from ingestion.adapters.formats.office.program import office_kind
from ingestion.adapters.reader.page_reader import SandboxedPageReader
from ingestion.domain.formats.intake import IntakeLimits, admit_file
from ingestion.domain.formats.registry import ARCHIVES
from ingestion.domain.ports import ReadingOptions
from workers.renditions import RenderingReader

CORPUS = Path(os.environ.get("REFINERY_CORPUS", "/nonexistent")) / "formats"
FILES = sorted(CORPUS.glob("*")) if CORPUS.is_dir() else []
# Words that must be found, one or more per file; a missing file has no text.
WORDS = {
    "2206.01062.tif": "DocLayNet",
    "bookmark_sample.pdf": "",
    "csv-comma.csv": "Baxter Rasmussen Slovakia",
    "csv-inconsistent-header.csv": "a b c",
    "csv-single-column.csv": "Healthcare Hospitality/Travel",
    "csv-too-few-columns.csv": "a b c",
    "docx_list_resumed_numbering.docx": "Third ordered item",
    "duck.md": "Swimming Blueberry, Strawberry, Cranberry",
    "equations.docx": "inline equation",
    "escaped_characters.md": "Ampersand Less-than",
    "html_heading_in_p.html": "",
    "html_nested_block_in_list_item.html": "",
    "lorem_ipsum.docx": "Lorem ipsum consectetur",
    "msg_simple.msg": "",
    "powerpoint_sample.pptx": "Test Table Slide",
    "powerpoint_unrecognized_shape.pptx": "",
    "qr_bill_example.jpg": "Rutschmann Rorschach 949.75",
    "table_03.html": "Header First item",
    "text_document_03.odt": "Simple cell",
    "unit_test_headers.docx": "Section Paragraph 2.1.1",
    "webp-test.webp": "",
    "xlsx_01.xlsx": "first second third",
    "xlsx_03_chartsheet.xlsx": "Freshwater Saltwater Ducks",
    "xlsx_08_one_cell_anchor.xlsx": "Header1 data4",
    "xlsx_comments.xlsx": "Freshwater",
    "DA-1p.heic": "",
    "DA-1p.png": "",
    "README.rst": "10-K filing",
    "a1977-backus-p21.pdf": "",
    "bmp_24.bmp": "",
    "chi_sim_image.jpeg": "",
    "embedded-link.pdf": "",
    "email-replace-mime-encodings-error-4.eml": "Intellectual Protect startup",
    "eng_spa_mult.doc": "human beings fraternalmente",
    "eng_spa_mult.epub": "brotherhood fraternalmente",
    "eng_spa_mult.md": "brotherhood fraternalmente",
    "eng_spa_mult.xml": "brotherhood fraternalmente",
    "fake-doc-emphasized-text.doc": "",
    "fake-doc.rtf": "Heading Cell",
    "fake-email.msg": "Roses Violets",
    "fake-email.txt": "Roses Violets",
    "fake-html-cp1252.html": "schöne köstlich délicieux",
    "fake-incomplete-json.txt": "johndoe@example.com",
    "fake-power-point-many-pages.pptx": "Page 1 2",
    "fake-text-utf-16-le.txt": "Doylestown, Hamburgers",
    "fake.doc": "Lorem ipsum",
    "fake.odt": "Lorem Sarah Ryan",
    "family-day.eml": "petting zoo, RSVP!",
    "hebrew-text-base64-iso88598i.txt": "",
    "layout-parser-paper-fast.jpg": "",
    "layout-parser-paper-fast.pdf": "",
    "layout-parser-paper-with-table.jpg": "",
    "mime-multipart-digest.eml": "",
    "rfc822-no-date.eml": "",
    "science-exploration-1p.pptx": "Heliophysics",
    "table-multi-row-column-cells.png": "",
    "umlauts-utf8.md": "",
}


def read(path: Path, reader: RenderingReader, folder: Path) -> list[str]:
    """Return the words of a file, read as usual."""
    content = path.read_bytes()
    admitted = admit_file(
        head=content[:4096],
        tail=content[-65536:],
        filename=path.name,
        declared_type="",
        size=len(content),
        sha256="",
        limits=IntakeLimits(),
    )
    assert admitted.media_type not in ARCHIVES
    pages = list(reader.read(path, folder, ReadingOptions(admitted.media_type, mode="fast")))
    assert pages
    assert all(page.reading.error is None for page in pages)
    assert all(page.image.stat().st_size for page in pages)
    return [word.text for page in pages for word in page.reading.words]


@pytest.mark.corpus
@pytest.mark.skipif(not FILES, reason="REFINERY_CORPUS names no folder")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name.partition("__")[2])
def test_corpus_file_becomes_pages_with_its_words(reader: SandboxedPageReader, tmp_path: Path, path: Path) -> None:
    if office_kind() == "text" and path.suffix == ".doc":
        pytest.skip("LibreOffice is not here")
    found = read(path, RenderingReader(reader, LibreOfficeRenderer()), tmp_path)
    text = " ".join(found)
    for word in re.findall(r"\S+", WORDS.get(path.name.partition("__")[2], "")):
        assert word in text
