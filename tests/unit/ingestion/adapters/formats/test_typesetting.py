"""Typesetting details: symbol characters, numbers in columns, bullets of symbol fonts."""

from pathlib import Path

import pymupdf
import pytest

from ingestion.adapters.formats.open_file import open_source
from ingestion.adapters.formats.page_source import PageSource
from ingestion.adapters.formats.text.rtl_html import with_directions
from ingestion.domain.formats.entries.mails import EML
from ingestion.domain.formats.entries.texts import HTML, MARKDOWN, TXT
from ingestion.domain.layout.analysis import analyze_layout
from ingestion.domain.page.elements import BlockKind, Word, WordSource
from ingestion.domain.page.symbols import map_symbol_characters


def words(folder: Path, media_type: str, content: str) -> list[str]:
    path = folder / "text"
    path.write_text(content, encoding="utf-8")
    source: PageSource = open_source(path, media_type)
    layer = source.source_page(1).layer
    return [word.text for word in layer.words] if layer else []


def test_html_entities_are_resolved_once(tmp_path: Path) -> None:
    assert words(tmp_path, MARKDOWN, "`&amp; &lt; &#39;` means &amp; &lt; &#39;") == [
        "&amp;",
        "&lt;",
        "&#39;",
        "means",
        "&",
        "<",
        "'",
    ]
    assert words(tmp_path, HTML, "<p>AT&amp;T, R&amp;D &amp;quot;</p>") == ["AT&T,", "R&D", "&quot;"]


def test_table_cell_numbers_in_paragraphs_stay_whole(tmp_path: Path) -> None:
    rows = "".join(f"<tr><td><p>{n}</p></td><td><p>{n * 1001}</p></td></tr>" for n in (9, 10, 11))
    assert words(tmp_path, HTML, f"<table>{rows}</table>") == ["9", "9009", "10", "10010", "11", "11011"]


@pytest.mark.parametrize(("given", "shown"), [("\uf0b7", "•"), ("\uf0fe", "☑"), ("\uf0e9x", "\uf0e9x"), ("a", "a")])
def test_symbol_font_characters_become_printed_signs(given: str, shown: str) -> None:
    assert map_symbol_characters(given) == shown


def test_pdf_symbol_font_bullets_are_bullets(tmp_path: Path) -> None:
    """The font maps the letter x to the bullet of a symbol font."""
    code_map = b"1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfchar <78> <f0b7> endbfchar"
    with pymupdf.open() as document:
        sheet = document.new_page()
        sheet.insert_text((72, 72), "x First point")
        mapping = document.get_new_xref()
        document.update_object(mapping, "<<>>")
        document.update_stream(mapping, code_map)
        document.xref_set_key(sheet.get_fonts()[0][0], "ToUnicode", f"{mapping} 0 R")
        document.save(tmp_path / "a.pdf")
    layer = open_source(tmp_path / "a.pdf", "application/pdf").source_page(1).layer
    assert layer is not None
    assert [word.text for word in layer.words] == ["•", "First", "point"]


def test_mail_header_is_one_table(tmp_path: Path) -> None:
    """The longest label does not touch its value."""
    head = "From: Ida Berg <ida@example.com>\nTo: office@example.com\nDate: Tue, 05 Mar 2024 10:00:00 +0100"
    (tmp_path / "mail").write_text(f"{head}\nSubject: Papers for March\n\nHello,\nhere they are.\n")
    sheet = open_source(tmp_path / "mail", EML).source_page(1)
    assert sheet.layer is not None
    found = [Word(word.text, word.bbox, 1.0, WordSource.NATIVE, 0) for word in sheet.layer.words]
    (table,) = (block.table for block in analyze_layout(found, aspect=1.414).blocks if block.kind is BlockKind.TABLE)
    assert table is not None
    assert (table.rows, table.columns) == (4, 2)


@pytest.mark.parametrize("media_type", [TXT, MARKDOWN])
def test_right_to_left_text_ends_at_the_left(tmp_path: Path, media_type: str) -> None:
    """The full stop is the last word, and embedded Latin text keeps its direction."""
    (tmp_path / "text").write_text("שלום עולם, זהו מכתב קצר.", encoding="utf-8")
    sheet = open_source(tmp_path / "text", media_type).source_page(1)
    assert sheet.layer is not None
    found = [Word(word.text, word.bbox, 1.0, WordSource.NATIVE, 0) for word in sheet.layer.words]
    assert "".join(word.text for word in analyze_layout(found, aspect=1.414).words) == "שלוםעולם,זהומכתבקצר."


def test_directed_sets_direction_of_each_block() -> None:
    both = with_directions("<div><p>&nbsp;12 שלום</p><p>Hello שלום</p><p dir='ltr'>שלום</p><p>12</p></div>")
    wanted = '<div dir="rtl"><p dir="rtl">&nbsp;12 שלום</p><p dir="ltr">Hello שלום</p><p dir=\'ltr\'>שלום</p>'
    assert both == f"{wanted}<p>12</p></div>"
    assert with_directions("<p>Hello</p>") == "<p>Hello</p>"
