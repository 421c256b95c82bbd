"""The pages around the viewer, over the fixture values of pages.json; "@-90" there is 90 minutes ago."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from tests.e2e.harness.rereading import WAYS, comparison

FIXTURES = Path(__file__).with_name("pages.json")
asked: dict[str, str] = {}
"""Exports that were asked for, and how they stand."""


def _timed(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        return {name: _timed(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_timed(each) for each in value]
    if isinstance(value, str) and value.startswith("@"):
        return datetime.now(UTC) + timedelta(minutes=int(value[1:]))
    return value


def _page(request: HttpRequest, template: str, fixture: str) -> HttpResponse:
    context = _timed(json.loads(FIXTURES.read_text())[fixture]) | {"ways": WAYS}
    context |= {"locked": "locked" in request.GET, "open_rereadings": int(request.GET.get("open", "0"))}
    if request.GET.get("other"):
        context["other"] = comparison(request.GET["other"])
    part = request.GET.get("part")
    return render(request, f"{template}#{part}" if part else template, context)


def desk(request: HttpRequest) -> HttpResponse:
    """The desk, or one where nothing waits."""
    return _page(request, "review/desk.html", "empty_desk" if request.GET.get("empty") else "desk")


def documents(request: HttpRequest) -> HttpResponse:
    """The documents."""
    return _page(request, "ingestion/documents.html", "documents")


def search(request: HttpRequest) -> JsonResponse:
    """What the palette finds."""
    found = [{"title": "invoice-2024-118.pdf", "url": "/documents/", "hint": "Invoice"}]
    return JsonResponse({"results": found if "inv" in request.GET.get("q", "") else []})


def record(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """A document's record."""
    return _page(request, "ingestion/document.html", "record")


def exports(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """The record's exports as review.views.exports gives them; one that is asked for waits for `finish`."""
    if request.method == "POST":
        asked[request.POST["format"]] = "queued"
    found = _timed(json.loads(FIXTURES.read_text())["record"]["exports"])
    for line in found["lines"]:
        line["state"] = asked.get(line["form"], line["state"])
    found["waiting"] = sum(line["state"] == "queued" for line in found["lines"])
    if request.GET.get("waiting") == str(found["waiting"]):
        return HttpResponse(status=204)
    return render(request, "ingestion/document.html#exports", {"exports": found})


def finish(request: HttpRequest) -> HttpResponse:
    """End what is being made."""
    asked.update(dict.fromkeys(asked, "ready"))
    return HttpResponse("ok")


def batches(request: HttpRequest) -> HttpResponse:
    """All batches."""
    return _page(request, "ingestion/batches.html", "batches")


def batch(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """One batch."""
    return _page(request, "ingestion/batch.html", "batch")


def models(request: HttpRequest) -> HttpResponse:
    """The models, or none yet."""
    return _page(request, "quality/models.html", "no_models" if request.GET.get("empty") else "models")


def sign_in(request: HttpRequest) -> HttpResponse:
    """The door; a POST is always refused."""
    refused = request.method == "POST"
    errors = ["The e-mail address or the password is not right."] if refused else []
    return render(request, "tenancy/sign_in.html", {"form": {"errors": refused, "non_field_errors": errors}})


def error(request: HttpRequest, code: str) -> HttpResponse:
    """An error page."""
    return render(request, f"{code}.html", status=int(code))
