"""Files attached to a PDF, including a portfolio's, by pikepdf; the bytes are inflated here and counted."""

import zlib
from collections.abc import Iterator
from pathlib import Path

import pikepdf

from ingestion.adapters.formats.containers.contained_file import (
    CONTAINER_CHUNK_BYTES,
    ContainerFile,
    ContainerItem,
    in_chunks,
)
from ingestion.adapters.formats.einvoice.embedded import einvoice_streams
from ingestion.domain.errors import CorruptFile, NeedsPassword, WrongPassword
from ingestion.domain.formats import containers
from ingestion.domain.formats.attachments import is_e_invoice

_ANNOTATIONS_TO = 10_000


def open_portfolio(
    path: Path, depth: int, limits: containers.ContainerLimits, password: str | None = None
) -> Iterator[ContainerItem]:
    """Yield a PDF's attached files; the data of an e-invoice is left out. Raises ReadingError subclasses."""
    try:
        with pikepdf.open(str(path), password=password or "") as document:
            found = _files(document, limits)
            if found:
                containers.check_nesting_depth(depth, limits)
            size, data = path.stat().st_size, einvoice_streams(document)
            for part, (name, stream) in enumerate(found, 1):
                if is_e_invoice(name) or stream.objgen in data:
                    yield containers.SkippedFile(part, name, containers.SkipReason.DATA)
                else:
                    yield ContainerFile(part, name, _media_type(stream), _chunks(stream, size, limits))
    except pikepdf.PasswordError as locked:
        raise (WrongPassword if password else NeedsPassword)("This PDF is encrypted.") from locked
    except pikepdf.PdfError as broken:
        raise CorruptFile("The files attached to this PDF cannot be extracted.") from broken


def _files(document: pikepdf.Pdf, limits: containers.ContainerLimits) -> list[tuple[str, pikepdf.Stream]]:
    """Return names and streams: those of the document's list, then those attached to its pages; each once."""
    found: dict[tuple[int, int], tuple[str, pikepdf.Stream]] = {}
    for name, spec in document.attachments.items():
        _keep(found, name, spec.obj, limits)
    for page in document.pages:
        notes = page.obj.get("/Annots")
        if not isinstance(notes, pikepdf.Array):
            continue
        for note in list(notes)[:_ANNOTATIONS_TO]:
            if isinstance(note, pikepdf.Dictionary) and note.get("/Subtype") == "/FileAttachment":
                _keep(found, "", note.get("/FS"), limits)
    return list(found.values())


def _keep(
    found: dict[tuple[int, int], tuple[str, pikepdf.Stream]],
    name: str,
    spec: object,
    limits: containers.ContainerLimits,
) -> None:
    if not isinstance(spec, pikepdf.Dictionary) or not isinstance(spec.get("/EF"), pikepdf.Dictionary):
        return
    stream = spec.EF.get("/UF") or spec.EF.get("/F")
    if not isinstance(stream, pikepdf.Stream) or stream.objgen in found:
        return
    shown = str(spec.get("/UF") or spec.get("/F") or name or "attachment")
    found[stream.objgen] = (shown, stream)
    containers.check_entry_count(len(found), limits)


def _media_type(stream: pikepdf.Stream) -> str:
    return str(stream.get("/Subtype") or "").removeprefix("/")


def _chunks(stream: pikepdf.Stream, packed: int, limits: containers.ContainerLimits) -> Iterator[bytes]:
    """Yield a stream's bytes; one that is only deflated is never in memory as a whole."""
    filters = stream.get("/Filter")
    names = [str(one) for one in filters] if isinstance(filters, pikepdf.Array) else [str(filters or "")]
    try:
        if names == ["/FlateDecode"] and "/DecodeParms" not in stream:
            yield from _inflated(bytes(stream.read_raw_bytes()), packed, limits)
        else:
            yield from in_chunks(bytes(stream.read_bytes()))
    except pikepdf.PdfError as broken:
        raise CorruptFile("A file attached to this PDF is damaged.") from broken


def _inflated(raw: bytes, packed: int, limits: containers.ContainerLimits) -> Iterator[bytes]:
    engine, count = zlib.decompressobj(), 0
    try:
        while (out := engine.decompress(raw, CONTAINER_CHUNK_BYTES)) or engine.unconsumed_tail:
            count += len(out)
            containers.check_unpacked_size(count, packed, limits)
            yield out
            raw = engine.unconsumed_tail
    except zlib.error as broken:
        raise CorruptFile("A file attached to this PDF is damaged.") from broken
