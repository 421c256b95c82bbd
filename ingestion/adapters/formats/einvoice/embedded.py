"""XML embedded in a PDF as an e-invoice: found by its name, by its relationship or by its root element.

Only compressed bytes are read from the PDF; they are inflated here, up to a limit, because a few of them may
expand to gigabytes.
"""

import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

import pikepdf

from ingestion.adapters.formats.einvoice.xml import MAX_XML_BYTES, BadXml, read_xml
from ingestion.domain.einvoice.model import EInvoice
from ingestion.domain.einvoice.parsing import NotAnEInvoice, parse_einvoice
from ingestion.domain.formats.attachments import is_e_invoice

MAX_EMBEDDED_FILES = 200
_PAGES_TO, _NOTES_TO = 20, 200
_RELATIONS = ("/Data", "/Source", "/Alternative")
_NAMED, _RELATED, _OTHER = range(3)
_ROOTS = re.compile(rb"CrossIndustry(?:Invoice|Document)|oasis:names:specification:ubl:schema|CBFBUY")
_BROKEN = (
    pikepdf.PdfError,
    pikepdf.PasswordError,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    RuntimeError,
    zlib.error,
)


@dataclass(frozen=True, slots=True)
class EmbeddedXml:
    """E-invoice as found: `invoice` is None if `fault` says why it cannot be read.

    Faults: malformed, too_large, forbidden (a document type), no_invoice (another kind of XML).
    """

    name: str
    content: bytes
    invoice: EInvoice | None = None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class _AttachedStream:
    name: str
    relation: str
    stream: pikepdf.Stream

    @property
    def rank(self) -> int:
        if is_e_invoice(self.name):
            return _NAMED
        return _RELATED if self.relation in _RELATIONS else _OTHER


def embedded_einvoice(path: Path, password: str | None) -> EmbeddedXml | None:
    """Find the e-invoice of a PDF; None for a PDF without one. A damaged attachment never raises."""
    try:
        with pikepdf.open(path, password=password or "") as document:
            return next((found for _, found in _own_einvoices(document)), None)
    except _BROKEN:
        return None


def einvoice_streams(document: pikepdf.Pdf) -> frozenset[tuple[int, int]]:
    """Return the object numbers of the attached files that are the data of the invoice on the pages."""
    try:
        return frozenset(each.stream.objgen for each, _ in _own_einvoices(document))
    except _BROKEN:
        return frozenset()


def _own_einvoices(document: pikepdf.Pdf) -> list[tuple[_AttachedStream, EmbeddedXml]]:
    """Return the e-invoice of a document, with copies of it in other versions of the format after it.

    Several invoices without a usual name or relationship are those of others: the pages only list them.
    """
    attached = [each for each in islice(_attached_streams(document), MAX_EMBEDDED_FILES) if _is_xml(each)]
    read = [(each, _read_attached(each)) for each in sorted(attached, key=lambda one: one.rank)]
    found = [(each, xml) for each, xml in read if xml is not None]
    if not found:
        return []
    best = found[0]
    same = [one for one in found[1:] if one[0].rank == _NAMED or _number(one[1]) == _number(best[1])]
    return [] if best[0].rank == _OTHER and len(same) + 1 < len(found) else [best, *same]


def _number(xml: EmbeddedXml) -> str | None:
    return xml.invoice.number if xml.invoice else None


def _attached_streams(document: pikepdf.Pdf) -> Iterator[_AttachedStream]:
    """Yield the associated files (ISO 19005-3, 6.8) and the embedded ones, each stream once."""
    seen: set[tuple[int, int]] = set()
    for spec in chain(_specifications(document.Root), _pinned_specifications(document)):
        try:
            embedded = spec["/EF"]
            stream = embedded.get("/F") or embedded.get("/UF")
            name = str(spec.get("/UF") or spec.get("/F") or "")
        except _BROKEN:
            continue
        if isinstance(stream, pikepdf.Stream) and stream.objgen not in seen:
            seen.add(stream.objgen)
            yield _AttachedStream(Path(name).name[:120], str(spec.get("/AFRelationship", "")), stream)


def _specifications(root: pikepdf.Object) -> Iterator[pikepdf.Object]:
    related = root.get("/AF")
    if isinstance(related, pikepdf.Array):
        yield from (each for each in related if isinstance(each, pikepdf.Dictionary))
    tree = root.get("/Names", pikepdf.Dictionary()).get("/EmbeddedFiles")
    if isinstance(tree, pikepdf.Dictionary):
        yield from (each for each in pikepdf.NameTree(tree).values() if isinstance(each, pikepdf.Dictionary))


def _pinned_specifications(document: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Yield the files that are pinned to the first pages as notes; a damaged page ends the search."""
    with suppress(*_BROKEN):
        for page in islice(document.pages, _PAGES_TO):
            notes = page.obj.get("/Annots")
            for note in islice(notes, _NOTES_TO) if isinstance(notes, pikepdf.Array) else ():
                if isinstance(note, pikepdf.Dictionary) and note.get("/Subtype") == "/FileAttachment":
                    yield note["/FS"]


def _is_xml(each: _AttachedStream) -> bool:
    return each.name.lower().endswith(".xml") or "xml" in str(each.stream.get("/Subtype", "")).lower()


def _read_attached(each: _AttachedStream) -> EmbeddedXml | None:
    """Read one attachment; None for XML that neither its name nor its root element identifies as an e-invoice."""
    named = each.rank == _NAMED
    try:
        content = _inflated(each.stream)
    except BadXml as bad:
        return EmbeddedXml(each.name, b"", fault=bad.code) if named else None
    if not named and not _ROOTS.search(content[:8192]):
        return None
    return parse_embedded_xml(each.name, content)


def parse_embedded_xml(name: str, content: bytes) -> EmbeddedXml:
    """Read an e-invoice's bytes; errors in them are recorded as its fault."""
    try:
        return EmbeddedXml(name, content, parse_einvoice(read_xml(content)))
    except BadXml as bad:
        return EmbeddedXml(name, content if bad.code != "too_large" else b"", fault=bad.code)
    except NotAnEInvoice:
        return EmbeddedXml(name, content, fault="no_invoice")


def _inflated(stream: pikepdf.Stream) -> bytes:
    """Return a stream's bytes, up to a limit; raises BadXml."""
    filters = stream.get("/Filter")
    names = [str(each) for each in filters] if isinstance(filters, pikepdf.Array) else [str(filters or "")]
    raw = bytes(stream.read_raw_bytes())
    if names in ([""], []):
        content = raw
    elif names == ["/FlateDecode"]:
        content = zlib.decompressobj().decompress(raw, MAX_XML_BYTES + 1)
    else:
        raise BadXml("malformed")
    if len(content) > MAX_XML_BYTES:
        raise BadXml("too_large")
    return content
