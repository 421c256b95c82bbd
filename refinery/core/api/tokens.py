"""/v1/tokens: exchange of credentials for JWTs. /v1/tickets: tokens short-lived enough to be part of a URL."""

from typing import Any, ClassVar

from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.authentication import InvalidCredentials
from refinery.core.tenancy.credentials import check_credentials, record_sign_in
from refinery.core.tenancy.models import User
from refinery.core.tenancy.platform import MembershipRecord, memberships_of
from refinery.core.tenancy.roles import Permission
from refinery.core.tenancy.services import user_id_of
from refinery.core.tenancy.sign_in_attempts import TooManyAttempts
from refinery.core.tenancy.tickets import TICKET_SECONDS, issue_ticket
from refinery.core.tenancy.tokens import TokenPair, issue_tokens, refresh_tokens
from refinery.core.web.client_address import client_address
from refinery.core.web.endpoint import Endpoint
from refinery.core.web.problems import Problem


class CredentialsRequest(serializers.Serializer[Any]):
    """Credentials of the user; `tenant` is a slug and defaults to the first of the user's tenants."""

    email = serializers.EmailField(max_length=254)
    password = serializers.CharField(max_length=256, trim_whitespace=False)
    tenant = serializers.SlugField(required=False)


class RefreshRequest(serializers.Serializer[Any]):
    """Refresh token of the previous response."""

    refresh = serializers.CharField(max_length=2000)


class TokenResponse(serializers.Serializer[Any]):
    """Send `access` as `Authorization: Bearer`; exchange `refresh`, once, for the next pair."""

    access = serializers.CharField()
    refresh = serializers.CharField()
    token_type = serializers.CharField()
    expires_in = serializers.IntegerField()


class TicketResponse(serializers.Serializer[Any]):
    """Ticket for `?token=` of page images and WebSockets."""

    token = serializers.CharField()
    expires_in = serializers.IntegerField()


def _token_response(pair: TokenPair) -> Response:
    body = {"access": pair.access, "refresh": pair.refresh, "token_type": "Bearer", "expires_in": pair.expires_in}
    return Response(body, headers={"Cache-Control": "no-store"})


def _not_signed_in(detail: str) -> Problem:
    return Problem(401, "not-signed-in", "Not signed in", detail)


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class TokensView(Endpoint):
    """Exchange of credentials for tokens."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(operation_id="create_tokens", request=CredentialsRequest, responses=TokenResponse, auth=[])
    def post(self, request: Request) -> Response:
        """Return an access token (valid for five minutes) and a refresh token for a user's credentials."""
        given = self.validated(CredentialsRequest)
        request_id = str(request.META.get("refinery.request_id", ""))
        user = self._authenticate(given, client_address(request._request), request_id)  # noqa: SLF001 - REST framework's documented way
        membership = _membership_of(user, given.get("tenant"))
        record_sign_in(user, membership, "session.opened", request_id)
        actor = Actor(user_id_of(user), membership.tenant_id, membership.role, request_id=request_id)
        return _token_response(issue_tokens(actor))

    @staticmethod
    def _authenticate(given: dict[str, Any], address: str, request_id: str) -> User:
        try:
            user = check_credentials(
                email=given["email"], password=given["password"], address=address, request_id=request_id
            )
        except TooManyAttempts as wait:
            raise Problem(
                429,
                "too-many-attempts",
                "Too many attempts",
                "Wait before you try again.",
                headers={"Retry-After": str(wait.seconds_left)},
            ) from wait
        if user is None:
            raise _not_signed_in("The e-mail address or the password is not right.")
        return user


def _membership_of(user: User, slug: str | None) -> MembershipRecord:
    memberships = memberships_of(user_id_of(user))
    found = next((place for place in memberships if slug in (None, place.tenant_slug)), None)
    if found is None:
        raise _not_signed_in("You are not a member of such an organisation, or it is not active.")
    return found


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class RefreshView(Endpoint):
    """Exchange of a refresh token for the next pair."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(operation_id="refresh_tokens", request=RefreshRequest, responses=TokenResponse, auth=[])
    def post(self, request: Request) -> Response:
        """Rotate the tokens: the refresh token sent is used up; reuse revokes all tokens from the same sign-in."""
        given = self.validated(RefreshRequest)
        try:
            pair = refresh_tokens(given["refresh"], str(request.META.get("refinery.request_id", "")))
        except InvalidCredentials as reason:
            raise _not_signed_in(str(reason)) from reason
        return _token_response(pair)


class TicketsView(Endpoint):
    """Short-lived tickets."""

    required_permissions: ClassVar = {"POST": Permission.DOCUMENT_VIEW}

    @extend_schema(operation_id="create_ticket", request=None, responses=TicketResponse)
    def post(self, request: Request) -> Response:
        """Return a ticket for read access to page images and WebSockets for five minutes."""
        body = {"token": issue_ticket(self.actor), "expires_in": TICKET_SECONDS}
        return Response(body, headers={"Cache-Control": "no-store"})
