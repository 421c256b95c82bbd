"""Stacks: several documents in one file as a scanner with a feeder gives them, and where each begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
import pymupdf
import zxingcpp

from samples.compose import Wish, compose
from samples.layout.pdf import render_pdf, stable_bytes
from samples.sample import Sample
from samples.scan.degradation import Degradation, draw_degradation, steadied
from samples.scan.files import clean_pages, encode
from samples.scan.optics import degrade
from samples.seeds import stream

SEPARATOR = "REFINERY-SEPARATOR"
FEWEST, MOST = 2, 6
A4 = (595.0, 842.0)
_KINDS = ("invoice", "invoice", "invoice", "discharge_letter", "lab_report", "receipt")
_LONG, _BLANK_BACK, _ALIKE = 0.55, 0.12, 0.4
_CODES = (zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.DataMatrix)
_APART = 1000  # streams between two stacks: each document of a stack has one of its own


@dataclass(frozen=True, slots=True)
class Piece:
    """One document or sheet of a stack: its PDF, and what it is; a separator or blank sheet has no kind."""

    pdf: bytes
    kind: str = ""
    name: str = ""


def make_stack(*, seed: int, index: int, separators: bool = False, scan: bool = False) -> Sample:
    """Make the stack at `index` under `seed`: the same arguments give the same bytes.

    The truth has `parts`, each with its `pages` (from 1), `kind` and `family`; `separators` and `blanks` are the
    numbers of pages that belong to none, `starts` those on which a document begins.
    """
    rng = stream(seed, index, "stack")
    pieces = list(_pieces(rng, seed, index, separators=separators))
    name = f"stack-{index:05d}" + ("-separated" if separators else "")
    whole = _bound(pieces)
    content = _scanned(whole, stream(seed, index, "stack-scan")) if scan else whole
    truth = {"name": name, "source": "scan" if scan else "digital", "seed": seed, "index": index, **_truth(pieces)}
    return Sample(name, f"{name}.pdf", "application/pdf", content, truth)


def separator_sheet(code: zxingcpp.BarcodeFormat = _CODES[0], text: str = SEPARATOR) -> bytes:
    """Draw a sheet to lay between documents: one code in the middle, and below it what it is for."""
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


def _pieces(rng: Random, seed: int, index: int, *, separators: bool) -> Sequence[Piece]:
    made: list[Piece] = []
    template = None
    for place in range(rng.randint(FEWEST, MOST)):
        if separators and place:
            made.append(Piece(separator_sheet(rng.choice(_CODES)), name="separator"))
        piece = _document(rng, seed, (index + 1) * _APART + place, template)
        made.append(piece)
        template = piece.name.partition("/")[2] if piece.kind == "invoice" else template
        if rng.random() < _BLANK_BACK:
            made.append(Piece(_blank(), name="blank"))
    return made


def _document(rng: Random, seed: int, index: int, template: str | None) -> Piece:
    """Draw one document; an invoice may look like the one before it, as those of one software do."""
    kind = rng.choice(_KINDS)
    long, alike = rng.random() < _LONG, rng.random() < _ALIKE
    wish = Wish(seed, index, ())
    if kind == "invoice":
        wish = Wish(seed, index, (), long=long, template=template if alike else None)
    composed = compose(kind, wish)
    return Piece(render_pdf(composed.drawing, composed.family), kind, composed.family)


def _blank() -> bytes:
    with pymupdf.open() as document:
        document.new_page(width=A4[0], height=A4[1])
        return stable_bytes(document)


def _bound(pieces: Sequence[Piece]) -> bytes:
    with pymupdf.open() as whole:
        for piece in pieces:
            with pymupdf.open(stream=piece.pdf, filetype="pdf") as part:
                whole.insert_pdf(part)
        return stable_bytes(whole)


def _scanned(pdf: bytes, rng: Random) -> bytes:
    """Put every page through the same scanner."""
    drawn: Degradation = draw_degradation(rng, "invoice", "office")
    scanned = [degrade(page, steadied(drawn, page.shape[0] / page.shape[1]), rng)[0]
               for page in clean_pages(pdf, drawn.dpi)]  # fmt: skip
    return encode(scanned, "pdf", drawn)


def _truth(pieces: Sequence[Piece]) -> dict[str, object]:
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
