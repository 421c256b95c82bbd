"""Untrusted XML by lxml, as a stream of bounded events: no document type, no entity, nothing fetched, no tree."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from ingestion.domain.einvoice.detection import wide_xml_encoding
from ingestion.domain.einvoice.nodes import XmlNode

MAX_XML_BYTES = 4 * 2**20
MAX_XML_DEPTH = 64
MAX_XML_ELEMENTS = 200_000
MAX_XML_TEXT = 4_000  # characters of one element that are kept: longer text is an attachment in base64
_CHUNK = 2**16
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


class BadXml(ValueError):
    """The XML was not read; `code` says why: malformed, too_large, forbidden (a document type or an entity)."""

    def __init__(self, code: str) -> None:
        """Store the code."""
        self.code = code
        super().__init__(code)


@dataclass(slots=True)
class _OpenElement:
    name: str
    namespace: str
    attributes: Mapping[str, str]
    text: list[str] = field(default_factory=list)
    length: int = 0
    children: list[XmlNode] = field(default_factory=list)


class _NodeBuilder:
    """Parser target of lxml: builds nodes, and stops at the first construct that no invoice has."""

    def __init__(self) -> None:
        self.root: XmlNode | None = None
        self.bad: BadXml | None = None
        self._open: list[_OpenElement] = []
        self._count = 0

    def doctype(self, _name: str, _public: str | None, _system: str | None) -> None:
        self._refuse("forbidden")

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._count += 1
        if self._count > MAX_XML_ELEMENTS or len(self._open) >= MAX_XML_DEPTH:
            self._refuse("too_large")
        namespace, _, name = tag.rpartition("}")
        self._open.append(_OpenElement(name, namespace.lstrip("{"), dict(attributes)))

    def data(self, text: str) -> None:
        inside = self._open[-1]
        if not inside.children and inside.length < MAX_XML_TEXT:
            inside.text.append(text[: MAX_XML_TEXT - inside.length])
            inside.length += len(text)

    def end(self, _tag: str) -> None:
        done = self._open.pop()
        node = XmlNode(done.name, done.namespace, "".join(done.text).strip(), done.attributes, tuple(done.children))
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.root = node

    def close(self) -> None:
        """Do nothing; lxml requires the method."""

    def _refuse(self, code: str) -> None:
        self.bad = BadXml(code)
        raise self.bad


def read_xml(content: bytes) -> XmlNode:
    """Read XML into nodes; raises BadXml. Time and memory grow only with the number of bytes."""
    if len(content) > MAX_XML_BYTES:
        raise BadXml("too_large")
    content = as_utf8(content)
    builder = _NodeBuilder()
    parser = etree.XMLParser(
        target=builder,  # type: ignore[arg-type]  # the stubs know no target without every method
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for start in range(0, len(content), _CHUNK):
            parser.feed(content[start : start + _CHUNK])
        parser.close()
    except BadXml:
        raise
    except (etree.LxmlError, ValueError, LookupError) as broken:
        raise (builder.bad or BadXml("malformed")) from broken
    if builder.root is None:
        raise builder.bad or BadXml("malformed")
    return builder.root


def as_utf8(content: bytes) -> bytes:
    """Return XML in UTF-32, which libxml2 reads only in part, as UTF-8; other encodings unchanged."""
    encoding = wide_xml_encoding(content[:4]) or ""
    if not encoding.startswith("utf-32"):
        return content
    return _DECLARATION.sub("", content.decode(encoding, "replace").lstrip("\ufeff")).encode()
