"""Request loop of the sandbox child: one document, read by page, region or contained file; then it ends."""

import socket
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ingestion.adapters.formats.open_file import open_source
from ingestion.adapters.formats.page_source import Image, PageSource, pages_to_read
from ingestion.adapters.ocr.engines import NoEngineAvailable, OcrPipeline, OcrSettings
from ingestion.adapters.ocr.ppocr.engine import PpOcrEngine
from ingestion.adapters.ocr.tesseract import check_language
from ingestion.adapters.reader.child.einvoice_frames import send_einvoice
from ingestion.adapters.reader.child.error_codes import as_reading_error
from ingestion.adapters.reader.child.ocr_layout import recognise_layout
from ingestion.adapters.reader.child.read_page import FinishedPage, read_source_page, unread_page, unreadable_page
from ingestion.adapters.reader.child.unpack_container import unpack
from ingestion.adapters.reader.wire import page_to_json
from ingestion.adapters.sandbox.file_access import confine_files
from ingestion.adapters.sandbox.frames import ConnectionClosed, Frame, receive_with_descriptors, send
from ingestion.adapters.sandbox.launcher import visible_places
from ingestion.adapters.sandbox.limits import SandboxLimits, grant_page_cpu, lower_priority
from ingestion.adapters.vision.digit_shapes import digit_shapes
from ingestion.adapters.vision.raster import dark_on_light
from ingestion.domain.errors import CorruptFile, ReadingError, TooLarge
from ingestion.domain.ocr.second_engine import SecondEngineMode, second_engine_mode
from ingestion.domain.page.elements import Word
from ingestion.domain.page.serialization import pack_word
from refinery.core.types import BoundingBox

_LARGEST_MARGIN = 0.01


def load_engines() -> OcrPipeline:
    """Load the OCR engines, and the shapes of digits."""
    engines = OcrPipeline(PpOcrEngine())
    engines.warm()
    digit_shapes()
    return engines


def serve(link: socket.socket, engines: OcrPipeline, limits: SandboxLimits, *, in_sandbox: bool) -> None:
    """Answer requests until the parent disconnects. Outside a sandbox, no file but the document can be opened."""
    confined = in_sandbox
    while True:
        try:
            request, descriptors = receive_with_descriptors(link, 1)
        except ConnectionClosed:
            return
        page_limits = limits.for_retry() if request.head.get("retry") else limits
        grant_page_cpu(page_limits)
        lower_priority(int(request.head.get("niceness", 0)))
        if descriptors and not confined:
            confine_files(visible_places(), descriptors[0])
            confined = True
        if descriptors:
            _handle(link, request.head, Path(f"/dev/fd/{descriptors[0]}"), engines, page_limits)


def _handle(
    link: socket.socket, request: Mapping[str, Any], path: Path, engines: OcrPipeline, limits: SandboxLimits
) -> None:
    try:
        if request["kind"] == "unpack":
            unpack(link, path, request, limits)
            return
        made = bool(request.get("is_rendition"))
        source = open_source(path, str(request["media_type"]), request.get("password"), generated=made)
        for number, quarters in request.get("rotations", ()):
            source.rotate(int(number), int(quarters))
        if request["kind"] == "region":
            words = _read_region(source, request, engines)
            send(link, Frame({"kind": "words", "words": [pack_word(word) for word in words]}))
        else:
            send_einvoice(link, path, source, request)
            _read_pages(link, source, request, engines, limits)
    except ConnectionClosed:
        raise
    except Exception as failure:  # noqa: BLE001 - foreign bytes make parsers raise anything; the parent wants a verdict
        _send_failure(link, as_reading_error(failure))


def _send_failure(link: socket.socket, failure: ReadingError) -> None:
    send(link, Frame({"kind": "failed", "code": failure.code, "message": str(failure)}))


def _read_pages(
    link: socket.socket, source: PageSource, request: Mapping[str, Any], engines: OcrPipeline, limits: SandboxLimits
) -> None:
    if source.page_count > limits.max_pages:
        raise TooLarge(f"This document has more than {limits.max_pages} pages: split it.")
    failed = {int(number): str(code) for number, code in request["failed_pages"].items()}
    known = {int(number) for number in request.get("known_pages", ())}
    send(link, Frame({"kind": "opened", "total": source.page_count}))
    opening = True  # the first page shares its time
    for number in pages_to_read(source, int(request["first_page"]), int(request["max_pages"])):
        if number in known:
            continue
        if not opening:
            grant_page_cpu(limits)
        opening = False
        page = (
            unreadable_page(number, failed[number])
            if number in failed
            else _read_page(source, number, engines, _ocr_settings(request))
        )
        head = {
            "kind": "page",
            "page": page_to_json(page.reading),
            "image_type": page.display.image_type,
            "attachments": getattr(source, "attachments", 0),
        }
        send(link, Frame(head, (page.display.image, page.display.thumbnail)))
    send(link, Frame({"kind": "done"}))


def _ocr_settings(request: Mapping[str, Any]) -> OcrSettings:
    engines = [str(name) for name in request["engines"]]
    return OcrSettings(engines, check_language(str(request["language"])), second_engine_mode(str(request["mode"])))


def _read_page(source: PageSource, number: int, engines: OcrPipeline, settings: OcrSettings) -> FinishedPage:
    """Read a page and turn any failure into an unread page: a bad page never ends a document with other pages."""
    source_page = None
    try:
        source_page = source.source_page(number)
        return read_source_page(source_page, engines, settings)
    except NoEngineAvailable:
        code = "no_engine"
    except Exception as failure:
        code = as_reading_error(failure).code
        if source_page is None and source.page_count == 1:
            raise
    return unread_page(source_page, code) if source_page is not None else unreadable_page(number, code)


def _read_region(source: PageSource, request: Mapping[str, Any], engines: OcrPipeline) -> tuple[Word, ...]:
    """Read a part of a page again, from its image; boxes are those of the page."""
    number = int(request["page"])
    if not 1 <= number <= source.page_count:
        raise CorruptFile("This document has no such page.")
    image = source.source_page(number).image
    box = BoundingBox.clipped(*(float(side) for side in request["bbox"]))
    part, frame = _cut(image, box)
    # a person who rereads a region doubts its text
    settings = replace(_ocr_settings(request), second_engine=SecondEngineMode.ALWAYS)
    words = recognise_layout(dark_on_light(part), 0.0, engines, settings).layout.words
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
