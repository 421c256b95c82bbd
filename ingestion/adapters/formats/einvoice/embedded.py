"""The XML that a PDF carries as an e-invoice: found by its name, by its relationship or by its root element.

Only compressed bytes are taken from the PDF; they are inflated here, up to a limit, for a few of them may stand
for gigabytes.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pikepdf

from ingestion.adapters.formats.einvoice.xml import BYTES_TO, BadXml, read_xml
from ingestion.domain.einvoice import EInvoice, NoEInvoice, parse_einvoice
from ingestion.domain.formats.attachments import is_e_invoice

FILES_TO = 200
_RELATIONS = ("/Data", "/Source", "/Alternative")
_NAMED, _RELATED, _OTHER = range(3)
_ROOTS = re.compile(rb"CrossIndustry(?:Invoice|Document)|oasis:names:specification:ubl:schema|CBFBUY")
_BROKEN = (pikepdf.PdfError, pikepdf.PasswordError, ValueError, TypeError, KeyError, AttributeError, RuntimeError,
           zlib.error)  # fmt: skip


@dataclass(frozen=True, slots=True)
class EmbeddedXml:
    """An e-invoice as found: `invoice` is None where `fault` says why it cannot be read.

    Faults: malformed, too_large, forbidden (a document type), no_invoice (another kind of XML).
    """

    name: str
    content: bytes
    invoice: EInvoice | None = None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class _Attached:
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
            attached = [each for each in islice(_attached(document), FILES_TO) if _is_xml(each)]
            for each in sorted(attached, key=lambda one: one.rank):
                found = _read(each)
                if found is not None:
                    return found
    except _BROKEN:
        return None
    return None


def _attached(document: pikepdf.Pdf) -> Iterator[_Attached]:
    """Yield the associated files (ISO 19005-3, 6.8) and the embedded ones, each stream once."""
    seen: set[tuple[int, int]] = set()
    for spec in _specifications(document.Root):
        try:
            embedded = spec["/EF"]
            stream = embedded.get("/F") or embedded.get("/UF")
            name = str(spec.get("/UF") or spec.get("/F") or "")
        except _BROKEN:
            continue
        if isinstance(stream, pikepdf.Stream) and stream.objgen not in seen:
            seen.add(stream.objgen)
            yield _Attached(Path(name).name[:120], str(spec.get("/AFRelationship", "")), stream)


def _specifications(root: pikepdf.Object) -> Iterator[pikepdf.Object]:
    related = root.get("/AF")
    if isinstance(related, pikepdf.Array):
        yield from (each for each in related if isinstance(each, pikepdf.Dictionary))
    tree = root.get("/Names", pikepdf.Dictionary()).get("/EmbeddedFiles")
    if isinstance(tree, pikepdf.Dictionary):
        yield from (each for each in pikepdf.NameTree(tree).values() if isinstance(each, pikepdf.Dictionary))


def _is_xml(each: _Attached) -> bool:
    return each.name.lower().endswith(".xml") or "xml" in str(each.stream.get("/Subtype", "")).lower()


def _read(each: _Attached) -> EmbeddedXml | None:
    """Read one; an XML that neither name nor root makes an e-invoice is none of our business."""
    named = each.rank == _NAMED
    try:
        content = _inflated(each.stream)
    except BadXml as bad:
        return EmbeddedXml(each.name, b"", fault=bad.code) if named else None
    if not named and not _ROOTS.search(content[:8192]):
        return None
    return judged(each.name, content)


def judged(name: str, content: bytes) -> EmbeddedXml:
    """Read an e-invoice's bytes; what is wrong with them is its fault."""
    try:
        return EmbeddedXml(name, content, parse_einvoice(read_xml(content)))
    except BadXml as bad:
        return EmbeddedXml(name, content if bad.code != "too_large" else b"", fault=bad.code)
    except NoEInvoice:
        return EmbeddedXml(name, content, fault="no_invoice")


def _inflated(stream: pikepdf.Stream) -> bytes:
    """Give a stream's bytes, at most BYTES_TO of them; raises BadXml."""
    filters = stream.get("/Filter")
    names = [str(each) for each in filters] if isinstance(filters, pikepdf.Array) else [str(filters or "")]
    raw = bytes(stream.read_raw_bytes())
    if names in ([""], []):
        content = raw
    elif names == ["/FlateDecode"]:
        content = zlib.decompressobj().decompress(raw, BYTES_TO + 1)
    else:
        raise BadXml("malformed")
    if len(content) > BYTES_TO:
        raise BadXml("too_large")
    return content
