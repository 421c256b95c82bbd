"""XML document as plain values, independent of the parser.

The parser (ingestion.adapters.formats.einvoice.xml) limits depth, count and text, and refuses every document type
definition, before a node is created.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class XmlNode:
    """Element: `name` without its namespace prefix, `text` before its first child, stripped."""

    name: str
    namespace: str = ""
    text: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: tuple["XmlNode", ...] = ()

    def find_all(self, *path: str) -> Iterator["XmlNode"]:
        """Yield the elements at `path`, in the order of the document."""
        if not path:
            yield self
            return
        for child in self.children:
            if child.name == path[0]:
                yield from child.find_all(*path[1:])

    def first(self, *path: str) -> "XmlNode | None":
        """Return the first element at `path`."""
        return next(self.find_all(*path), None)

    def first_text(self, *path: str) -> str:
        """Return the first text at `path` that is not empty, in one line; "" if there is none."""
        return next((" ".join(node.text.split()) for node in self.find_all(*path) if node.text.strip()), "")

    def attribute(self, name: str) -> str:
        """Return an attribute's value, "" if there is none."""
        return self.attributes.get(name, "").strip()

    def renamed(self, names: Mapping[str, str]) -> "XmlNode":
        """Return the same tree with elements renamed according to `names`."""
        children = tuple(child.renamed(names) for child in self.children)
        return replace(self, name=names.get(self.name, self.name), children=children)
