"""Typesetting of texts, and of the text of mails."""

from collections.abc import Callable
from pathlib import Path

from ingestion.adapters.formats.containers.mail import MailMessage
from ingestion.adapters.formats.pdf.document import PdfSource
from ingestion.adapters.formats.text.mail_page import mail_parts
from ingestion.adapters.formats.text.markup_pages import html_page, markdown_page, rst_page
from ingestion.adapters.formats.text.plain_lines import json_text, plain_text, xml_text
from ingestion.adapters.formats.text.printable import HtmlDocument
from ingestion.adapters.formats.text.spreadsheet_tables import csv_table
from ingestion.adapters.formats.text.typeset_source import open_typeset
from ingestion.domain.errors import CorruptFile, TooLarge
from ingestion.domain.formats.entries.texts import CSV, HTML, JSON, MARKDOWN, RST, TXT, XML
from ingestion.domain.formats.text import is_text

MAX_TEXT_BYTES = 20 * 2**20
_HEAD = 4096
TextLayout = Callable[[bytes], HtmlDocument]
TEXT_LAYOUTS: dict[str, TextLayout] = {
    TXT: plain_text,
    MARKDOWN: markdown_page,
    RST: rst_page,
    HTML: html_page,
    CSV: csv_table,
    XML: xml_text,
    JSON: json_text,
}


def open_text(path: Path, layout: TextLayout) -> PdfSource:
    """Typeset a text and open its pages; raises CorruptFile, EmptyFile, TooLarge, PolicyViolation."""
    if path.stat().st_size > MAX_TEXT_BYTES:
        raise TooLarge(f"This text is longer than {MAX_TEXT_BYTES // 2**20} MB: split it.")
    content = path.read_bytes()
    if not is_text(content[:_HEAD]):
        raise CorruptFile("The file is not what it says it is.")
    return open_typeset(layout(content))


def open_mail(message: MailMessage) -> PdfSource:
    """Typeset a mail and open its pages; raises EmptyFile, TooLarge."""
    return open_typeset(HtmlDocument(mail_parts(message)))
