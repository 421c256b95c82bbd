"""A document read again, over fixture values: ways to ask, a reading to compare, and what became of it."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from ingestion.domain.reprocessing import FieldChange, FieldSight, PageChange, word_steps
from tests.e2e.harness.paper import HEIGHT, WIDTH

WAYS: Final = [
    {"value": "thorough", "title": "Thoroughly", "hint": "every engine on every page; takes longer"},
    {
        "value": "standard",
        "title": "As usual",
        "hint": "one engine reads, another is asked where it is in doubt",
    },
    {"value": "fast", "title": "Quickly", "hint": "one engine alone"},
    {
        "value": "tesseract",
        "title": "With Tesseract alone",
        "hint": "for print that the usual engine misreads",
    },
]
KEY: Final = UUID("00000000-0000-0000-0000-00005eed0001")
FIELDS: Final = (
    FieldChange("total", FieldSight("total", "1,485.72", 0.62), FieldSight("total", "1,485.71", 0.93)),
    FieldChange(
        "invoice_number",
        FieldSight("invoice_number", "2024-111", 1.0, "corrected"),
        FieldSight("invoice_number", "2024-1l1", 0.58),
    ),
    FieldChange("iban", FieldSight("iban", "", 0.4), FieldSight("iban", "DE89 3704 0044 0532 0130 00", 0.97)),
    FieldChange(
        "invoice_date", FieldSight("invoice_date", "02 March 2024", 0.9), FieldSight("x", "02 March 2024", 0.97)
    ),
    FieldChange("currency", FieldSight("currency", "EUR", 0.97), FieldSight("currency", "EUR", 0.99)),
)
TITLES: Final = {
    "total": "Total",
    "invoice_number": "Invoice number",
    "iban": "IBAN",
    "invoice_date": "Invoice date",
    "currency": "Currency",
}
PAGES: Final = (PageChange(1, 6, 86, 88, 0.83, 0.95), PageChange(2, 0, 41, 41, 0.97, 0.98))
posted: list[str] = []
"""What was asked, and how it was chosen."""


def _told(word: dict[str, Any]) -> str:
    """Misread as the reading that stands does."""
    return str(word["text"]).replace("Total", "Tota1").replace("EUR", "FUR")


def _pieces(words: list[dict[str, Any]]) -> tuple[list[SimpleNamespace], list[SimpleNamespace]]:
    pieces, marks, line = [], [], words[0]["bbox"][1]
    for step in word_steps([_told(word) for word in words], [word["text"] for word in words]):
        if not step.alike:
            there = words[slice(*step.before)]
            breaks, line = abs(there[0]["bbox"][1] - line) > 0.012, there[0]["bbox"][1]
            gone = " ".join(_told(word) for word in there)
            pieces.append(SimpleNamespace(kind="gone", text=gone, breaks=breaks))
        for word in words[slice(*step.after)]:
            breaks = abs(word["bbox"][1] - line) > 0.012
            line = word["bbox"][1]
            pieces.append(SimpleNamespace(kind="same" if step.alike else "new", text=word["text"], breaks=breaks))
            if not step.alike:
                marks.append(_mark(word["bbox"]))
    return pieces, marks


def _mark(bbox: list[float]) -> SimpleNamespace:
    x0, y0, x1, y1 = bbox
    return SimpleNamespace(
        kind="new",
        x=x0 * WIDTH - 4,
        y=y0 * HEIGHT - 4,
        width=(x1 - x0) * WIDTH + 8,
        height=(y1 - y0) * HEIGHT + 8,
    )


def comparison(status: str) -> dict[str, Any]:
    """Give the candidate as review.selectors.reprocessings gives it."""
    ready = status == "ready"
    return {
        "id": KEY,
        "document": {"id": KEY, "filename": "invoice-2024-111.pdf"},
        "status": status,
        "mark": f"reread_{status}",
        "way": "Thoroughly",
        "pages": 0 if status == "queued" else 2,
        "pages_done": 1 if status == "reading" else 2,
        "pages_failed": 0,
        "schema_before": "invoice",
        "schema_after": "invoice",
        "fields_changed": sum(change.replaces for change in FIELDS),
        "words_changed": sum(page.changed for page in PAGES),
        "ready": ready,
        "under_way": status in {"queued", "reading"},
        "run": 2,
        "created_at": datetime.now(UTC) - timedelta(minutes=4),
    }


def shown(words: list[dict[str, Any]], status: str) -> dict[str, Any]:
    """Give the page as review.selectors.reprocessing_page gives it."""
    lines = [SimpleNamespace(title=TITLES[change.name], change=change) for change in FIELDS]
    read = status in {"ready", "applied"}
    pieces, marks = _pieces(words)
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
        "error": {"title": "Reading this file took more than it may"} if status == "failed" else None,
    }


def page_of(request: HttpRequest, words: list[dict[str, Any]]) -> HttpResponse:
    """Show it; `status` in the query says where it stands."""
    status = request.GET.get("status", "ready")
    part = request.GET.get("part")
    template = "ingestion/rereading.html"
    context = {"section": "documents", "found": comparison(status), "shown": shown(words, status)}
    return render(request, f"{template}#{part}" if part else template, context)


def _line(number: int, name: str, status: str = "ready", **changes: object) -> SimpleNamespace:
    """Give one of many as review.selectors.reprocessings gives it."""
    line: dict[str, object] = {
        "id": UUID(int=number),
        "document": {"id": KEY, "filename": name},
        "way": "Thoroughly",
        "mark": f"reread_{status}",
        "ready": status == "ready",
        "better": False,
        "fields_changed": 0,
        "words_changed": 0,
        "sureness": (0.83, 0.95),
        "schema_before": "invoice",
        "schema_after": "invoice",
        "pages_failed": 0,
    }
    return SimpleNamespace(**line | changes)


LINES: Final = (
    _line(1, "a-very-long-name-of-a-file-that-nobody-shortens-2024.pdf", fields_changed=2, words_changed=14),
    _line(2, "letter.pdf", words_changed=3, schema_after="receipt"),
    _line(3, "invoice-2024-111.pdf", better=True, fields_changed=1, words_changed=6),
    _line(4, "invoice-2024-112.pdf", better=True, words_changed=2),
    _line(5, "invoice-2024-113.pdf", "reading"),
)


def many(request: HttpRequest) -> HttpResponse:
    """Show the readings of many documents; `empty` in the query leaves none."""
    found = {
        "comparisons": () if request.GET.get("empty") else LINES,
        "ready": LINES[:4],
        "better": LINES[2:4],
        "under_way": 1,
        "fields_changed": 3,
        "words_changed": 25,
        "pages_failed": 0,
        "left": 0,
    }
    part = request.GET.get("part")
    template = "ingestion/rereadings.html"
    return render(request, f"{template}#{part}" if part else template, {"section": "documents", "found": found})


def choose(request: HttpRequest) -> HttpResponse:
    """Note what was chosen."""
    chosen = ",".join(request.POST.getlist("rereading"))
    posted.append(f"{request.path} {request.POST.get('verb', '')} {chosen}".strip())
    return redirect("review:rereadings")


def ask(request: HttpRequest, **ids: UUID) -> HttpResponse:
    """Note what was asked for, and where to."""
    chosen = ",".join(request.POST.getlist("document"))
    posted.append(f"{request.path} {request.POST.get('way', '')} {chosen}".strip())
    return redirect("review:documents")
