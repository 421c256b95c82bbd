"""The harness as a Django site: the real templates, the real scripts and policy, fixture data behind them."""

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

from ingestion.domain.page.serialization import pack_block, pack_word, shown_blocks
from tests.e2e.harness import pages, parting, rereading
from tests.e2e.harness.desk import Desk

CONFLICT = 409
Handler = Callable[[str, dict[str, Any]], HttpResponse]
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
VERBS = dict.fromkeys(
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

desk = Desk()
for given in range(1, 9):
    desk.add(given)


class Policy:
    """Send the strict Content-Security-Policy of the product with every answer."""

    def __init__(self, get_response: Any) -> None:  # noqa: ANN401 - Django's signature
        """Keep the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the header."""
        answer: HttpResponse = self.get_response(request)
        answer["Content-Security-Policy"] = POLICY
        return answer


def frame(request: HttpRequest) -> dict[str, Any]:
    """Give what refinery.core.web.page_context gives: a person, their rights, their tenants."""
    person = {"name": "Rina Reviewer", "role": "manager", "tenant_id": "t1"}
    places = [{"tenant_id": "t1", "tenant_name": "Demo"}, {"tenant_id": "t2", "tenant_name": "Northwind"}]
    return {"actor": person, "verbs": VERBS, "places": places}


def reset(request: HttpRequest) -> HttpResponse:
    """Start afresh, as the query says: `count` documents in `queue`, `flagged` doubtful fields, one `locked`."""
    flagged = request.GET.get("flagged")
    desk.queue = request.GET.get("queue", "Invoices")
    desk.locked = int(request.GET.get("locked", "0"))
    with desk.lock:
        for store in (
            desk.tasks,
            desk.order,
            desk.sheets,
            desk.submitted,
            desk.drafts,
            desk.regions,
            pages.asked,
            rereading.posted,
        ):
            store.clear()
        for number in range(1, int(request.GET.get("count", "8")) + 1):
            desk.add(number, None if flagged is None else int(flagged))
    return HttpResponse("ok")


def seen(request: HttpRequest) -> JsonResponse:
    """Tell a test what reached the server."""
    states = {key: task["state"] for key, task in desk.tasks.items()}
    seen = {"submitted": desk.submitted, "drafts": desk.drafts, "states": states, "reread": rereading.posted}
    return JsonResponse(seen)


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Claim the next task and open it."""
    key = desk.next(ahead=False)
    if key is None:
        return redirect("review:desk")
    desk.claim(key)
    return redirect("review:task", key)


def task(request: HttpRequest, key: UUID) -> HttpResponse:
    """Show the viewer; `boxes` in the query adds that many fields, to weigh the page down, `bare` takes them."""
    get_token(request)
    payload = desk.payload(str(key))
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
    """Give the viewer's JSON."""
    return JsonResponse(desk.payload(str(key)))


@require_POST
def next_task(request: HttpRequest) -> HttpResponse:
    """Claim the next task, as the API does."""
    body = json.loads(request.body or b"{}")
    with desk.lock:
        key = desk.next(ahead=bool(body.get("ahead")))
        if key is None:
            return HttpResponse(status=204)
        lease = desk.tasks[key]["lease"] or desk.claim(key)
    return JsonResponse({"task": {"id": key}, "document": {"id": key}, "lease": lease})


@require_POST
def verb(request: HttpRequest, key: UUID, name: str) -> HttpResponse:
    """Do what the viewer asks of a task."""
    body = json.loads(request.body or b"{}")
    with desk.lock:
        return VERB[name](str(key), body)


def _lease_of(key: str, body: dict[str, Any]) -> bool:
    lease = desk.tasks[key]["lease"]
    return bool(lease) and lease["token"] == body.get("lease")


def _lost() -> JsonResponse:
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
        return _lost()
    lease = desk.tasks[key]["lease"]
    lease["expires_at"] = (datetime.now(UTC) + timedelta(seconds=120)).isoformat()
    return JsonResponse(lease)


def _submit(key: str, body: dict[str, Any]) -> HttpResponse:
    if not _lease_of(key, body):
        return _lost()
    desk.tasks[key].update(state="SUBMITTED", lease=None)
    desk.submitted.append({"task": key, **body})
    return JsonResponse({"document_status": "APPROVED"})


def _undo(key: str, body: dict[str, Any]) -> HttpResponse:
    desk.submitted.append({"task": key, "decision": "undo"})
    return JsonResponse({"lease": desk.claim(key)})


def _leave(state: str) -> Handler:
    def handle(key: str, body: dict[str, Any]) -> HttpResponse:
        if not _lease_of(key, body):
            return _lost()
        desk.tasks[key].update(state=state, lease=None)
        return JsonResponse({})

    return handle


def _draft(key: str, body: dict[str, Any]) -> HttpResponse:
    kept = desk.drafts.get(key, {"revision": 0, "values": {}})
    if body["revision"] != kept["revision"]:
        return JsonResponse(kept, status=CONFLICT)
    desk.drafts[key] = {"revision": kept["revision"] + 1, "values": body["values"]}
    return JsonResponse({"revision": kept["revision"] + 1})


def _comment(key: str, body: dict[str, Any]) -> HttpResponse:
    said = {"at": datetime.now(UTC).isoformat(), "who": "Rina Reviewer", "text": body["text"]}
    desk.tasks[key]["comments"].append(said)
    return JsonResponse(said, status=201)


VERB: dict[str, Handler] = {
    "heartbeat": _heartbeat,
    "submit": _submit,
    "undo": _undo,
    "draft": _draft,
    "comment": _comment,
    "claim": lambda key, body: JsonResponse({"lease": desk.claim(key)}),
    "release": _leave("OPEN"),
    "postpone": _leave("POSTPONED"),
    "skip": _leave("SKIPPED"),
    "escalate": _leave("ESCALATED"),
}


def page_image(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """Give a page's image, or its thumbnail."""
    sheet = desk.sheets[str(key)][number - 1]
    image = sheet.jpeg(200) if "thumbnail" in request.GET else sheet.jpeg()
    return HttpResponse(image, content_type="image/jpeg", headers={"Cache-Control": "private, max-age=3600"})


def page_words(request: HttpRequest, key: UUID, number: int) -> JsonResponse:
    """Give a page's words and blocks, as the API does."""
    layout = desk.sheets[str(key)][number - 1].layout()
    words = [pack_word(word) | {"bbox": word.bbox.as_list()} for word in layout.words]
    blocks = shown_blocks([pack_block(block) for block in layout.blocks], words)
    return JsonResponse({"number": number, "words": words, "blocks": blocks})


@require_POST
def ask_region(request: HttpRequest, key: UUID, number: int) -> JsonResponse:
    """Have a place read again: the answer waits until a test gives it."""
    bbox = json.loads(request.body)["bbox"]
    name = str(uuid4())
    links = {"self": f"/v1/documents/{key}/pages/{number}/regions/{name}"}
    region = {
        "id": name,
        "status": "queued",
        "page": number,
        "bbox": bbox,
        "text": "",
        "words": [],
        "links": links,
    }
    desk.regions[name] = region
    return JsonResponse(region, status=202)


def region(request: HttpRequest, key: UUID, number: int, name: UUID) -> JsonResponse:
    """Tell how a place came out."""
    return JsonResponse(desk.regions[str(name)])


def answer_region(request: HttpRequest) -> JsonResponse:
    """Answer the last place that was asked for, as `status` and `text` in the query say."""
    name, last = list(desk.regions.items())[-1]
    text = request.GET.get("text", "")
    last |= {"status": request.GET["status"], "text": text, "words": [{"text": text, "bbox": last["bbox"]}]}
    return JsonResponse({"id": name})


def reread(request: HttpRequest, document_id: UUID, rereading_id: UUID) -> HttpResponse:
    """Show another reading of the first invoice."""
    return rereading.page_of(request, desk.sheets[str(document_id)][0].words)


def ingest(request: HttpRequest) -> JsonResponse:
    """Take a file; the name "twice.pdf" was there before."""
    sent = request.FILES["file"]
    name = "" if isinstance(sent, list) else sent.name
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
        path("documents/", pages.documents, name="documents"),
        path("documents/search", pages.search, name="search"),
        path("documents/<uuid:document_id>/", pages.record, name="document"),
        path("documents/separator.pdf", pages.documents, name="separator"),
        path("documents/<uuid:document_id>/pages/", parting.workspace, name="pages"),
        path("documents/<uuid:document_id>/exports", pages.exports, name="exports"),
        path("documents/<uuid:document_id>/rerun", pages.record, name="rerun"),
        path("documents/rereadings/", rereading.many, name="rereadings"),
        path("documents/rereadings/choose", rereading.choose, name="rereadings-choose"),
        path("documents/reread", rereading.ask, name="reread-chosen"),
        path("documents/<uuid:document_id>/reread", rereading.ask, name="reread"),
        path("documents/<uuid:document_id>/rereadings/<uuid:rereading_id>/", reread, name="rereading"),
        path(
            "documents/<uuid:document_id>/rereadings/<uuid:rereading_id>/apply",
            rereading.ask,
            name="rereading-apply",
        ),
        path(
            "documents/<uuid:document_id>/rereadings/<uuid:rereading_id>/drop",
            rereading.ask,
            name="rereading-drop",
        ),
        path("batches/<uuid:batch_id>/reread", rereading.ask, name="reread-batch"),
        path("documents/<uuid:document_id>/password", pages.record, name="password"),
        path("batches/", pages.batches, name="batches"),
        path("batches/<uuid:batch_id>/", pages.batch, name="batch"),
    ],
    "review",
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
    path("v1/documents/<uuid:document_id>/split", parting.split),
    path("v1/documents/<uuid:document_id>/turns", parting.turns),
    path("v1/review/tasks/next", next_task),
    path("v1/review/tasks/<uuid:key>/<str:name>", verb),
    path("harness/reset", reset),
    path("harness/region", answer_region),
    path("harness/seen", seen),
    path("harness/finish", pages.finish),
    path("harness/parting/reset", parting.reset),
    path("harness/parting/other", parting.other),
    path("harness/parting/seen", parting.seen),
]
