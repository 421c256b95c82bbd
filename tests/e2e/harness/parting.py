"""A file of nine pages and how it is parted, in memory: the workspace over the real page and scripts."""

import json
from copy import deepcopy
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render

PAGES = 9
SHOWN = UUID(int=0x5EED0001)
FILE = UUID(int=0x5EED00F0)
REASONS = {
    "separator": "a separator sheet lies before it",
    "other_number": "another document number",
    "letterhead": "another letterhead",
    "person": "cut by a person",
}
LEFT_OUT = {"separator": "Separator sheet", "left_out": "Left out by a person"}
MARKS = {
    "IN_REVIEW": {"icon": "eye", "tone": "warn", "title": "In review"},
    "APPROVED": {"icon": "check-circle", "tone": "good", "title": "Approved"},
    "ASSESSING": {"icon": "quality", "tone": "info", "title": "Being checked"},
}
FIRST: dict[str, Any] = {
    "number": 1,
    "by_person": False,
    "dropped": [{"page": 4, "why": "separator"}],
    "boundaries": [{"page": 7, "chance": 0.87, "reasons": ["other_number", "letterhead"]}],
}
PARTS: list[tuple[list[int], list[str], str]] = [
    ([1, 2, 3], [], "APPROVED"),
    ([5, 6, 7, 8, 9], ["separator"], "IN_REVIEW"),
]

state: dict[str, Any] = {}
sent: list[dict[str, Any]] = []


def begin() -> None:
    """Start afresh."""
    sent.clear()
    state.clear()
    state.update(deepcopy(FIRST))
    state["parts"] = [_part(place, *part) for place, part in enumerate(PARTS, 1)]


def _part(place: int, pages: list[int], reasons: list[str], status: str) -> dict[str, Any]:
    key = str(UUID(int=0x5EED0100 + place))
    return {
        "document": key,
        "filename": f"mailroom-{place}.pdf",
        "status": status,
        "pages": pages,
        "reasons": reasons,
        "mark": MARKS[status],
    }


def _found() -> dict[str, Any]:
    pages = [
        {
            "number": number,
            "width": 1000,
            "height": 1414,
            "image": f"/pages/{SHOWN}/{1 + (number % 3 == 0)}.jpg",
            "thumbnail": f"/pages/{SHOWN}/{1 + (number % 3 == 0)}.jpg?thumbnail",
            "error": "corrupt" if number == 8 else "",
        }
        for number in range(1, PAGES + 1)
    ]
    return {
        **state,
        "document": FILE,
        "status": "SPLIT",
        "pages": PAGES,
        "filename": "mailroom-2026-03-02.pdf",
        "all_pages": pages,
        "words": {"reasons": REASONS, "left_out": LEFT_OUT},
        "may_mend": True,
        "may_reopen": True,
        "opened_from": str(FILE),
        "urls": {
            "split": f"/v1/documents/{FILE}/split",
            "turns": f"/v1/documents/{FILE}/turns",
            "record": "/documents/{id}/",
        },
    }


def workspace(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Show the workspace, or its values alone; `locked` in the query shows it to someone who may only look."""
    if not state:
        begin()
    get_token(request)
    found = _found()
    if "locked" in request.GET:
        found["may_mend"] = False
    if request.GET.get("part") == "payload":
        return JsonResponse(found)
    return render(request, "ingestion/pages.html", {"workspace": found, "section": "documents"})


def turns(request: HttpRequest, document_id: UUID) -> JsonResponse:
    """Note which pages are turned."""
    sent.append(json.loads(request.body))
    return JsonResponse({}, status=202)


def split(request: HttpRequest, document_id: UUID) -> JsonResponse:
    """Part the file as the API does: over the number that was seen."""
    if request.headers.get("If-Match") != f'"{state["number"]}"':
        return JsonResponse({"type": "urn:refinery:problem:stale", "title": "The split has changed"}, status=412)
    body = json.loads(request.body)
    sent.append(body)
    before = {json.dumps(part["pages"]): part for part in state["parts"]}
    state["parts"] = [
        before.get(json.dumps(part["pages"])) or _part(10 + place, part["pages"], ["person"], "ASSESSING")
        for place, part in enumerate(body["parts"])
    ]
    state["dropped"] = [
        {"page": page, "why": "separator" if page == 4 else "left_out"} for page in body["dropped"]
    ]
    state.update(number=state["number"] + 1, by_person=True)
    return JsonResponse(_found())


def other(request: HttpRequest) -> HttpResponse:
    """Someone else parts the file meanwhile."""
    state["number"] += 1
    return HttpResponse("ok")


def seen(request: HttpRequest) -> JsonResponse:
    """Tell a test what reached the server."""
    return JsonResponse({"sent": sent})


def reset(request: HttpRequest) -> HttpResponse:
    """Start afresh."""
    begin()
    return HttpResponse("ok")
