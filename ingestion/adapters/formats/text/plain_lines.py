"""Plain text, XML and JSON as lines of characters."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from html import escape
from itertools import islice

from lxml import etree

from ingestion.adapters.formats.text.decoding import decode, printable
from ingestion.adapters.formats.text.printable import HtmlDocument

_LINES = 150  # laid out at a time
_COLUMNS = re.compile(r"\S(?: {3,}|\t)\S|[\u2500-\u257f]|^[|+][-=|+ ]")
_COLUMNED_FROM = 0.1
_LINE_TO = 20_000


def plain_text(content: bytes) -> HtmlDocument:
    """Lay out a text; columns aligned with blanks are kept."""
    return HtmlDocument(lines_html(decode(content).split("\n")))


def json_text(content: bytes) -> HtmlDocument:
    """Lay out JSON with one member per line; invalid JSON is shown unchanged."""
    text = decode(content)
    with suppress(ValueError, RecursionError):
        text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    return HtmlDocument(lines_html(printable(text).split("\n"), columns=True))


def xml_text(content: bytes) -> HtmlDocument:
    """Lay out XML with one element per line; no entity is expanded, and malformed XML is shown unchanged."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_blank_text=True
    )
    try:
        tree = etree.fromstring(content, parser)
        etree.indent(tree)
        text = etree.tostring(tree.getroottree(), encoding="unicode")
    except (etree.LxmlError, ValueError, RecursionError):
        text = decode(content)
    return HtmlDocument(lines_html(printable(text).split("\n"), columns=True))


def lines_html(texts: Sequence[str], *, columns: bool | None = None) -> Iterator[str]:
    """Yield lines as HTML, some at a time; `columns` keeps the blanks in them."""
    if not any(text.strip() for text in texts):
        return
    kind = "kept columns" if (_columned(texts) if columns is None else columns) else "kept"
    following = iter(_bounded(texts))
    while some := list(islice(following, _LINES)):
        yield f'<div class="{kind}">{"<br>".join(_line(text) for text in some)}</div>'


def _bounded(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        for start in range(0, max(len(text), 1), _LINE_TO):
            yield text[start : start + _LINE_TO]


def _columned(texts: Sequence[str]) -> bool:
    filled = [text for text in texts[:2000] if text.strip()]
    return sum(bool(_COLUMNS.search(text)) for text in filled) > _COLUMNED_FROM * len(filled)


def _line(text: str) -> str:
    return escape(text.expandtabs(8)) or "&nbsp;"
