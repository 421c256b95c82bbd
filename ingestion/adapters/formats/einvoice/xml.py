"""Foreign XML by lxml, as a stream of bounded events: no document type, no entity, nothing fetched, no tree."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from ingestion.domain.einvoice import Node

BYTES_TO = 4 * 2**20
DEPTH_TO = 64
ELEMENTS_TO = 200_000
TEXT_TO = 4_000  # characters of one element that are kept: what is longer is an attachment in base64
_CHUNK = 2**16


class BadXml(ValueError):
    """XML that is not read; `code` says why: malformed, too_large, forbidden (a document type or an entity)."""

    def __init__(self, code: str) -> None:
        """Take the code."""
        self.code = code
        super().__init__(code)


@dataclass(slots=True)
class _Open:
    name: str
    namespace: str
    attributes: Mapping[str, str]
    text: list[str] = field(default_factory=list)
    length: int = 0
    children: list[Node] = field(default_factory=list)


class _Builder:
    """lxml's parser target: builds Nodes, and stops at the first thing that no invoice has."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self.bad: BadXml | None = None
        self._open: list[_Open] = []
        self._count = 0

    def doctype(self, _name: str, _public: str | None, _system: str | None) -> None:
        self._refuse("forbidden")

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._count += 1
        if self._count > ELEMENTS_TO or len(self._open) >= DEPTH_TO:
            self._refuse("too_large")
        namespace, _, name = tag.rpartition("}")
        self._open.append(_Open(name, namespace.lstrip("{"), dict(attributes)))

    def data(self, text: str) -> None:
        inside = self._open[-1]
        if not inside.children and inside.length < TEXT_TO:
            inside.text.append(text[: TEXT_TO - inside.length])
            inside.length += len(text)

    def end(self, _tag: str) -> None:
        done = self._open.pop()
        node = Node(done.name, done.namespace, "".join(done.text).strip(), done.attributes, tuple(done.children))
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.root = node

    def close(self) -> None:
        """Nothing is left to do; lxml asks for it."""

    def _refuse(self, code: str) -> None:
        self.bad = BadXml(code)
        raise self.bad


def read_xml(content: bytes) -> Node:
    """Read XML into Nodes; raises BadXml. Time and memory grow with the bytes alone."""
    if len(content) > BYTES_TO:
        raise BadXml("too_large")
    builder = _Builder()
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
