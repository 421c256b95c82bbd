"""Fixture contexts for the pages around the viewer."""

from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

KEY = UUID(int=0x5EED0001)


def _ago(**span: float) -> datetime:
    return datetime.now(timezone.utc) - timedelta(**span)


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    part = request.GET.get("part")
    return render(request, f"{template}#{part}" if part else template, context)


def desk(request: HttpRequest) -> HttpResponse:
    """The desk."""
    if request.GET.get("empty"):
        empty = {
            "waiting": 0,
            "due_soon": 0,
            "overdue": 0,
            "in_work": 0,
            "postponed": 0,
            "decided_today": 0,
            "queues": [],
        }
        return _page(request, "review/desk.html", {"section": "desk", "desk": empty, "tasks": [], "filters": {}})
    queues = [
        {"id": 1, "key": "1", "name": name, "waiting": count}
        for name, count in (("Invoices", 18), ("Lab reports", 9), ("Identity", 15))
    ]
    board = {"waiting": 42, "due_soon": 6, "overdue": 2, "in_work": 1, "postponed": 3, "decided_today": 37,
             "queues": queues, "longest": 18}  # fmt: skip
    names = ("invoice-2024-118.pdf", "lab-report-werner.pdf", "passport-scan-0312.jpg", "receipt-cafe-mitte.jpg",
             "discharge-letter-4471.pdf", "invoice-2024-121.pdf")  # fmt: skip
    why = ("Total does not match the lines", "Values are hard to read", "Check digit of the machine readable zone is wrong",
           "Reading confidence below 70", "Diagnosis code does not exist", "Newer version of invoice-2024-118.pdf")  # fmt: skip
    tasks = [
        {"id": n, "url": f"/review/tasks/{KEY}/", "title": name, "queue": queues[n % 3]["name"], "reason": why[n],
         "risk": (0.62, 0.41, 0.38, 0.22, 0.18, 0.09)[n], "due_at": _ago(minutes=34 - 62 * n), "overdue": n == 0,
         "who": "Omar Operator" if n == 2 else "", "state": "CLAIMED" if n == 2 else "OPEN"}
        for n, name in enumerate(names)
    ]  # fmt: skip
    context = {"section": "desk", "desk": board, "tasks": tasks, "filters": {}, "next_url": "?cursor=x",
               "states": [("OPEN", "Waiting"), ("CLAIMED", "In work"), ("POSTPONED", "Postponed")]}  # fmt: skip
    return _page(request, "review/desk.html", context)


SCHEMAS = [("invoice", "Invoice"), ("receipt", "Receipt"), ("lab_report", "Lab report")]


def documents(request: HttpRequest) -> HttpResponse:
    """The documents."""
    states = (
        "READING",
        "IN_REVIEW",
        "APPROVED",
        "REJECTED",
        "NEEDS_PASSWORD",
        "FAILED",
        "QUARANTINED",
        "RECEIVED",
    )
    rows = [
        {"id": n, "url": f"/documents/{KEY}/", "title": f"{('invoice', 'receipt', 'lab-report')[n % 3]}-{2400 + n}.pdf",
         "schema_title": SCHEMAS[n % 3][1], "pages": n % 4 + 1, "overall": (None, 71, 96, 34, None, None, None, None)[n],
         "status": state, "created_at": _ago(minutes=7 * n * n + 1),
         "note": "Page 2 of 3 is being read" if n == 0 else ""}
        for n, state in enumerate(states)
    ]  # fmt: skip
    context = {"section": "documents", "documents": [] if request.GET.get("empty") else rows, "filters": {}, "schemas": SCHEMAS,
               "statuses": [("APPROVED", "Approved"), ("IN_REVIEW", "In review")],
               "upload": {"url": "/v1/documents/ingest", "record": "/documents/{id}/", "most_bytes": 100 * 2**20}}  # fmt: skip
    return _page(request, "ingestion/documents.html", context)


def search(request: HttpRequest) -> JsonResponse:
    """What the palette finds."""
    found = [{"title": "invoice-2024-118.pdf", "url": f"/documents/{KEY}/", "hint": "Invoice"}]
    return JsonResponse({"results": found if "inv" in request.GET.get("q", "") else []})


def record(request: HttpRequest, key: UUID) -> HttpResponse:
    """A document's record."""
    image = {"image": f"/pages/{KEY}/1.jpg", "width": 1240, "height": 1754}
    waterfall = [
        {"title": "A perfect document", "points": "100", "x": 0, "width": 100, "total": True},
        {"title": "Total does not match the lines", "points": "−14", "x": 86, "width": 14, "total": False},
        {"title": "Low contrast on page 1", "points": "−5", "x": 81, "width": 5, "total": False},
        {"title": "Supplier not seen before", "points": "−2", "x": 79, "width": 2, "total": False},
        {"title": "Score", "points": "79", "x": 0, "width": 79, "total": True},
    ]
    issues = [
        {"code": "TOTALS", "severity": "major", "message": "Total does not match the lines", "page": 1,
         "recommendation": "The lines and the tax add up to 1,485.71.", "crop": {"view": "760 880 420 90", **image}},
        {"code": "SUPPLIER_UNKNOWN", "severity": "minor", "message": "This supplier has not been seen before", "page": 1,
         "recommendation": "Compare the IBAN with your records.", "crop": {"view": "90 90 520 110", **image}},
    ]  # fmt: skip
    value = {
        "id": KEY, "title": "invoice-2024-111.pdf", "status": "IN_REVIEW", "schema_title": "Invoice", "stage": "",
        "task_url": f"/review/tasks/{KEY}/", "exports": [{"url": "#", "title": "JSON"}, {"url": "#", "title": "CSV"}],
        "may_rerun": True, "rerun_url": "#", "pages_failed": 1, "page_count": 3,
        "score": {"overall": 79, "coverage": 0.92, "dimensions": [
            {"title": "Structural", "value": 93}, {"title": "Content", "value": 64},
            {"title": "Compliance", "value": 100}, {"title": "Freshness", "value": 88}]},
        "waterfall": waterfall, "issues": issues,
        "fields": [{"title": "Total", "value": "1,485.72", "confidence": 0.62, "by": "model"},
                   {"title": "Invoice date", "value": "02 March 2024", "confidence": 0.97, "by": "Rina Reviewer"}],
        "pages": [{"number": n, "image": f"/pages/{KEY}/{n}.jpg", "thumbnail": f"/pages/{KEY}/{n}.jpg?thumbnail=1",
                   "thumbnail_height": 136} for n in (1, 2)],
        "facts": [{"title": "File", "value": "PDF, 214 kB"}, {"title": "Received", "at": _ago(hours=3)},
                  {"title": "Batch", "value": "Mailroom, Tuesday", "url": "/batches/"},
                  {"title": "Hash", "value": "5f1c9a0e22b7", "mono": True}],
        "timeline": [{"what": "Received", "who": "API key mailroom", "at": _ago(hours=3)},
                     {"what": "Read", "who": "", "at": _ago(hours=2.99)},
                     {"what": "Sent to review: totals do not match", "who": "", "at": _ago(hours=2.98)},
                     {"what": "Claimed", "who": "Rina Reviewer", "at": _ago(minutes=4)}],
        "runs": [{"number": 1, "overall": 61}, {"number": 2, "overall": 79}],
    }  # fmt: skip
    return _page(request, "ingestion/document.html", {"section": "documents", "record": value})


def batches(request: HttpRequest) -> HttpResponse:
    """All batches."""
    rows = [
        {"url": f"/batches/{KEY}/", "name": name, "total": total, "progress": progress, "status": status, "created_at": _ago(hours=n * 5)}
        for n, (name, total, progress, status) in enumerate(
            [("Mailroom, Tuesday", 120, 64, "RUNNING"), ("Archive 2019", 4000, 12, "PAUSED"), ("Audit sample", 59, 100, "DONE")], 1)
    ]  # fmt: skip
    return _page(request, "ingestion/batches.html", {"section": "batches", "batches": rows})


def batch(request: HttpRequest, key: UUID) -> HttpResponse:
    """One batch."""
    parts = [
        {"status": "APPROVED", "tone": "good", "count": 64, "x": 0, "width": 53},
        {"status": "IN_REVIEW", "tone": "warn", "count": 22, "x": 53, "width": 18},
        {"status": "READING", "tone": "info", "count": 12, "x": 71, "width": 10},
        {"status": "FAILED", "tone": "bad", "count": 2, "x": 81, "width": 2},
        {"status": "RECEIVED", "tone": "soft", "count": 20, "x": 83, "width": 17},
    ]
    rows = [
        {"id": n, "url": f"/documents/{KEY}/", "title": f"scan-{n:04d}.pdf", "status": part["status"],
         "stage": "Page 2 of 5" if part["status"] == "READING" else "", "overall": 91 - 9 * n if n < 2 else None}
        for n, part in enumerate(parts)
    ]  # fmt: skip
    value = {"id": KEY, "name": "Mailroom, Tuesday", "status": "RUNNING", "total": 120, "done": 66, "failed": 2,
             "control_url": "#", "parts": parts, "documents": rows, "upload_url": "/documents/"}  # fmt: skip
    return _page(request, "ingestion/batch.html", {"section": "batches", "batch": value})


def models(request: HttpRequest) -> HttpResponse:
    """The models."""
    if request.GET.get("empty"):
        return _page(
            request, "quality/models.html", {"section": "models", "models": {"compared": [], "examples": 0}}
        )
    compared = [
        {"id": KEY, "number": 3, "title": "Version 3", "state": "champion", "examples": 1840, "created_at": _ago(days=6),
         "figures": [{"title": "Log loss", "value": "0.214"}, {"title": "AUC", "value": "0.931"}, {"title": "Calibration error", "value": "0.031"}]},
        {"id": KEY, "number": 4, "title": "Version 4", "state": "candidate", "examples": 2212, "created_at": _ago(hours=2),
         "figures": [{"title": "Log loss", "value": "0.187", "change": "−0.027", "tone": "good"}, {"title": "AUC", "value": "0.944", "change": "+0.013", "tone": "good"},
                     {"title": "Calibration error", "value": "0.034", "change": "+0.003", "tone": "bad"}]},
    ]  # fmt: skip
    dots = [
        {
            "x": 90 + 160 * n,
            "y": 150 - 34 * n,
            "label": f"v{n + 1}",
            "examples": 400 * (n + 1),
            "value": f"0.{31 - 4 * n}",
        }
        for n in range(4)
    ]
    curve = {"title": "Log loss on held-out examples falls with each training", "measure": "Log loss", "dots": dots,
             "points": " ".join(f"{d['x']},{d['y']}" for d in dots), "ticks": [{"y": 40, "text": "0.4"}, {"y": 105, "text": "0.2"}]}  # fmt: skip
    history = [{"id": KEY, "title": f"Version {n}", "state": state, "examples": 500 * n, "created_at": _ago(days=9 - n)}
               for n, state in ((4, "candidate"), (3, "champion"), (2, "retired"), (1, "retired"))]  # fmt: skip
    value = {"examples": 2212, "confirmed": 1794, "corrected": 418, "held_out": 442, "compared": compared, "curve": curve,
             "history": history, "training": None}  # fmt: skip
    return _page(request, "quality/models.html", {"section": "models", "models": value})


def sign_in(request: HttpRequest) -> HttpResponse:
    """The door."""
    form = {
        "errors": request.method == "POST",
        "non_field_errors": ["That e-mail and password do not fit together."] if request.method == "POST" else [],
    }
    return render(request, "tenancy/sign_in.html", {"form": form})


def error(request: HttpRequest, code: str) -> HttpResponse:
    """An error page, as Django renders it: without a context."""
    return render(request, f"{code}.html", status=int(code))
