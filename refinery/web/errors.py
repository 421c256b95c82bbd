"""One place that turns exceptions into answers: problem+json below /v1, a page elsewhere."""

from typing import Any

import structlog
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from refinery.tenancy.actor import NotAllowed
from refinery.web.problems import Problem, problem
from refinery.web.requests import SignInNeeded

logger = structlog.get_logger(__name__)

NOT_FOUND = "There is nothing here that you may see."
UNAVAILABLE = "A part of Refinery does not answer. What you sent before is safe; try again in a few seconds."

__all__ = ["csrf_failure", "known_problem", "problem", "problem_response"]


def known_problem(error: BaseException) -> JsonResponse | None:
    """Give the answer for an exception that Refinery knows, None for others."""
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
        case OperationalError():
            logger.error("database unavailable", error=type(error).__name__)
            return problem(503, "Unavailable", UNAVAILABLE, headers={"Retry-After": "5"})
    return None


def problem_response(error: Exception, context: dict[str, Any]) -> Response | HttpResponse | None:
    """Django REST framework's exception handler: every answer is problem+json."""
    answer = known_problem(error)
    if answer is not None:
        return answer
    if isinstance(error, exceptions.ValidationError):
        detail = error.detail
        errors = detail if isinstance(detail, dict) else {"": detail}
        return problem(422, "Not valid", "One or more values cannot be used.", code="not-valid", errors=errors)
    if not isinstance(error, exceptions.APIException):
        return None
    response = exception_handler(error, context)
    headers = {} if response is None else {k: v for k, v in response.items() if k.lower() != "content-type"}
    title = str(getattr(error, "default_detail", "Error")).rstrip(".")
    return problem(error.status_code, title, str(error.detail), code=str(error.default_code), headers=headers)


class ErrorPagesMiddleware:
    """Answer what views raise: the last resort for pages, as problem_response is for the API."""

    def __init__(self, get_response: Any) -> None:  # noqa: ANN401 - Django's signature
        """Keep the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; a database that is gone in the middleware itself is a 503 too."""
        try:
            answer: HttpResponse = self.get_response(request)
        except OperationalError as error:
            return self.process_exception(request, error) or problem(503, "Unavailable", UNAVAILABLE)
        return answer

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Give a problem below /v1, the sign-in form or a page elsewhere."""
        answer = known_problem(error)
        if answer is None:
            return None
        if request.path.startswith("/v1/") or "application/json" in request.headers.get("Accept", ""):
            return answer
        if isinstance(error, SignInNeeded):
            return redirect(f"/sign-in/?{urlencode({'next': request.get_full_path()})}")
        template = {403: "403.html", 404: "404.html", 503: "503.html"}.get(answer.status_code)
        if template is None:
            return answer
        page = render(request, template, status=answer.status_code)
        if answer.status_code == 503:
            page["Retry-After"] = "5"
        return page


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Tell a program or a person that the form's token was not right."""
    return problem(403, "Form expired", "Reload the page and send the form again.", code="csrf")
