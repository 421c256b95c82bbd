"""An XML document as plain values: what a parser saw, without the parser.

Whoever reads the bytes (ingestion.adapters.formats.einvoice.xml) has bounded depth, count and text, and refused
every document type definition, before a Node is made.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Node:
    """One element: `name` without its namespace's prefix, `text` before its first child, stripped."""

    name: str
    namespace: str = ""
    text: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: tuple["Node", ...] = ()

    def each(self, *path: str) -> Iterator["Node"]:
        """Yield the elements at `path`, in the order of the document."""
        if not path:
            yield self
            return
        for child in self.children:
            if child.name == path[0]:
                yield from child.each(*path[1:])

    def first(self, *path: str) -> "Node | None":
        """Give the first element at `path`."""
        return next(self.each(*path), None)

    def said(self, *path: str) -> str:
        """Give the first text at `path` that is not empty, in one line; "" when there is none."""
        return next((" ".join(node.text.split()) for node in self.each(*path) if node.text.strip()), "")

    def attribute(self, name: str) -> str:
        """Give an attribute's value, "" when there is none."""
        return self.attributes.get(name, "").strip()

    def renamed(self, names: Mapping[str, str]) -> "Node":
        """Give the same tree with each element called as `names` says, where it says anything."""
        children = tuple(child.renamed(names) for child in self.children)
        return replace(self, name=names.get(self.name, self.name), children=children)
