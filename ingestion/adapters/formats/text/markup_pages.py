"""HTML, Markdown and reStructuredText as the pages that they describe."""

import re

from ingestion.adapters.formats.text.decoding import decode
from ingestion.adapters.formats.text.html_sanitizer import clean_html, split_html
from ingestion.adapters.formats.text.plain_lines import lines_html
from ingestion.adapters.formats.text.printable import HtmlDocument

_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*+=\s*+(?:["']\s*+)?([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"""^\s*<\?xml[^>]{0,100}encoding\s*=\s*["']([A-Za-z0-9_.:-]{2,40})""")
_HEAD = 4096
_MATTER = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_SETTINGS = {
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "_disable_config": True,
    "report_level": 5,
    "halt_level": 5,
    "embed_stylesheet": False,
    "stylesheet_path": "",
    "syntax_highlight": "none",
    "math_output": "LaTeX",
    "initial_header_level": 2,
    "line_length_limit": 100_000,
    "traceback": True,
    "input_encoding": "unicode",
    "output_encoding": "unicode",
}


def html_page(content: bytes) -> HtmlDocument:
    """Lay out a web page: its text, its tables, its embedded pictures."""
    declared = _CHARSET.search(content[:_HEAD]) or _XML_ENCODING.search(content[:_HEAD])
    markup = decode(content, declared[1].decode("ascii") if declared else None)
    return HtmlDocument(split_html(clean_html(markup)))


def markdown_page(content: bytes) -> HtmlDocument:
    """Lay out Markdown; its front matter is shown unchanged."""
    from markdown_it import MarkdownIt

    text = decode(content)
    matter = _MATTER.match(text)
    head = "\n".join(lines_html(matter[1].split("\n"), columns=True)) if matter else ""
    body = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text[matter.end() :] if matter else text)
    return HtmlDocument(split_html(head + _ruled(clean_html(body))))


def rst_page(content: bytes) -> HtmlDocument:
    """Lay out reStructuredText without includes and raw content; shown unchanged if it cannot be parsed."""
    from docutils.core import publish_parts

    text = decode(content)
    try:
        body = publish_parts(text, writer="html5", settings_overrides=_SETTINGS)["html_body"]
    except Exception:  # noqa: BLE001 - directives raise what they like; the text itself is no worse for it
        return HtmlDocument(lines_html(text.split("\n")))
    return HtmlDocument(split_html(_ruled(clean_html(body))))


def _ruled(markup: str) -> str:
    """Add rules to the tables of a markup whose tables hold data, never layout."""
    return markup.replace("<table>", '<table class="ruled">')
