"""Mapping of exceptions to responses: problem+json below /v1, a page elsewhere."""

import json
import sys
from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import (
    DisallowedHost,
    ObjectDoesNotExist,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import render
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from refinery.core.tenancy.actor import NotAllowed
from refinery.core.web.file_store import StoreUnavailable
from refinery.core.web.problems import Problem, problem
from refinery.core.web.requests import SignInNeeded
from refinery.core.web.sign_in_redirects import ask_to_sign_in

logger = structlog.get_logger(__name__)

NOT_FOUND = "There is nothing here that you may see."
UNAVAILABLE = "A part of Refinery does not answer. What you sent before is safe; try again in a few seconds."
UNSTORABLE_VALUE = (
    "A value contains characters that are not allowed in text, such as NUL, or is too large to be stored."
)
SERVER_FAULT = (
    "The error is on our side and is logged; what you sent before is safe. Tell your administrator the X-Request-Id."
)

__all__ = ["csrf_failure", "known_problem", "problem", "problem_response"]


def known_problem(error: BaseException) -> JsonResponse | None:
    """Return the response for a known exception, None for others."""
    match error:
        case Problem():
            return error.response()
        case SignInNeeded():
            return problem(401, "Not signed in", str(error))
        case NotAllowed():
            return problem(403, "Not allowed", str(error))
        case PermissionDenied():
            return problem(403, "Not allowed", str(error) or "Your role does not allow this.")
        case ObjectDoesNotExist() | Http404():
            return problem(404, "Not found", NOT_FOUND)
        case DataError() | UnicodeEncodeError():
            logger.warning("value_refused", error=type(error).__name__)
            return problem(400, "Bad value", UNSTORABLE_VALUE)
        case OperationalError() | InterfaceError() | StoreUnavailable():
            logger.error("service_unavailable", error=type(error).__name__)
            return problem(503, "Unavailable", UNAVAILABLE, headers={"Retry-After": "5"})
    return None


def problem_response(error: Exception, context: dict[str, Any]) -> Response | HttpResponse | None:
    """Exception handler of Django REST framework: every error response is problem+json."""
    answer = known_problem(error)
    if answer is not None:
        return answer
    if isinstance(error, SuspiciousOperation):
        return form_too_large(error)
    if isinstance(error, exceptions.ValidationError):
        detail = error.detail
        errors = detail if isinstance(detail, dict) else {"": detail}
        return problem(422, "Not valid", "One or more values cannot be used.", code="not-valid", errors=errors)
    if not isinstance(error, exceptions.APIException):
        return None
    response = exception_handler(error, context)
    headers = {} if response is None else {k: v for k, v in response.items() if k.lower() != "content-type"}
    title = HTTPStatus(error.status_code).phrase.capitalize()
    code = str(error.default_code).replace("_", "-")
    return problem(error.status_code, title, str(error.detail), code=code, headers=headers)


def form_too_large(error: Exception) -> JsonResponse:
    """Return the problem for a form with too many parts or too long values."""
    logger.warning("request_refused", error=type(error).__name__)
    if isinstance(error, RequestDataTooBig):
        return problem(413, "The request is too large", "Its values are longer than allowed.", code="too_large")
    return problem(400, "Bad request", "It has too many parts, or some that cannot be read.")


def response_for(request: HttpRequest, error: BaseException) -> HttpResponse | None:
    """Return a problem below /v1, a redirect to sign-in or a page elsewhere; None for an unknown exception."""
    answer = known_problem(error)
    if answer is None or wants_json(request):
        return answer
    if isinstance(error, SignInNeeded):
        return ask_to_sign_in(request)
    page = error_page(request, answer)
    if "Retry-After" in answer:
        page["Retry-After"] = answer["Retry-After"]
    return page


def error_page(request: HttpRequest, answer: JsonResponse) -> HttpResponse:
    """Render the problem as a page; frequent ones have separate templates."""
    template = {403: "403.html", 404: "404.html", 503: "503.html"}.get(answer.status_code, "refused.html")
    return render(request, template, {"problem": json.loads(answer.content)}, status=answer.status_code)


def wants_json(request: HttpRequest) -> bool:
    """Return whether the client is a program rather than a browser."""
    return request.path.startswith("/v1/") or "application/json" in request.headers.get("Accept", "")


class ErrorPagesMiddleware:
    """Convert exceptions of views to responses: for pages what problem_response is for the API."""

    def __init__(self, get_response: Any) -> None:  # noqa: ANN401 - Django's signature
        """Store the next middleware."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        answer: HttpResponse = self.get_response(request)
        if isinstance(answer, HttpResponseNotAllowed) and not answer.content:
            return _wrong_method(request, answer)
        return answer

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the response for an exception of a view."""
        return response_for(request, error)


def _wrong_method(request: HttpRequest, empty: HttpResponse) -> HttpResponse:
    """Return the response to a wrong method with a body: a browser would show an empty page."""
    reason = problem(405, "Not allowed here", "This address takes forms only. Go back and use the page's buttons.")
    answer = reason if wants_json(request) else error_page(request, reason)
    answer["Allow"] = empty["Allow"]
    return answer


def server_error(request: HttpRequest) -> HttpResponse:
    """Return the response for exceptions outside of views: Django calls this while it handles one of a middleware.

    Sessions, actors and commits are handled in middleware, so a lost database usually shows up there.
    """
    error = sys.exc_info()[1]
    answer = response_for(request, error) if error is not None else None
    if answer is not None:
        return answer
    if wants_json(request):
        return problem(500, "Server error", SERVER_FAULT)
    return render(request, "500.html", status=500)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return 404 for an unknown URL, for which no view is called."""
    return response_for(request, Http404()) or problem(404, "Not found", NOT_FOUND)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return the response to requests that Django rejects: malformed forms, unknown host names."""
    if isinstance(exception, DisallowedHost):  # a page would need the host name for its URLs
        return problem(400, "Bad request", "This program does not serve the host name that you asked for.")
    answer = form_too_large(exception)
    return answer if wants_json(request) else error_page(request, answer)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return the response to an invalid CSRF token, as JSON or as a page."""
    answer = problem(403, "Form expired", "Reload the page and send the form again.", code="csrf")
    return answer if wants_json(request) else render(request, "expired.html", status=403)
