"""Reprocessing with fixture values: request options, a comparison, and the outcome."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from ingestion.domain.reprocessing import FieldChange, FieldSnapshot, PageChange, diff_words
from tests.e2e.harness.invoice_images import HEIGHT, WIDTH

OPTIONS: Final = [
    {"value": "thorough", "title": "Thorough", "hint": "every engine on every page; takes longer"},
    {"value": "standard", "title": "Standard", "hint": "one engine reads, a second one checks uncertain text"},
    {"value": "fast", "title": "Fast", "hint": "only one engine"},
    {"value": "tesseract", "title": "With Tesseract only", "hint": "for print that the usual engine misreads"},
]
KEY: Final = UUID("00000000-0000-0000-0000-00005eed0001")
FIELDS: Final = (
    FieldChange("total", FieldSnapshot("total", "1,485.72", 0.62), FieldSnapshot("total", "1,485.71", 0.93)),
    FieldChange(
        "invoice_number",
        FieldSnapshot("invoice_number", "2024-111", 1.0, "corrected"),
        FieldSnapshot("invoice_number", "2024-1l1", 0.58),
    ),
    FieldChange("iban", FieldSnapshot("iban", "", 0.4), FieldSnapshot("iban", "DE89 3704 0044 0532 0130 00", 0.97)),
    FieldChange(
        "invoice_date", FieldSnapshot("invoice_date", "02 March 2024", 0.9), FieldSnapshot("x", "02 March 2024", 0.97)
    ),
    FieldChange("currency", FieldSnapshot("currency", "EUR", 0.97), FieldSnapshot("currency", "EUR", 0.99)),
)
TITLES: Final = {
    "total": "Total",
    "invoice_number": "Invoice number",
    "iban": "IBAN",
    "invoice_date": "Invoice date",
    "currency": "Currency",
}
PAGES: Final = (PageChange(1, 6, 86, 88, 0.83, 0.95), PageChange(2, 0, 41, 41, 0.97, 0.98))
received: list[str] = []
"""Received requests and choices."""


def _misread(word: dict[str, Any]) -> str:
    """Return the word as misread by the current run."""
    return str(word["text"]).replace("Total", "Tota1").replace("EUR", "FUR")


def _diff_parts(words: list[dict[str, Any]]) -> tuple[list[SimpleNamespace], list[SimpleNamespace]]:
    pieces, marks, line = [], [], words[0]["bbox"][1]
    for step in diff_words([_misread(word) for word in words], [word["text"] for word in words]):
        if not step.equal:
            there = words[slice(*step.before)]
            breaks, line = abs(there[0]["bbox"][1] - line) > 0.012, there[0]["bbox"][1]
            gone = " ".join(_misread(word) for word in there)
            pieces.append(SimpleNamespace(kind="gone", text=gone, breaks=breaks))
        for word in words[slice(*step.after)]:
            breaks = abs(word["bbox"][1] - line) > 0.012
            line = word["bbox"][1]
            pieces.append(SimpleNamespace(kind="same" if step.equal else "new", text=word["text"], breaks=breaks))
            if not step.equal:
                marks.append(_mark(word["bbox"]))
    return pieces, marks


def _mark(bbox: list[float]) -> SimpleNamespace:
    x0, y0, x1, y1 = bbox
    return SimpleNamespace(
        kind="new", x=x0 * WIDTH - 4, y=y0 * HEIGHT - 4, width=(x1 - x0) * WIDTH + 8, height=(y1 - y0) * HEIGHT + 8
    )


def comparison(status: str) -> dict[str, Any]:
    """Return the comparison as ingestion.selectors.reprocessings does."""
    ready = status == "ready"
    return {
        "id": KEY,
        "document": {"id": KEY, "filename": "invoice-2024-111.pdf"},
        "status": status,
        "mark": f"reprocessing_{status}",
        "preset_title": "Thorough",
        "pages": 0 if status == "queued" else 2,
        "pages_done": 1 if status == "reading" else 2,
        "pages_failed": 0,
        "schema_before": "invoice",
        "schema_after": "invoice",
        "fields_changed": sum(change.replaces for change in FIELDS),
        "words_changed": sum(page.changed for page in PAGES),
        "ready": ready,
        "in_progress": status in {"queued", "reading"},
        "run": 2,
        "created_at": datetime.now(UTC) - timedelta(minutes=4),
    }


def page_comparison(words: list[dict[str, Any]], status: str) -> dict[str, Any]:
    """Return the page as ingestion.selectors.reprocessing_page does."""
    lines = [SimpleNamespace(title=TITLES[change.name], change=change) for change in FIELDS]
    read = status in {"ready", "applied"}
    pieces, marks = _diff_parts(words)
    page = {
        "number": 1,
        "image": f"/pages/{KEY}/1.jpg",
        "width": WIDTH,
        "height": HEIGHT,
        "marks": marks,
        "pieces": pieces,
        "error": "",
    }
    return {
        "differing": [line for line in lines if line.change.changed],
        "alike": [line for line in lines if not line.change.changed],
        "pages": PAGES if read else (),
        "alike_pages": 1,
        "words": page if read else None,
        "error": {"title": "Reading this file exceeded the resource limits"} if status == "failed" else None,
    }


def comparison_page(request: HttpRequest, words: list[dict[str, Any]]) -> HttpResponse:
    """Show the comparison; `status` in the query sets its status."""
    status = request.GET.get("status", "ready")
    part = request.GET.get("part")
    template = "ingestion/reprocessing.html"
    context = {
        "section": "documents",
        "comparison": comparison(status),
        "reprocessing_page": page_comparison(words, status),
    }
    return render(request, f"{template}#{part}" if part else template, context)


def _line(number: int, name: str, status: str = "ready", **changes: object) -> SimpleNamespace:
    """Return one entry of the list as ingestion.selectors.reprocessings does."""
    line: dict[str, object] = {
        "id": UUID(int=number),
        "document": {"id": KEY, "filename": name},
        "preset_title": "Thorough",
        "mark": f"reprocessing_{status}",
        "ready": status == "ready",
        "is_improvement": False,
        "fields_changed": 0,
        "words_changed": 0,
        "mean_confidences": (0.83, 0.95),
        "schema_before": "invoice",
        "schema_after": "invoice",
        "pages_failed": 0,
    }
    return SimpleNamespace(**line | changes)


LINES: Final = (
    _line(1, "a-very-long-name-of-a-file-that-nobody-shortens-2024.pdf", fields_changed=2, words_changed=14),
    _line(2, "letter.pdf", words_changed=3, schema_after="receipt"),
    _line(3, "invoice-2024-111.pdf", is_improvement=True, fields_changed=1, words_changed=6),
    _line(4, "invoice-2024-112.pdf", is_improvement=True, words_changed=2),
    _line(5, "invoice-2024-113.pdf", "reading"),
)


def comparisons_page(request: HttpRequest) -> HttpResponse:
    """Show the list of reprocessing runs; with `empty` in the query an empty one."""
    found = {
        "comparisons": () if request.GET.get("empty") else LINES,
        "ready": LINES[:4],
        "improvements": LINES[2:4],
        "in_progress": 1,
        "fields_changed": 3,
        "words_changed": 25,
        "pages_failed": 0,
        "remaining": 0,
    }
    part = request.GET.get("part")
    template = "ingestion/reprocessings.html"
    return render(request, f"{template}#{part}" if part else template, {"section": "documents", "found": found})


def record_choice(request: HttpRequest) -> HttpResponse:
    """Record a choice."""
    chosen = ",".join(request.POST.getlist("reprocessing"))
    received.append(f"{request.path} {request.POST.get('action', '')} {chosen}".strip())
    return redirect("ingestion:reprocessings")


def record_request(request: HttpRequest, **ids: UUID) -> HttpResponse:
    """Record a request with its target."""
    chosen = ",".join(request.POST.getlist("document"))
    received.append(f"{request.path} {request.POST.get('preset', '')} {chosen}".strip())
    return redirect("ingestion:documents")
