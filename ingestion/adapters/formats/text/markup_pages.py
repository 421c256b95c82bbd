"""HTML, Markdown and reStructuredText as the pages that they describe."""

import re

from ingestion.adapters.formats.text.decoding import decode
from ingestion.adapters.formats.text.html_sanitizer import clean, parts_of
from ingestion.adapters.formats.text.plain_lines import lines
from ingestion.adapters.formats.text.printable import Typescript

_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"""^\s*<\?xml[^>]{0,100}encoding\s*=\s*["']([A-Za-z0-9_.:-]{2,40})""")
_HEAD = 4096
_MATTER = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_SETTINGS = {
    "file_insertion_enabled": False, "raw_enabled": False, "_disable_config": True, "report_level": 5,
    "halt_level": 5, "embed_stylesheet": False, "stylesheet_path": "", "syntax_highlight": "none",
    "math_output": "LaTeX", "initial_header_level": 2, "line_length_limit": 100_000, "traceback": True,
    "input_encoding": "unicode", "output_encoding": "unicode",
}  # fmt: skip


def html_page(content: bytes) -> Typescript:
    """Lay out a web page: its text, its tables, the pictures that stand in it."""
    declared = _CHARSET.search(content[:_HEAD]) or _XML_ENCODING.search(content[:_HEAD])
    markup = decode(content, declared[1].decode("ascii") if declared else None)
    return Typescript(parts_of(clean(markup)))


def markdown_page(content: bytes) -> Typescript:
    """Lay out Markdown; what its head says of it is shown as it stands."""
    from markdown_it import MarkdownIt

    text = decode(content)
    matter = _MATTER.match(text)
    head = "\n".join(lines(matter[1].split("\n"), columns=True)) if matter else ""
    body = (
        MarkdownIt("commonmark")
        .enable(["table", "strikethrough"])
        .render(text[matter.end() :] if matter else text)
    )
    return Typescript(parts_of(head + _ruled(clean(body))))


def rst_page(content: bytes) -> Typescript:
    """Lay out reStructuredText: nothing is included, nothing raw; what cannot be parsed is shown as it stands."""
    from docutils.core import publish_parts

    text = decode(content)
    try:
        body = publish_parts(text, writer="html5", settings_overrides=_SETTINGS)["html_body"]
    except Exception:  # noqa: BLE001 - directives raise what they like; the text itself is no worse for it
        return Typescript(lines(text.split("\n")))
    return Typescript(parts_of(_ruled(clean(body))))


def _ruled(markup: str) -> str:
    """Rule the tables of a text that has them for its figures, never for its layout."""
    return markup.replace("<table>", '<table class="ruled">')
