"""Middleware that sets the id, the actor and the tenant's transaction of each request."""

import re
from collections.abc import Callable
from uuid import uuid4

import structlog
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.authentication import InvalidCredentials, actor_of_bearer, actor_of_user
from refinery.core.tenancy.services import user_id_of
from refinery.core.tenancy.tickets import actor_of_ticket
from refinery.core.web.body_limits import UPLOAD_PATHS
from refinery.core.web.error_responses import problem
from refinery.core.web.ratelimit import LIMITED_PREFIX, count_request, too_many_requests
from refinery.core.web.read_events import record_read
from refinery.core.web.requests import ACTOR, actor_or_none
from refinery.core.web.session_users import user_of_session

Handler = Callable[[HttpRequest], HttpResponseBase]
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
SERVER_ERROR = 500
SESSION_TENANT = "tenant"
# These check their own credentials or none: a session or an expired token sent along is ignored.
ANONYMOUS_PATHS = frozenset({"/v1/tokens", "/v1/tokens/refresh", "/healthz", "/readyz", "/metrics"})
# These open their own transactions: while they transfer a file slowly, or wait, they must not hold a connection
# and its locks.
PATHS_WITHOUT_TRANSACTION = UPLOAD_PATHS
READ_METHODS = frozenset({"GET", "HEAD"})


class RequestIdMiddleware:
    """Take the client's X-Request-Id if it is well formed, create one otherwise, and send it back."""

    def __init__(self, get_response: Handler) -> None:
        """Store the next middleware."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Bind the id to every log line of the request."""
        given = request.headers.get("X-Request-Id", "")
        request_id = given if REQUEST_ID.fullmatch(given) else uuid4().hex
        request.META["refinery.request_id"] = request_id
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
        response["X-Request-Id"] = request_id
        return response


class NoStoreMiddleware:
    """Forbid caches to store JSON: it holds values of documents, and no browser history needs it."""

    def __init__(self, get_response: Handler) -> None:
        """Store the next middleware."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Set Cache-Control on JSON responses that do not set it themselves."""
        response = self.get_response(request)
        if "json" in response.get("Content-Type", ""):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class ActorMiddleware:
    """Determine the actor, then run the view in one transaction that sees only that tenant."""

    def __init__(self, get_response: Handler) -> None:
        """Store the next middleware."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Respond 401 to a bad credential; a request without one continues without a tenant."""
        if request.path in ANONYMOUS_PATHS:
            return self.get_response(request)
        try:
            request.META[ACTOR] = actor_of(request)
        except InvalidCredentials as reason:
            return problem(401, "Not signed in", str(reason))
        actor = actor_or_none(request)
        if actor is None:
            return self.get_response(request)
        if request.path.startswith(LIMITED_PREFIX):
            allowance = count_request(actor)
            if not allowance.allowed:
                return too_many_requests(allowance)
        if request.path in PATHS_WITHOUT_TRANSACTION:
            return self.get_response(request)
        if request.content_type == "multipart/form-data":
            # A slow upload must not hold a transaction: the body is read and spooled to disk first.
            _ = request.FILES
        with tenant_scope(actor.tenant_id):
            response = self.get_response(request)
            if response.status_code >= SERVER_ERROR:
                transaction.set_rollback(True)
            else:
                record_read(request, response, actor)
        return response


def actor_of(request: HttpRequest) -> Actor | None:
    """Return the actor of the credential: `Authorization: Bearer`, then a ticket (`?token=`), else the session."""
    request_id = str(request.META.get("refinery.request_id", ""))
    scheme, _, credential = request.headers.get("Authorization", "").partition(" ")
    if scheme:
        if scheme.lower() != "bearer" or not credential.strip():
            message = "Authorization must be Bearer and a key or token"
            raise InvalidCredentials(message)
        return actor_of_bearer(credential.strip(), timezone.now(), request_id)
    if request.method in READ_METHODS and "token" in request.GET:
        return actor_of_ticket(request.GET["token"], request_id)
    return actor_of_session(request, request_id)


def actor_of_session(request: HttpRequest, request_id: str) -> Actor | None:
    """Return the actor of a signed-in user: within the tenant chosen in the session, else their first."""
    user = user_of_session(request.session)
    if user is None:
        return None
    tenant_id = request.session.get(SESSION_TENANT)
    return actor_of_user(user_id_of(user), tenant_id, str(user), request_id) or actor_of_user(
        user_id_of(user), None, str(user), request_id
    )
