"""The harness as a Django site: real templates, scripts and security policy, with fixture data."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import include, path, re_path
from django.views.decorators.http import require_POST
from django.views.i18n import JavaScriptCatalog

from ingestion.domain.page.serialization import api_blocks, pack_block, pack_word
from tests.e2e.harness import pages, reprocessing, split
from tests.e2e.harness.desk import HarnessState

CONFLICT = 409
UNPROCESSABLE = 422
SHOWN = {"16.04.2026": "16 Apr 2026", "1500": "1,500.00"}
Handler = Callable[[str, dict[str, Any]], HttpResponse]
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
PERMISSIONS = dict.fromkeys(
    (
        "review_view",
        "review_work",
        "document_view",
        "document_upload",
        "batch_view",
        "batch_control",
        "metrics_view",
        "model_view",
        "model_train",
        "model_promote",
        "document_export",
        "document_rerun",
    ),
    True,
)

harness_state = HarnessState()
for given in range(1, 9):
    harness_state.add(given)


class SecurityPolicyMiddleware:
    """Sends the product's strict Content-Security-Policy with every response."""

    def __init__(self, get_response: Any) -> None:  # noqa: ANN401 - Django's signature
        """Store the rest of the middleware chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the header."""
        answer: HttpResponse = self.get_response(request)
        answer["Content-Security-Policy"] = POLICY
        return answer


def layout_context(request: HttpRequest) -> dict[str, Any]:
    """Return what refinery.core.web.page_context returns: a person, their permissions, their tenants."""
    person = {"name": "Rina Reviewer", "role": "manager", "tenant_id": "t1"}
    memberships = [{"tenant_id": "t1", "tenant_name": "Demo"}, {"tenant_id": "t2", "tenant_name": "Northwind"}]
    return {"actor": person, "permissions": PERMISSIONS, "memberships": memberships}


def reset(request: HttpRequest) -> HttpResponse:
    """Reset to the state of the query: `count` documents in `queue`, `flagged` fields each, one of them `locked`."""
    flagged = request.GET.get("flagged")
    harness_state.queue = request.GET.get("queue", "Invoices")
    harness_state.locked_tasks = int(request.GET.get("locked", "0"))
    harness_state.held_until = None
    harness_state.chosen_queue = request.GET.get("chosen", "")
    harness_state.accepted_by = request.GET.get("accepted", "")
    harness_state.too_late = "too_late" in request.GET
    with harness_state.lock:
        for store in (
            harness_state.tasks,
            harness_state.order,
            harness_state.document_pages,
            harness_state.submitted,
            harness_state.next_requests,
            harness_state.drafts,
            harness_state.regions,
            pages.requested_exports,
            reprocessing.received,
        ):
            store.clear()
        for number in range(1, int(request.GET.get("count", "8")) + 1):
            harness_state.add(number, None if flagged is None else int(flagged))
    return HttpResponse("ok")


def hold(request: HttpRequest) -> HttpResponse:
    """Let another person hold every open task for `seconds`."""
    until = datetime.now(UTC) + timedelta(seconds=float(request.GET["seconds"]))
    harness_state.held_until = until.isoformat()
    for one in harness_state.tasks.values():
        one["state"] = "CLAIMED"
    return HttpResponse("ok")


def let_go(request: HttpRequest) -> HttpResponse:
    """Let the other person's lease lapse, which no event reports."""
    harness_state.held_until = None
    for one in harness_state.tasks.values():
        one["state"] = "OPEN"
    return HttpResponse("ok")


def received(request: HttpRequest) -> JsonResponse:
    """Return the data that the server received, for tests."""
    states = {key: task["state"] for key, task in harness_state.tasks.items()}
    seen = {
        "next": harness_state.next_requests,
        "submitted": harness_state.submitted,
        "drafts": harness_state.drafts,
        "states": states,
        "reprocess": reprocessing.received,
    }
    return JsonResponse(seen)


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Claim the next task and open it."""
    key = harness_state.next(ahead=False)
    if key is None:
        return redirect("review:desk")
    harness_state.claim(key)
    return redirect("review:task", key)


def task(request: HttpRequest, key: UUID) -> HttpResponse:
    """Show the viewer; `boxes` in the query adds that many fields for load tests, `bare` removes all fields."""
    get_token(request)
    payload = harness_state.payload(str(key))
    if "bare" in request.GET:
        payload["document"] |= {"schema": "", "schema_title": "", "fields": [], "issues": []}
    many = int(request.GET.get("boxes", "0"))
    for index in range(many):
        x, y = (index % 40) / 40, (index // 40) / max(1, many // 40 + 1)
        payload["document"]["fields"].append(
            {
                "name": f"cell{index}",
                "title": f"Cell {index}",
                "kind": "text",
                "value": str(index),
                "normalized": "",
                "confidence": 0.99,
                "page": 1,
                "bbox": [x, y, x + 0.02, y + 0.012],
                "alternatives": [],
                "needs_human": False,
                "required": False,
                "validation": [],
                "version": 1,
            }
        )
    return render(request, "review/task.html", {"payload": payload, "section": "desk"})


def payload(request: HttpRequest, key: UUID) -> JsonResponse:
    """Return the viewer's JSON."""
    return JsonResponse(harness_state.payload(str(key)))


@require_POST
def next_task(request: HttpRequest) -> HttpResponse:
    """Claim the next task, as the API does."""
    body = json.loads(request.body or b"{}")
    with harness_state.lock:
        harness_state.next_requests.append(body)
        key = harness_state.next(ahead=bool(body.get("ahead")))
        if key is None:
            return HttpResponse(status=204)
        lease = harness_state.tasks[key]["lease"] or harness_state.claim(key)
    return JsonResponse({"task": {"id": key}, "document": {"id": key}, "lease": lease})


@require_POST
def task_action(request: HttpRequest, key: UUID, name: str) -> HttpResponse:
    """Perform the viewer's request on a task."""
    body = json.loads(request.body or b"{}")
    with harness_state.lock:
        return TASK_ACTIONS[name](str(key), body)


def _lease_of(key: str, body: dict[str, Any]) -> bool:
    lease = harness_state.tasks[key]["lease"]
    return bool(lease) and lease["token"] == body.get("lease")


def _lease_lost() -> JsonResponse:
    return JsonResponse(
        {
            "type": "urn:refinery:problem:lease-lost",
            "title": "Lease lost",
            "detail": "The time ran out.",
            "holder": "Omar Operator",
        },
        status=CONFLICT,
    )


def _heartbeat(key: str, body: dict[str, Any]) -> HttpResponse:
    if not _lease_of(key, body):
        return _lease_lost()
    lease = harness_state.tasks[key]["lease"]
    lease["expires_at"] = (datetime.now(UTC) + timedelta(seconds=120)).isoformat()
    return JsonResponse(lease)


def _submit(key: str, body: dict[str, Any]) -> HttpResponse:
    if not _lease_of(key, body):
        return _lease_lost()
    doubts = {one["field"]: [problem] for one in body["corrections"] if (problem := _problem(key, one))}
    if doubts and body["confirm_values"] and body["decision"] == "approve" and not body.get("reason"):
        kind = "urn:refinery:problem:confirmation-needed"
        return JsonResponse({"type": kind, "title": "Confirm these values", "errors": doubts}, status=UNPROCESSABLE)
    harness_state.tasks[key].update(state="SUBMITTED", lease=None)
    harness_state.submitted.append({"task": key, **body})
    return JsonResponse({"document_status": "APPROVED"})


def _problem(key: str, correction: dict[str, str]) -> str:
    """Return why the value of a changed field is refused, in words like the program's."""
    field = next(one for one in harness_state.tasks[key]["fields"] if one["name"] == correction["field"])
    value = correction["value"]
    if value == field["value"]:
        return ""
    if not value and field["required"]:
        return "This value is required."
    readable = not value or field["kind"] not in {"date", "money"} or any(letter.isdigit() for letter in value)
    return "" if readable else f"This cannot be read as {field['kind']}."


def _checks(key: str, body: dict[str, Any]) -> HttpResponse:
    """Read the values; the sum is right once the total is 1,485.71."""
    values = {
        name: {"value": value, "shown": SHOWN.get(value, ""), "problem": _problem(key, {"field": name, "value": value})}
        for name, value in body["values"].items()
    }
    issues = harness_state.document(key)["issues"]
    if body["values"].get("total") == "1,485.71":
        issues[0] |= {"state": "resolved"}
    return JsonResponse({"values": values, "issues": issues})


def _undo(key: str, body: dict[str, Any]) -> HttpResponse:
    if harness_state.too_late:
        detail = "A manager can reopen the document."
        return JsonResponse({"type": "urn:refinery:problem:too-late", "detail": detail}, status=CONFLICT)
    decided = next(one for one in reversed(harness_state.submitted) if one["task"] == key)
    kept = harness_state.drafts.get(key, {"revision": 0, "values": {}})
    typed = {one["field"]: {"value": one["value"]} for one in decided["corrections"]}
    harness_state.drafts[key] = {"revision": kept["revision"] + 1, "values": kept["values"] | typed}
    harness_state.submitted.append({"task": key, "decision": "undo"})
    return JsonResponse({"lease": harness_state.claim(key)})


def _leave_task(state: str) -> Handler:
    def handle(key: str, body: dict[str, Any]) -> HttpResponse:
        if not _lease_of(key, body):
            return _lease_lost()
        harness_state.tasks[key].update(state=state, lease=None)
        return JsonResponse({})

    return handle


def _draft(key: str, body: dict[str, Any]) -> HttpResponse:
    kept = harness_state.drafts.get(key, {"revision": 0, "values": {}})
    if body["revision"] != kept["revision"]:
        return JsonResponse(kept, status=CONFLICT)
    harness_state.drafts[key] = {"revision": kept["revision"] + 1, "values": body["values"]}
    return JsonResponse({"revision": kept["revision"] + 1})


def _comment(key: str, body: dict[str, Any]) -> HttpResponse:
    said = {"at": datetime.now(UTC).isoformat(), "who": "Rina Reviewer", "text": body["text"]}
    harness_state.tasks[key]["comments"].append(said)
    return JsonResponse(said, status=201)


TASK_ACTIONS: dict[str, Handler] = {
    "heartbeat": _heartbeat,
    "submit": _submit,
    "undo": _undo,
    "draft": _draft,
    "checks": _checks,
    "comment": _comment,
    "claim": lambda key, body: JsonResponse({"lease": harness_state.claim(key)}),
    "release": _leave_task("OPEN"),
    "postpone": _leave_task("POSTPONED"),
    "skip": _leave_task("SKIPPED"),
    "escalate": _leave_task("ESCALATED"),
}


def page_image(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """Return a page's image or its thumbnail."""
    sheet = harness_state.document_pages[str(key)][number - 1]
    image = sheet.jpeg(200) if "thumbnail" in request.GET else sheet.jpeg()
    return HttpResponse(image, content_type="image/jpeg", headers={"Cache-Control": "private, max-age=3600"})


def page_words(request: HttpRequest, key: UUID, number: int) -> JsonResponse:
    """Return a page's words and blocks, as the API does."""
    layout = harness_state.document_pages[str(key)][number - 1].layout()
    words = [pack_word(word) | {"bbox": word.bbox.as_list()} for word in layout.words]
    blocks = api_blocks([pack_block(block) for block in layout.blocks], words)
    return JsonResponse({"number": number, "words": words, "blocks": blocks})


@require_POST
def ask_region(request: HttpRequest, key: UUID, number: int) -> JsonResponse:
    """Request a region; the result is pending until a test sets it."""
    bbox = json.loads(request.body)["bbox"]
    name = str(uuid4())
    links = {"self": f"/v1/documents/{key}/pages/{number}/regions/{name}"}
    region = {"id": name, "status": "queued", "page": number, "bbox": bbox, "text": "", "words": [], "links": links}
    harness_state.regions[name] = region
    return JsonResponse(region, status=202)


def region(request: HttpRequest, key: UUID, number: int, name: UUID) -> JsonResponse:
    """Return the status of a region."""
    return JsonResponse(harness_state.regions[str(name)])


def answer_region(request: HttpRequest) -> JsonResponse:
    """Set the result of the last requested region to `status` and `text` of the query."""
    name, last = list(harness_state.regions.items())[-1]
    text = request.GET.get("text", "")
    last |= {"status": request.GET["status"], "text": text, "words": [{"text": text, "bbox": last["bbox"]}]}
    return JsonResponse({"id": name})


def reprocessing_page(request: HttpRequest, document_id: UUID, reprocessing_id: UUID) -> HttpResponse:
    """Show the reprocessing comparison of the first invoice."""
    return reprocessing.comparison_page(request, harness_state.document_pages[str(document_id)][0].words)


def ingest(request: HttpRequest) -> JsonResponse:
    """Accept a file; "twice.pdf" is reported as a duplicate, and a program is refused."""
    sent = request.FILES["file"]
    name = str("" if isinstance(sent, list) else sent.name)
    if name.endswith(".exe"):
        return JsonResponse({"title": "Unsupported", "detail": "Files of this kind are not read."}, status=415)
    key = str(UUID(int=7))
    return JsonResponse(
        {"id": key, "status": "RECEIVED", "duplicate_of": key if name == "twice.pdf" else None}, status=202
    )


review = (
    [
        path("", pages.desk, name="desk"),
        path("review/start/", start, name="start"),
        path("review/tasks/<uuid:key>/", task, name="task"),
        path("review/tasks/<uuid:key>/payload", payload, name="payload"),
        path("review/tasks/<uuid:key>/give-back", start, name="give-back"),
    ],
    "review",
)
ingestion = (
    [
        path("documents/", pages.documents, name="documents"),
        path("documents/search", pages.search, name="search"),
        path("documents/<uuid:document_id>/", pages.record, name="document"),
        path("documents/separator.pdf", pages.documents, name="separator"),
        path("documents/<uuid:document_id>/pages/", split.split_editor, name="pages"),
        path("documents/<uuid:document_id>/exports", pages.exports, name="exports"),
        path("documents/<uuid:document_id>/rerun", pages.record, name="rerun"),
        path("documents/reprocessings/", reprocessing.comparisons_page, name="reprocessings"),
        path("documents/reprocessings/choose", reprocessing.record_choice, name="reprocessings-choose"),
        path("documents/reprocess", reprocessing.record_request, name="reprocess-chosen"),
        path("documents/<uuid:document_id>/reprocess", reprocessing.record_request, name="reprocess"),
        path(
            "documents/<uuid:document_id>/reprocessings/<uuid:reprocessing_id>/", reprocessing_page, name="reprocessing"
        ),
        path(
            "documents/<uuid:document_id>/reprocessings/<uuid:reprocessing_id>/apply",
            reprocessing.record_request,
            name="reprocessing-apply",
        ),
        path(
            "documents/<uuid:document_id>/reprocessings/<uuid:reprocessing_id>/drop",
            reprocessing.record_request,
            name="reprocessing-drop",
        ),
        path("batches/<uuid:batch_id>/reprocess", reprocessing.record_request, name="reprocess-batch"),
        path("documents/<uuid:document_id>/password", pages.record, name="password"),
        path("batches/", pages.batches, name="batches"),
        path("batches/<uuid:batch_id>/", pages.batch, name="batch"),
    ],
    "ingestion",
)
quality = (
    [
        path("models/", pages.models, name="models"),
        path("models/train", start, name="train"),
        path("models/back", start, name="back"),
        path("models/<uuid:key>/promote", start, name="promote"),
    ],
    "quality",
)
urlpatterns = [
    path("", include(review)),
    path("", include(ingestion)),
    path("", include(quality)),
    path("i18n.js", JavaScriptCatalog.as_view(), name="javascript-catalog"),
    path("sign-in/", pages.sign_in, name="sign-in"),
    path("sign-out/", pages.sign_in, name="sign-out"),
    path("switch/", pages.sign_in, name="switch-tenant"),
    re_path(r"^(?P<code>403|404|500|503)/$", pages.error),
    path("pages/<uuid:key>/<int:number>.jpg", page_image),
    path("v1/documents/ingest", ingest),
    path("v1/documents/<uuid:key>/pages/<int:number>", page_words),
    path("v1/documents/<uuid:key>/pages/<int:number>/regions", ask_region),
    path("v1/documents/<uuid:key>/pages/<int:number>/regions/<uuid:name>", region),
    path("v1/documents/<uuid:document_id>/split", split.split),
    path("v1/documents/<uuid:document_id>/rotations", split.rotate_pages),
    path("v1/review/tasks/next", next_task),
    path("v1/review/tasks/<uuid:key>/<str:name>", task_action),
    path("harness/reset", reset),
    path("harness/region", answer_region),
    path("harness/seen", received),
    path("harness/hold", hold),
    path("harness/let-go", let_go),
    path("harness/finish", pages.finish_exports),
    path("harness/split/reset", split.reset),
    path("harness/split/other", split.split_by_other),
    path("harness/split/seen", split.seen),
]
