"""/v1/api-keys: API keys for programs, shown only once."""

from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from refinery.core.tenancy.models import ROLES, ApiKey
from refinery.core.tenancy.roles import Permission, Role
from refinery.core.tenancy.services import change_api_key, create_api_key, revoke_api_key
from refinery.core.web.endpoint import Endpoint
from refinery.core.web.idempotency import IDEMPOTENCY_KEY, body_fingerprint, run_once
from refinery.core.web.pagination import KeysetPagination

SCOPES = [(permission.value, permission.value) for permission in Permission]


def _in_future(at: Any) -> Any:  # noqa: ANN401 - a serializer's validator
    if at <= timezone.now():
        message = "this time has passed"
        raise serializers.ValidationError(message)
    return at


class KeyUpdateRequest(serializers.Serializer[Any]):
    """Changeable attributes of a key: never its role, secret or user."""

    name = serializers.CharField(required=False, max_length=80)
    scopes = serializers.ListField(child=serializers.ChoiceField(SCOPES), required=False, max_length=len(SCOPES))
    expires_at = serializers.DateTimeField(required=False, validators=[_in_future])


class KeyCreateRequest(serializers.Serializer[Any]):
    """Request for a new key; without scopes it has all permissions of its role."""

    name = serializers.CharField(max_length=80)
    role = serializers.ChoiceField(ROLES)
    scopes = serializers.ListField(child=serializers.ChoiceField(SCOPES), required=False, max_length=len(SCOPES))
    expires_at = serializers.DateTimeField(required=False, validators=[_in_future])


class CreatedKeyResponse(serializers.Serializer[Any]):
    """The only response that contains the key itself; a repeated Idempotency-Key is answered with null instead."""

    id = serializers.UUIDField()
    prefix = serializers.CharField()
    key = serializers.CharField(allow_null=True)


class KeyResponse(serializers.ModelSerializer[ApiKey]):
    """API key as it may be shown: only its prefix; without scopes it has all permissions of its role."""

    scopes = serializers.ListField(child=serializers.CharField(), allow_null=True)

    class Meta:
        model = ApiKey
        fields: ClassVar = ["id", "name", "prefix", "role", "scopes", "created_at", "expires_at", "revoked_at"]


def _scopes(given: dict[str, Any]) -> list[Permission] | None:
    return [Permission(scope) for scope in given["scopes"]] if "scopes" in given else None


class ApiKeysView(Endpoint):
    """API keys of the tenant."""

    pagination_class = KeysetPagination
    required_permissions: ClassVar = {"GET": Permission.KEY_EDIT, "POST": Permission.KEY_EDIT}

    @extend_schema(operation_id="list_api_keys", responses=KeyResponse(many=True))
    def get(self, request: Request) -> Response:
        """List the keys, newest first, including revoked ones."""
        return self.paginated(ApiKey.objects.visible_to(self.actor), KeyResponse)

    @extend_schema(
        operation_id="create_api_key",
        request=KeyCreateRequest,
        responses={201: CreatedKeyResponse},
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request) -> Response:
        """Create a key; it is returned in this response only."""
        given = self.validated(KeyCreateRequest)
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

        response = run_once(request, self.actor, body_fingerprint(request.data), make)
        # Set only now, because the response stored for repeated requests must not contain the key.
        response.data = {**response.data, "key": shown[0] if shown else None}
        return response


class ApiKeyView(Endpoint):
    """A single API key."""

    required_permissions: ClassVar = {
        "GET": Permission.KEY_EDIT,
        "PATCH": Permission.KEY_EDIT,
        "DELETE": Permission.KEY_EDIT,
    }

    @extend_schema(operation_id="read_api_key", responses=KeyResponse)
    def get(self, request: Request, key_id: UUID) -> Response:
        """Return a key, identified by its prefix."""
        return Response(KeyResponse(ApiKey.objects.visible_to(self.actor).get(pk=key_id)).data)

    @extend_schema(operation_id="change_api_key", request=KeyUpdateRequest, responses=KeyResponse)
    def patch(self, request: Request, key_id: UUID) -> Response:
        """Rename a key, or change its scopes or expiry."""
        given = self.validated(KeyUpdateRequest)
        row = change_api_key(
            actor=self.actor,
            key_id=key_id,
            name=given.get("name"),
            scopes=_scopes(given),
            expires_at=given.get("expires_at"),
        )
        return Response(KeyResponse(row).data)

    @extend_schema(operation_id="revoke_api_key", responses={204: None})
    def delete(self, request: Request, key_id: UUID) -> Response:
        """Revoke a key: its next request is rejected."""
        revoke_api_key(actor=self.actor, key_id=key_id)
        return Response(status=204)
