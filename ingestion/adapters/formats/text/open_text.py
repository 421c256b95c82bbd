"""Open a text, or a mail for what is written in it, as sheets."""

from collections.abc import Callable
from pathlib import Path

from ingestion.adapters.formats.pdf.generated import PrintedSource
from ingestion.adapters.formats.text.mail_page import letter_page
from ingestion.adapters.formats.text.markup_pages import html_page, markdown_page, rst_page
from ingestion.adapters.formats.text.plain_lines import json_text, plain_text, xml_text
from ingestion.adapters.formats.text.printable import Typescript
from ingestion.adapters.formats.text.spreadsheet_tables import csv_table
from ingestion.adapters.formats.text.typesetting import typeset
from ingestion.domain.errors import CorruptFile, TooLarge
from ingestion.domain.formats.containers import MAILS
from ingestion.domain.formats.text import CSV, HTML, JSON, MARKDOWN, RST, TXT, XML, is_text

BYTES_TO = 20 * 2**20
_HEAD = 4096
_WAYS: dict[str, Callable[[bytes], Typescript]] = {
    TXT: plain_text, MARKDOWN: markdown_page, RST: rst_page, HTML: html_page, CSV: csv_table, XML: xml_text,
    JSON: json_text,
}  # fmt: skip


def open_written(path: Path, media_type: str) -> PrintedSource:
    """Lay it out and open its pages; raises CorruptFile, EmptyFile, TooLarge, PolicyViolation."""
    if media_type in MAILS:
        return PrintedSource(typeset(letter_page(path, media_type)))
    if path.stat().st_size > BYTES_TO:
        raise TooLarge(f"This text is longer than {BYTES_TO // 2**20} MB: split it.")
    content = path.read_bytes()
    if not is_text(content[:_HEAD]):
        raise CorruptFile("The file is not what it says it is.")
    return PrintedSource(typeset(_WAYS[media_type](content)))
