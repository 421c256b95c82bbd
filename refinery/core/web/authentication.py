"""Authentication of Django REST framework by the middleware's actor."""

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from refinery.core.tenancy.actor import Actor
from refinery.core.web.requests import actor_or_none


class _CsrfCheck(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> str:
        return reason


def _no_response(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


class ActorAuthentication(BaseAuthentication):
    """Set `request.user` to the Actor. Sessions need CSRF; browsers do not send keys and tokens automatically."""

    def authenticate(self, request: Request) -> tuple[Actor, None] | None:
        """Return the actor that the middleware found. Raises PermissionDenied on a wrong CSRF token."""
        actor = actor_or_none(request)
        if actor is None:
            return None
        if not request.headers.get("Authorization"):
            self._check_csrf(request._request)  # noqa: SLF001 - REST framework's documented way to Django's request
        return actor, None

    def authenticate_header(self, request: Request) -> str:
        """Return the scheme, so that a rejection is 401 and not 403."""
        return 'Bearer realm="refinery"'

    @staticmethod
    def _check_csrf(request: HttpRequest) -> None:
        check = _CsrfCheck(_no_response)
        check.process_request(request)
        reason = check.process_view(request, _no_response, (), {})
        if reason:
            message = f"CSRF: {reason}"
            raise PermissionDenied(message)
