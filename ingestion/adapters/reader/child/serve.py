"""What the child does: one document, asked for page by page, region by region or file by file, then it ends."""

import socket
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ingestion.adapters.formats.open_file import open_source
from ingestion.adapters.formats.page_source import Image, SheetSource, numbers
from ingestion.adapters.ocr.engines import Engines, Manner, NoEngine
from ingestion.adapters.ocr.ppocr.engine import PpOcrEngine
from ingestion.adapters.ocr.tesseract import check_language
from ingestion.adapters.reader.child.einvoice_frames import send_einvoice
from ingestion.adapters.reader.child.error_codes import verdict_on
from ingestion.adapters.reader.child.read_page import FinishedPage, lost_page, read_sheet, recognise, unread_page
from ingestion.adapters.reader.child.unpack_container import unpack
from ingestion.adapters.reader.wire import page_to_json, word_to_json
from ingestion.adapters.sandbox.frames import Closed, Frame, receive_with_files, send
from ingestion.adapters.sandbox.limits import ChildLimits, grant_page
from ingestion.adapters.vision.raster import as_printed
from ingestion.domain.errors import CorruptFile, ReadingError, TooLarge
from ingestion.domain.ocr.second_engine import Hearing, hearing_for
from ingestion.domain.page.elements import Word
from refinery.core.types import BoundingBox

_LARGEST_MARGIN = 0.01


def load_engines() -> Engines:
    """Load what reads."""
    engines = Engines(PpOcrEngine())
    engines.warm()
    return engines


def serve(link: socket.socket, engines: Engines, limits: ChildLimits) -> None:
    """Answer until the parent hangs up."""
    while True:
        try:
            request, descriptors = receive_with_files(link, 1)
        except Closed:
            return
        granted = limits.hurried() if request.head.get("hurried") else limits
        grant_page(granted)
        if descriptors:
            _answer(link, request.head, Path(f"/dev/fd/{descriptors[0]}"), engines, granted)


def _answer(
    link: socket.socket, asked: Mapping[str, Any], path: Path, engines: Engines, limits: ChildLimits
) -> None:
    try:
        if asked["kind"] == "unpack":
            unpack(link, path, asked, limits)
            return
        made = bool(asked.get("made"))
        source = open_source(path, str(asked["media_type"]), asked.get("password"), made=made)
        for number, quarters in asked.get("turns", ()):
            source.turn(int(number), int(quarters))
        if asked["kind"] == "region":
            words = _read_region(source, asked, engines)
            send(link, Frame({"kind": "words", "words": [word_to_json(word) for word in words]}))
        else:
            send_einvoice(link, path, source, asked)
            _read_pages(link, source, asked, engines, limits)
    except Closed:
        raise
    except Exception as failure:  # noqa: BLE001 - foreign bytes make parsers raise anything; the parent wants a verdict
        _fail(link, verdict_on(failure))


def _fail(link: socket.socket, failure: ReadingError) -> None:
    send(link, Frame({"kind": "failed", "code": failure.code, "message": str(failure)}))


def _read_pages(
    link: socket.socket, source: SheetSource, asked: Mapping[str, Any], engines: Engines, limits: ChildLimits
) -> None:
    if source.total > limits.pages:
        raise TooLarge(f"This document has more than {limits.pages} pages: split it.")
    lost = {int(number): str(code) for number, code in asked["lost"].items()}
    known = {int(number) for number in asked.get("known", ())}
    send(link, Frame({"kind": "opened", "total": source.total}))
    opening = True  # whose time the first page shares
    for number in numbers(source, int(asked["first_page"]), int(asked["max_pages"])):
        if number in known:
            continue
        if not opening:
            grant_page(limits)
        opening = False
        page = (
            lost_page(number, lost[number])
            if number in lost
            else _read_page(source, number, engines, _manner(asked))
        )
        head = {"kind": "page", "page": page_to_json(page.reading), "image_type": page.shown.image_type,
                "attachments": getattr(source, "attachments", 0)}  # fmt: skip
        send(link, Frame(head, (page.shown.image, page.shown.thumbnail)))
    send(link, Frame({"kind": "done"}))


def _manner(asked: Mapping[str, Any]) -> Manner:
    engines = [str(name) for name in asked["engines"]]
    return Manner(engines, check_language(str(asked["language"])), hearing_for(str(asked["mode"])))


def _read_page(source: SheetSource, number: int, engines: Engines, manner: Manner) -> FinishedPage:
    """Read a page whatever it holds: one bad page never ends a document that has others."""
    sheet = None
    try:
        sheet = source.sheet(number)
        return read_sheet(sheet, engines, manner)
    except NoEngine:
        code = "no_engine"
    except Exception as failure:
        code = verdict_on(failure).code
        if sheet is None and source.total == 1:
            raise
    return unread_page(sheet, code) if sheet is not None else lost_page(number, code)


def _read_region(source: SheetSource, asked: Mapping[str, Any], engines: Engines) -> tuple[Word, ...]:
    """Read a part of a page again, from its picture; boxes are those of the page."""
    number = int(asked["page"])
    if not 1 <= number <= source.total:
        raise CorruptFile("This document has no such page.")
    image = source.sheet(number).image
    box = BoundingBox.clipped(*(float(side) for side in asked["bbox"]))
    part, frame = _cut(image, box)
    manner = replace(_manner(asked), hearing=Hearing.ALWAYS)  # whoever asks for a place again doubts it
    words = recognise(as_printed(part), 0.0, engines, manner).layout.words
    return tuple(_on_page(word, frame) for word in words)


def _cut(image: Image, box: BoundingBox) -> tuple[Image, BoundingBox]:
    height, width = image.shape[:2]
    left, top = int(max(box.x0 - _LARGEST_MARGIN, 0) * width), int(max(box.y0 - _LARGEST_MARGIN, 0) * height)
    right = max(int(min(box.x1 + _LARGEST_MARGIN, 1) * width), left + 1)
    bottom = max(int(min(box.y1 + _LARGEST_MARGIN, 1) * height), top + 1)
    frame = BoundingBox.clipped(left / width, top / height, right / width, bottom / height)
    return image[top:bottom, left:right], frame


def _on_page(word: Word, frame: BoundingBox) -> Word:
    box = BoundingBox.clipped(
        frame.x0 + word.bbox.x0 * frame.width,
        frame.y0 + word.bbox.y0 * frame.height,
        frame.x0 + word.bbox.x1 * frame.width,
        frame.y0 + word.bbox.y1 * frame.height,
    )
    return Word(word.text, box, word.confidence, word.source, word.line, word.alternatives)
