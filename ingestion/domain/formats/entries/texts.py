"""Texts: the name or declared type determines the kind, and the bytes must match; markup is detected."""

import re
from collections.abc import Callable

from ingestion.domain.einvoice.detection import looks_like_einvoice
from ingestion.domain.formats.file_format import FileFormat, FileSample, FormatKind, Precedence, gettext_noop
from ingestion.domain.formats.signatures import unread_type_name
from ingestion.domain.formats.text import ascii_part, is_text

TXT = "text/plain"
MARKDOWN = "text/markdown"
RST = "text/x-rst"
HTML = "text/html"
CSV = "text/csv"
XML = "application/xml"
JSON = "application/json"

# Atomic and possessive: otherwise a row of comments could be divided in exponentially many ways.
_HTML = re.compile(
    rb"(?:(?><!--.*?-->)\s*+|<\?xml[^>]*+>\s*+)*+<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_SVG = re.compile(rb"(?:(?><!--.*?-->)\s*+|<\?xml[^>]*+>\s*+|<!doctype[^>]*+>\s*+)*+<svg\b", re.IGNORECASE | re.DOTALL)
_XML_DECLARATION = b"<?xml"


def is_svg(head: bytes) -> bool:
    """Return whether it is a drawing in XML (SVG)."""
    return is_text(head) and bool(_SVG.match(ascii_part(head).lstrip()))


def is_readable_text(head: bytes) -> bool:
    """Return whether it is a text, and neither a drawing nor of another known type."""
    return unread_type_name(head) is None and is_text(head) and not is_svg(head)


def _is_html(sample: FileSample) -> bool:
    if sample.promised in {TXT, MARKDOWN, RST} or not is_readable_text(sample.head):
        return False
    shown = ascii_part(sample.head).lstrip()
    return bool(_HTML.match(shown)) or (sample.promised == HTML and not shown.startswith(_XML_DECLARATION))


def _is_xml(sample: FileSample) -> bool:
    if sample.promised in {TXT, MARKDOWN, RST, CSV, JSON} or not is_readable_text(sample.head):
        return False
    return sample.promised == XML or ascii_part(sample.head).lstrip().startswith(_XML_DECLARATION)


def text_format(
    media_type: str,
    name: str,
    suffixes: tuple[str, ...],
    example: bytes,
    note: str,
    *aliases: str,
    label: str = "",
    markup: Callable[[FileSample], bool] | None = None,
    proves: Callable[[bytes], bool] | None = None,
) -> FileFormat:
    """Return an entry for a text; one without `markup` is detected by its name or declared type."""
    return FileFormat(
        media_type=media_type,
        name=name,
        label=label,
        kind=FormatKind.TEXT,
        suffixes=suffixes,
        aliases=aliases,
        precedence=Precedence.MARKUP if markup else Precedence.NAME,
        proves=proves,
        detects=markup or (lambda sample: sample.promised == media_type and is_readable_text(sample.head)),
        example=example,
        note=note,
    )


_TXT_NOTE = "typeset; any encoding; columns made of blanks stay columns"
_MARKDOWN_NOTE = "CommonMark with tables, typeset; front matter unchanged"
_RST_NOTE = "docutils, typeset; no includes, no raw content"
_HTML_NOTE = "typeset without script, style, frame or address; only small pictures in the page itself"
_CSV_NOTE = "a ruled table; delimiter detected; wide ones in landscape, the widest in panels of columns"
_XML_NOTE = "an e-invoice is drawn from its facts; other XML is indented and typeset; no entity is expanded"
_JSON_NOTE = "indented and typeset; malformed JSON unchanged"
_CSV_ALIASES = ("text/tab-separated-values", "application/csv")
_PLAIN, _RST_LABEL = gettext_noop("Plain text"), "reStructuredText"

FORMATS = (
    text_format(TXT, "TXT", (".txt", ".text", ".log", ".asc"), b"a letter", _TXT_NOTE, label=_PLAIN),
    text_format(MARKDOWN, "Markdown", (".md", ".markdown"), b"# A letter", _MARKDOWN_NOTE, "text/x-markdown"),
    text_format(RST, "RST", (".rst",), b"A letter", _RST_NOTE, "text/prs.fallenstein.rst", label=_RST_LABEL),
    text_format(
        HTML, "HTML", (".html", ".htm", ".xhtml"), b"<html>", _HTML_NOTE, "application/xhtml+xml", markup=_is_html
    ),
    text_format(CSV, "CSV", (".csv", ".tsv"), b"hammer,12", _CSV_NOTE, *_CSV_ALIASES),
    text_format(
        XML, "XML", (".xml",), b"<?xml?><note/>", _XML_NOTE, "text/xml", markup=_is_xml, proves=looks_like_einvoice
    ),
    text_format(JSON, "JSON", (".json",), b"[12]", _JSON_NOTE, "text/json"),
)
