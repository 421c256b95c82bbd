"""In-memory split of a file of nine pages, behind the real page and scripts of the split workspace."""

import json
from copy import deepcopy
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render

PAGES = 9
SHOWN_DOCUMENT = UUID(int=0x5EED0001)
FILE_DOCUMENT = UUID(int=0x5EED00F0)
REASONS = {
    "separator": "preceded by a separator sheet",
    "other_number": "another document number",
    "letterhead": "another letterhead",
    "person": "split by a person",
}
DROP_LABELS = {"separator": "Separator sheet", "excluded": "Removed by a person"}
MARKS = {
    "IN_REVIEW": {"icon": "eye", "tone": "warn", "title": "In review"},
    "APPROVED": {"icon": "check-circle", "tone": "good", "title": "Approved"},
    "ASSESSING": {"icon": "quality", "tone": "info", "title": "Being checked"},
}
FIRST: dict[str, Any] = {
    "number": 1,
    "by_person": False,
    "dropped": [{"page": 4, "reason": "separator"}],
    "boundaries": [{"page": 7, "chance": 0.87, "reasons": ["other_number", "letterhead"]}],
}
PARTS: list[tuple[list[int], list[str], str]] = [
    ([1, 2, 3], [], "APPROVED"),
    ([5, 6, 7, 8, 9], ["separator"], "IN_REVIEW"),
]

state: dict[str, Any] = {}
received_splits: list[dict[str, Any]] = []


def reset_state() -> None:
    """Reset the state."""
    received_splits.clear()
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


def _found_split() -> dict[str, Any]:
    pages = [
        {
            "number": number,
            "width": 1000,
            "height": 1414,
            "image": f"/pages/{SHOWN_DOCUMENT}/{1 + (number % 3 == 0)}.jpg",
            "thumbnail": f"/pages/{SHOWN_DOCUMENT}/{1 + (number % 3 == 0)}.jpg?thumbnail",
            "error": "corrupt" if number == 8 else "",
        }
        for number in range(1, PAGES + 1)
    ]
    return {
        **state,
        "document": FILE_DOCUMENT,
        "status": "SPLIT",
        "pages": PAGES,
        "filename": "mailroom-2026-03-02.pdf",
        "all_pages": pages,
        "labels": {"reasons": REASONS, "dropped": DROP_LABELS},
        "may_edit": True,
        "may_reopen": True,
        "opened_from": str(FILE_DOCUMENT),
        "urls": {
            "split": f"/v1/documents/{FILE_DOCUMENT}/split",
            "rotations": f"/v1/documents/{FILE_DOCUMENT}/rotations",
            "record": "/documents/{id}/",
        },
    }


def split_editor(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Show the workspace, or its JSON; `locked` in the query shows it without the edit permission."""
    if not state:
        reset_state()
    get_token(request)
    found = _found_split()
    if "locked" in request.GET:
        found["may_edit"] = False
    if request.GET.get("part") == "payload":
        return JsonResponse(found)
    return render(request, "ingestion/split_editor.html", {"editor": found, "section": "documents"})


def rotate_pages(request: HttpRequest, document_id: UUID) -> JsonResponse:
    """Record the requested rotations."""
    received_splits.append(json.loads(request.body))
    return JsonResponse({}, status=202)


def split(request: HttpRequest, document_id: UUID) -> JsonResponse:
    """Edit the split as the API does, with the version check."""
    if request.headers.get("If-Match") != f'"{state["number"]}"':
        return JsonResponse({"type": "urn:refinery:problem:stale", "title": "The split has changed"}, status=412)
    body = json.loads(request.body)
    received_splits.append(body)
    before = {json.dumps(part["pages"]): part for part in state["parts"]}
    state["parts"] = [
        before.get(json.dumps(part["pages"])) or _part(10 + place, part["pages"], ["person"], "ASSESSING")
        for place, part in enumerate(body["parts"])
    ]
    state["dropped"] = [{"page": page, "reason": "separator" if page == 4 else "excluded"} for page in body["dropped"]]
    state.update(number=state["number"] + 1, by_person=True)
    return JsonResponse(_found_split())


def split_by_other(request: HttpRequest) -> HttpResponse:
    """Simulate another person's edit."""
    state["number"] += 1
    return HttpResponse("ok")


def seen(request: HttpRequest) -> JsonResponse:
    """Return the data that the server received, for tests."""
    return JsonResponse({"sent": received_splits})


def reset(request: HttpRequest) -> HttpResponse:
    """Reset the state."""
    reset_state()
    return HttpResponse("ok")
