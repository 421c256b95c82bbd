"""Plain text, XML and JSON as what they are: lines of characters."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from html import escape
from itertools import islice

from lxml import etree

from ingestion.adapters.formats.text.decoding import decode, printable
from ingestion.adapters.formats.text.printable import Typescript

_LINES = 150  # that are laid out at once
_COLUMNS = re.compile(r"\S(?: {3,}|\t)\S|[\u2500-\u257f]|^[|+][-=|+ ]")
_COLUMNED_FROM = 0.1
_UNBROKEN = 60  # characters without a blank, between which a line may have to end
_LINE_TO = 20_000


def plain_text(content: bytes) -> Typescript:
    """Lay out a text; one whose columns are made of blanks keeps them."""
    return Typescript(lines(decode(content).split("\n")))


def json_text(content: bytes) -> Typescript:
    """Lay out JSON with a member a line; what is none is shown as it stands."""
    text = decode(content)
    with suppress(ValueError, RecursionError):
        text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    return Typescript(lines(printable(text).split("\n"), columns=True))


def xml_text(content: bytes) -> Typescript:
    """Lay out XML with an element a line; no entity is expanded, and what is malformed is shown as it stands."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_blank_text=True
    )
    try:
        tree = etree.fromstring(content, parser)
        etree.indent(tree)
        text = etree.tostring(tree.getroottree(), encoding="unicode")
    except (etree.LxmlError, ValueError, RecursionError):
        text = decode(content)
    return Typescript(lines(printable(text).split("\n"), columns=True))


def lines(texts: Sequence[str], *, columns: bool | None = None) -> Iterator[str]:
    """Write lines as HTML, some at a time; `columns` says that blanks in them stand for something."""
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
