"""Stacks: several documents in one file, as from a scanner with a feeder, and the start of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
import pymupdf
import zxingcpp

from samples.compose import SampleRequest, compose
from samples.layout.pdf import render_pdf, stable_bytes
from samples.sample import Sample
from samples.scan.degradation import Degradation, draw_degradation, limit_skew
from samples.scan.files import clean_pages, encode
from samples.scan.optics import degrade
from samples.seeds import random_stream

SEPARATOR = "REFINERY-SEPARATOR"
MIN_DOCUMENTS, MAX_DOCUMENTS = 2, 6
A4 = (595.0, 842.0)
_KINDS = ("invoice", "invoice", "invoice", "discharge_letter", "lab_report", "receipt")
_LONG_SHARE, _BLANK_BACK_SHARE, _SAME_TEMPLATE_SHARE = 0.55, 0.12, 0.4
_CODES = (zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.DataMatrix)
_SEED_STRIDE = 1000  # distance of the stream numbers of two stacks: each document of a stack has a separate stream


@dataclass(frozen=True, slots=True)
class StackItem:
    """Document or sheet of a stack: its PDF and its kind; a separator or blank sheet has no kind."""

    pdf: bytes
    kind: str = ""
    name: str = ""


def make_stack(*, seed: int, index: int, separators: bool = False, scan: bool = False) -> Sample:
    """Generate the stack at `index` under `seed`: the same arguments produce the same bytes.

    The ground truth has `parts`, each with its `pages` (from 1), `kind` and `family`; `separators` and `blanks` are
    the numbers of pages that belong to none, `starts` those on which a document begins.
    """
    rng = random_stream(seed, index, "stack")
    pieces = list(_stack_items(rng, seed, index, separators=separators))
    name = f"stack-{index:05d}" + ("-separated" if separators else "")
    whole = _merge_pdfs(pieces)
    content = _scan_pdf(whole, random_stream(seed, index, "stack-scan")) if scan else whole
    truth = {"name": name, "source": "scan" if scan else "digital", "seed": seed, "index": index, **_truth(pieces)}
    return Sample(name, f"{name}.pdf", "application/pdf", content, truth)


def separator_sheet(code: zxingcpp.BarcodeFormat = _CODES[0], text: str = SEPARATOR) -> bytes:
    """Draw a separator sheet to put between documents: a code in the middle, and its purpose below it."""
    drawn = np.array(zxingcpp.create_barcode(text, code).to_image(scale=4))
    with pymupdf.open() as document:
        page = document.new_page(width=A4[0], height=A4[1])
        height, width = drawn.shape
        wide = min(260.0, 260.0 * width / height)
        place = pymupdf.Rect(168, 240, 168 + wide, 240 + wide * height / width)
        grey = pymupdf.Pixmap(pymupdf.csGRAY, width, height, np.ascontiguousarray(drawn).tobytes(), 0)
        page.insert_image(place, pixmap=grey)
        page.insert_text((168, 560), "Separator sheet", fontsize=20)
        page.insert_text((168, 590), "A new document begins behind this sheet.", fontsize=11)
        return stable_bytes(document)


def _stack_items(rng: Random, seed: int, index: int, *, separators: bool) -> Sequence[StackItem]:
    made: list[StackItem] = []
    template = None
    for place in range(rng.randint(MIN_DOCUMENTS, MAX_DOCUMENTS)):
        if separators and place:
            made.append(StackItem(separator_sheet(rng.choice(_CODES)), name="separator"))
        piece = _document(rng, seed, (index + 1) * _SEED_STRIDE + place, template)
        made.append(piece)
        template = piece.name.partition("/")[2] if piece.kind == "invoice" else template
        if rng.random() < _BLANK_BACK_SHARE:
            made.append(StackItem(_blank(), name="blank"))
    return made


def _document(rng: Random, seed: int, index: int, template: str | None) -> StackItem:
    """Generate one document; an invoice may look like the previous one, as if from the same software."""
    kind = rng.choice(_KINDS)
    long, alike = rng.random() < _LONG_SHARE, rng.random() < _SAME_TEMPLATE_SHARE
    wish = SampleRequest(seed, index, ())
    if kind == "invoice":
        wish = SampleRequest(seed, index, (), long=long, template=template if alike else None)
    composed = compose(kind, wish)
    return StackItem(render_pdf(composed.drawing, composed.family), kind, composed.family)


def _blank() -> bytes:
    with pymupdf.open() as document:
        document.new_page(width=A4[0], height=A4[1])
        return stable_bytes(document)


def _merge_pdfs(pieces: Sequence[StackItem]) -> bytes:
    with pymupdf.open() as whole:
        for piece in pieces:
            with pymupdf.open(stream=piece.pdf, filetype="pdf") as part:
                whole.insert_pdf(part)
        return stable_bytes(whole)


def _scan_pdf(pdf: bytes, rng: Random) -> bytes:
    """Scan every page with the same simulated scanner."""
    drawn: Degradation = draw_degradation(rng, "invoice", "office")
    scanned = [
        degrade(page, limit_skew(drawn, page.shape[0] / page.shape[1]), rng)[0] for page in clean_pages(pdf, drawn.dpi)
    ]
    return encode(scanned, "pdf", drawn)


def _truth(pieces: Sequence[StackItem]) -> dict[str, object]:
    at, parts = 1, []
    loose: dict[str, list[int]] = {"separator": [], "blank": []}
    for piece in pieces:
        with pymupdf.open(stream=piece.pdf, filetype="pdf") as document:
            pages = list(range(at, at + document.page_count))
        at += len(pages)
        if piece.kind:
            parts.append({"pages": pages, "kind": piece.kind, "family": piece.name})
        else:
            loose[piece.name] += pages
    return {
        "pages": at - 1,
        "parts": parts,
        "starts": [part["pages"][0] for part in parts],
        "separators": loose["separator"],
        "blanks": loose["blank"],
    }
