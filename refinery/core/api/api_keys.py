"""/v1/api-keys: keys for programs, shown once."""

from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from refinery.core.tenancy.models import ROLES, ApiKey
from refinery.core.tenancy.roles import Role, Verb
from refinery.core.tenancy.services import change_api_key, create_api_key, revoke_api_key
from refinery.core.web.endpoint import Endpoint
from refinery.core.web.idempotency import body_fingerprint, once
from refinery.core.web.pagination import KeysetPagination

SCOPES = [(verb.value, verb.value) for verb in Verb]


def _in_future(at: Any) -> Any:  # noqa: ANN401 - a serializer's validator
    if at <= timezone.now():
        message = "this time has passed"
        raise serializers.ValidationError(message)
    return at


class KeyChange(serializers.Serializer[Any]):
    """What may change of a key: never its role, its secret or its user."""

    name = serializers.CharField(required=False, max_length=80)
    scopes = serializers.ListField(child=serializers.ChoiceField(SCOPES), required=False, max_length=len(SCOPES))
    expires_at = serializers.DateTimeField(required=False, validators=[_in_future])


class KeyRequest(serializers.Serializer[Any]):
    """A key to be made; without scopes it may do all that its role may."""

    name = serializers.CharField(max_length=80)
    role = serializers.ChoiceField(ROLES)
    scopes = serializers.ListField(child=serializers.ChoiceField(SCOPES), required=False, max_length=len(SCOPES))
    expires_at = serializers.DateTimeField(required=False, validators=[_in_future])


class NewKeyAnswer(serializers.Serializer[Any]):
    """The only answer that ever holds the key; a repeated Idempotency-Key is answered with null."""

    id = serializers.UUIDField()
    prefix = serializers.CharField()
    key = serializers.CharField(allow_null=True)


class KeyAnswer(serializers.ModelSerializer[ApiKey]):
    """A key as it may be shown: by its prefix."""

    class Meta:
        model = ApiKey
        fields: ClassVar = ["id", "name", "prefix", "role", "scopes", "created_at", "expires_at", "revoked_at"]


def _scopes(given: dict[str, Any]) -> list[Verb] | None:
    return [Verb(scope) for scope in given["scopes"]] if "scopes" in given else None


class ApiKeysView(Endpoint):
    """The tenant's keys."""

    verbs: ClassVar = {"GET": Verb.KEY_EDIT, "POST": Verb.KEY_EDIT}

    @extend_schema(operation_id="list_api_keys", responses=KeyAnswer(many=True))
    def get(self, request: Request) -> Response:
        """List the keys, newest first, the revoked ones too."""
        pages = KeysetPagination()
        rows = pages.paginate_queryset(ApiKey.objects.visible_to(self.actor), request, self)
        return pages.get_paginated_response(KeyAnswer(rows, many=True).data)

    @extend_schema(operation_id="create_api_key", request=KeyRequest, responses={201: NewKeyAnswer})
    def post(self, request: Request) -> Response:
        """Make a key; it is in this answer and nowhere else."""
        given = self.valid(KeyRequest)
        shown: list[str] = []

        def make() -> Response:
            new = create_api_key(
                actor=self.actor,
                tenant_id=self.actor.tenant_id,
                name=given["name"],
                role=Role(given["role"]),
                scopes=_scopes(given),
                expires_at=given.get("expires_at"),
            )
            shown.append(new.key)
            return Response({"id": str(new.id), "prefix": new.prefix}, status=201)

        response = once(request, self.actor, body_fingerprint(request.data), make)
        # Only now, for the answer that is kept for repeats must not hold the key.
        response.data = {**response.data, "key": shown[0] if shown else None}
        return response


class ApiKeyView(Endpoint):
    """One key."""

    verbs: ClassVar = {"GET": Verb.KEY_EDIT, "PATCH": Verb.KEY_EDIT, "DELETE": Verb.KEY_EDIT}

    @extend_schema(operation_id="read_api_key", responses=KeyAnswer)
    def get(self, request: Request, key_id: UUID) -> Response:
        """Show a key by its prefix."""
        return Response(KeyAnswer(ApiKey.objects.visible_to(self.actor).get(pk=key_id)).data)

    @extend_schema(operation_id="change_api_key", request=KeyChange, responses=KeyAnswer)
    def patch(self, request: Request, key_id: UUID) -> Response:
        """Rename a key, change its scopes or move its end."""
        given = self.valid(KeyChange)
        row = change_api_key(
            actor=self.actor,
            key_id=key_id,
            name=given.get("name"),
            scopes=_scopes(given),
            expires_at=given.get("expires_at"),
        )
        return Response(KeyAnswer(row).data)

    @extend_schema(operation_id="revoke_api_key", responses={204: None})
    def delete(self, request: Request, key_id: UUID) -> Response:
        """Revoke a key: its next request is refused."""
        revoke_api_key(actor=self.actor, key_id=key_id)
        return Response(status=204)
