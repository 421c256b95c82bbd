"""Text document of Word as HTML by mammoth, with its headers and footers, which mammoth leaves out."""

import re
from collections.abc import Iterator
from html import escape
from typing import IO
from zipfile import ZipFile

from lxml import etree

from ingestion.adapters.formats.text.decoding import printable
from ingestion.adapters.formats.text.html_sanitizer import clean_html, split_html
from ingestion.adapters.formats.text.printable import HtmlDocument

_MARGINS = re.compile(r"word/(header|footer)\d*\.xml")
_BYTES_TO = 4 * 2**20
_REPEATED = "Fallback"  # of alternative content: the same text for older programs (ECMA-376 part 3, 10.2)


def word_text(file: IO[bytes]) -> HtmlDocument:
    """Lay out a text document (DOCX): its headers, its text, its footers."""
    import mammoth

    body = clean_html(mammoth.convert_to_html(file).value).replace("<table>", '<table class="ruled">')
    return HtmlDocument(split_html(_margin_html(file, "header") + body + _margin_html(file, "footer")))


def _margin_html(file: IO[bytes], kind: str) -> str:
    with ZipFile(file) as archive:
        names = sorted(name for name in archive.namelist() if (found := _MARGINS.fullmatch(name)) and found[1] == kind)
        lines = [line for name in names for line in _lines(archive, name)]
    return "".join(f"<p>{escape(line)}</p>" for line in dict.fromkeys(lines))


def _lines(archive: ZipFile, name: str) -> Iterator[str]:
    if archive.getinfo(name).file_size > _BYTES_TO:
        return
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(archive.read(name), parser)
    except etree.LxmlError:
        return
    for paragraph in root.iter("{*}p"):
        text = printable("".join(_runs(paragraph))).strip()
        if text:
            yield text


def _runs(paragraph: "etree._Element") -> Iterator[str]:
    """Yield the text of a paragraph without that of paragraphs in a box within it."""
    for element in paragraph.iter("{*}t", "{*}tab", "{*}br"):
        around = element.iterancestors("{*}p", f"{{*}}{_REPEATED}")
        if next(around, None) is paragraph:
            yield (element.text or "") if element.tag.endswith("}t") else " "
