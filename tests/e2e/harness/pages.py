"""Pages around the viewer with the fixture values of pages.json, where "@-90" means 90 minutes ago."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from tests.e2e.harness.reprocessing import OPTIONS, comparison

FIXTURES = Path(__file__).with_name("pages.json")
requested_exports: dict[str, str] = {}
"""Status of the requested exports by format."""


def _with_times(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        return {name: _with_times(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_with_times(each) for each in value]
    if isinstance(value, str) and value.startswith("@"):
        return datetime.now(UTC) + timedelta(minutes=int(value[1:]))
    return value


def _page(request: HttpRequest, template: str, fixture: str) -> HttpResponse:
    context = _with_times(json.loads(FIXTURES.read_text())[fixture]) | {"presets": OPTIONS}
    context |= {"locked": "locked" in request.GET, "open_reprocessings": int(request.GET.get("open", "0"))}
    if request.GET.get("other"):
        context["open_reprocessing"] = comparison(request.GET["other"])
    part = request.GET.get("part")
    return render(request, f"{template}#{part}" if part else template, context)


def desk(request: HttpRequest) -> HttpResponse:
    """Show the desk, or an empty one."""
    return _page(request, "review/desk.html", "empty_desk" if request.GET.get("empty") else "desk")


def documents(request: HttpRequest) -> HttpResponse:
    """Show the documents."""
    return _page(request, "ingestion/documents.html", "documents")


def search(request: HttpRequest) -> JsonResponse:
    """Return the search results of the command palette."""
    found = [{"title": "invoice-2024-118.pdf", "url": "/documents/", "hint": "Invoice"}]
    return JsonResponse({"results": found if "inv" in request.GET.get("q", "") else []})


def record(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Show a document's record."""
    return _page(request, "ingestion/document.html", "record")


def exports(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Show the record's exports as ingestion.views.exports does; a requested one is queued until `finish_exports`."""
    if request.method == "POST":
        requested_exports[request.POST["format"]] = "queued"
    found = _with_times(json.loads(FIXTURES.read_text())["record"]["exports"])
    for line in found["lines"]:
        line["state"] = requested_exports.get(line["form"], line["state"])
    found["waiting"] = sum(line["state"] == "queued" for line in found["lines"])
    if request.GET.get("waiting") == str(found["waiting"]):
        return HttpResponse(status=204)
    return render(request, "ingestion/document.html#exports", {"exports": found})


def finish_exports(request: HttpRequest) -> HttpResponse:
    """Finish the queued exports."""
    requested_exports.update(dict.fromkeys(requested_exports, "ready"))
    return HttpResponse("ok")


def batches(request: HttpRequest) -> HttpResponse:
    """Show all batches."""
    return _page(request, "ingestion/batches.html", "batches")


def batch(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Show one batch."""
    return _page(request, "ingestion/batch.html", "batch")


def models(request: HttpRequest) -> HttpResponse:
    """Show the models, or none yet."""
    return _page(request, "quality/models.html", "no_models" if request.GET.get("empty") else "models")


def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the sign-in page; a POST is always refused."""
    refused = request.method == "POST"
    errors = ["The e-mail address or the password is not right."] if refused else []
    return render(request, "tenancy/sign_in.html", {"form": {"errors": refused, "non_field_errors": errors}})


def error(request: HttpRequest, code: str) -> HttpResponse:
    """Show an error page."""
    return render(request, f"{code}.html", status=int(code))
