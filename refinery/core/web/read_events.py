"""Audit events of what people and programs look at: contents of documents and tasks, and searches.

Recorded in one place after each successful GET, so that a new page or endpoint is covered without its own code.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac

from refinery.core.audit.services import record_event_once
from refinery.core.tenancy.actor import Actor

VIEWED_OBJECTS: Final = {"document_id": "document", "task_id": "task"}
SEARCH_PARAMETERS: Final = frozenset({"q", "search", "external_id"})
READ_STATUSES: Final = frozenset({200, 206, 304})
SAME_VIEW: Final = timedelta(minutes=15)
SAME_SEARCH: Final = timedelta(minutes=1)


def record_read(request: HttpRequest, response: HttpResponseBase, actor: Actor) -> None:
    """Record a view or a search of a successful GET, within the tenant's transaction."""
    match = request.resolver_match
    if request.method != "GET" or response.status_code not in READ_STATUSES or match is None:
        return
    if viewed := _viewed_object(match.kwargs, match.url_name or ""):
        kind, object_id = viewed
        record_event_once(actor.audit, f"{kind}.viewed", kind, object_id, within=SAME_VIEW, page=match.view_name)
    _record_search(request, actor, match.view_name)


def _viewed_object(kwargs: dict[str, object], url_name: str) -> tuple[str, UUID] | None:
    """Return kind and id of the object that the URL names; on the admin site the model names the kind."""
    for name, kind in VIEWED_OBJECTS.items():
        if isinstance(found := kwargs.get(name), UUID):
            return kind, found
    model, _, page = url_name.rpartition("_")
    if page != "change" or "object_id" not in kwargs:
        return None
    try:
        return model.rpartition("_")[2], UUID(str(kwargs["object_id"]))
    except ValueError:
        return None


def _record_search(request: HttpRequest, actor: Actor, page: str) -> None:
    """Record a search by the names of its parameters and a keyed digest of its terms, never the terms."""
    terms = sorted((name, value) for name, value in request.GET.items() if name in SEARCH_PARAMETERS and value)
    if not terms:
        return
    digest = salted_hmac("refinery.search", repr([page, terms]), algorithm="sha256").digest()
    names = [name for name, _ in terms]
    record_event_once(
        actor.audit,
        "search.made",
        "search",
        UUID(bytes=digest[:16], version=5),
        within=SAME_SEARCH,
        page=page,
        by=names,
    )
