"""/v1/tokens: credentials for JWT. /v1/tickets: a token short-lived enough to stand in an address."""

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
from refinery.core.tenancy.credentials import check_credentials, record_entry
from refinery.core.tenancy.models import User
from refinery.core.tenancy.platform import MembershipFact, memberships_of
from refinery.core.tenancy.roles import Verb
from refinery.core.tenancy.services import user_id_of
from refinery.core.tenancy.sign_in_attempts import TooManyAttempts
from refinery.core.tenancy.tickets import TICKET_SECONDS, issue_ticket
from refinery.core.tenancy.tokens import TokenPair, issue_tokens, refresh_tokens
from refinery.core.web.client_address import client_address
from refinery.core.web.endpoint import Endpoint
from refinery.core.web.problems import Problem


class Credentials(serializers.Serializer[Any]):
    """Who wants in; `tenant` is a slug, the first of the person's tenants when not given."""

    email = serializers.EmailField(max_length=254)
    password = serializers.CharField(max_length=256, trim_whitespace=False)
    tenant = serializers.SlugField(required=False)


class RefreshRequest(serializers.Serializer[Any]):
    """The refresh token of the answer before."""

    refresh = serializers.CharField(max_length=2000)


class TokenAnswer(serializers.Serializer[Any]):
    """Send `access` as `Authorization: Bearer`; trade `refresh`, once, for the next pair."""

    access = serializers.CharField()
    refresh = serializers.CharField()
    token_type = serializers.CharField()
    expires_in = serializers.IntegerField()


class TicketAnswer(serializers.Serializer[Any]):
    """A ticket for `?token=` of page images and sockets."""

    token = serializers.CharField()
    expires_in = serializers.IntegerField()


def _answer(pair: TokenPair) -> Response:
    body = {
        "access": pair.access,
        "refresh": pair.refresh,
        "token_type": "Bearer",
        "expires_in": pair.expires_in,
    }
    return Response(body, headers={"Cache-Control": "no-store"})


def _refused(detail: str) -> Problem:
    return Problem(401, "not-signed-in", "Not signed in", detail)


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class TokensView(Endpoint):
    """Credentials for tokens."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(operation_id="create_tokens", request=Credentials, responses=TokenAnswer, auth=[])
    def post(self, request: Request) -> Response:
        """Give an access token of five minutes and a refresh token for a person's credentials."""
        given = self.valid(Credentials)
        user = self._person(given, client_address(request._request))  # noqa: SLF001 - REST framework's documented way
        place = _place(user, given.get("tenant"))
        request_id = str(request.META.get("refinery.request_id", ""))
        record_entry(user, place, "session.opened", request_id)
        actor = Actor(user_id_of(user), place.tenant_id, place.role, request_id=request_id)
        return _answer(issue_tokens(actor))

    @staticmethod
    def _person(given: dict[str, Any], address: str) -> User:
        try:
            user = check_credentials(email=given["email"], password=given["password"], address=address)
        except TooManyAttempts as wait:
            raise Problem(
                429, "too-many-attempts", "Too many attempts", "Wait before you try again.",
                headers={"Retry-After": str(wait.seconds_left)},
            ) from wait  # fmt: skip
        if user is None:
            raise _refused("The e-mail address or the password is not right.")
        return user


def _place(user: User, slug: str | None) -> MembershipFact:
    places = memberships_of(user_id_of(user))
    found = next((place for place in places if slug in (None, place.tenant_slug)), None)
    if found is None:
        raise _refused("You have no place in such an organisation, or it is not active.")
    return found


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class RefreshView(Endpoint):
    """A refresh token for the next pair."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(operation_id="refresh_tokens", request=RefreshRequest, responses=TokenAnswer, auth=[])
    def post(self, request: Request) -> Response:
        """Rotate: the token sent is used up; sent again it ends all that descend from the same sign-in."""
        given = self.valid(RefreshRequest)
        try:
            pair = refresh_tokens(given["refresh"], str(request.META.get("refinery.request_id", "")))
        except InvalidCredentials as reason:
            raise _refused(str(reason)) from reason
        return _answer(pair)


class TicketsView(Endpoint):
    """Tickets."""

    verbs: ClassVar = {"POST": Verb.DOCUMENT_VIEW}

    @extend_schema(operation_id="create_ticket", request=None, responses=TicketAnswer)
    def post(self, request: Request) -> Response:
        """Give a ticket that opens page images and sockets for five minutes, and nothing that writes."""
        body = {"token": issue_ticket(self.actor), "expires_in": TICKET_SECONDS}
        return Response(body, headers={"Cache-Control": "no-store"})
