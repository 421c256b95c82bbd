"""REST endpoints of schemas: the kinds of documents that a tenant knows."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ingestion.domain.schemas import InvalidSchema
from ingestion.models import Schema
from ingestion.services.schemas import add_schema_version, retire_schema
from refinery.core.tenancy.roles import Permission
from refinery.core.web.endpoint import Endpoint
from refinery.core.web.idempotency import IDEMPOTENCY_KEY, body_fingerprint, run_once
from refinery.core.web.pagination import SinglePage
from refinery.core.web.problems import Problem


class SchemaResponse(serializers.Serializer[Any]):
    """Schema with its version."""

    key = serializers.CharField()
    version = serializers.IntegerField()
    title = serializers.CharField()
    definition = serializers.DictField()
    updated_at = serializers.DateTimeField()


class SchemaRequest(serializers.Serializer[Any]):
    """Definition of a schema."""

    definition = serializers.DictField()


class SchemasView(Endpoint):
    """Active schemas of the tenant."""

    pagination_class = SinglePage
    required_permissions: ClassVar = {"GET": Permission.SCHEMA_VIEW, "POST": Permission.SCHEMA_EDIT}

    @extend_schema(responses=SchemaResponse(many=True))
    def get(self, request: Request) -> Response:
        """List the schemas by key, on a single page because there are few."""
        rows = Schema.objects.visible_to(self.actor).filter(is_active=True).order_by("key")
        return Response({"results": SchemaResponse(rows, many=True).data, "next": None})

    @extend_schema(request=SchemaRequest, responses={201: SchemaResponse}, parameters=[IDEMPOTENCY_KEY])
    def post(self, request: Request) -> Response:
        """Add a schema, or a version of an existing one."""
        values = self.validated(SchemaRequest)
        return run_once(request, self.actor, body_fingerprint(values), lambda: self._write(values["definition"]))

    def _write(self, definition: dict[str, Any]) -> Response:
        return Response(SchemaResponse(add_version_or_problem(self, definition)).data, status=201)


class TenantSchemaView(Endpoint):
    """A single schema."""

    required_permissions: ClassVar = {
        "GET": Permission.SCHEMA_VIEW,
        "PATCH": Permission.SCHEMA_EDIT,
        "DELETE": Permission.SCHEMA_EDIT,
    }

    @extend_schema(responses=SchemaResponse)
    def get(self, request: Request, key: str) -> Response:
        """Return the newest version."""
        row = Schema.objects.visible_to(self.actor).filter(key=key, is_active=True).order_by("-version").first()
        if row is None:
            raise Schema.DoesNotExist
        return Response(SchemaResponse(row).data)

    @extend_schema(request=SchemaRequest, responses=SchemaResponse)
    def patch(self, request: Request, key: str) -> Response:
        """Add the next version; documents keep the version that they were read with."""
        if not Schema.objects.visible_to(self.actor).filter(key=key).exists():
            raise Schema.DoesNotExist
        definition = {**self.validated(SchemaRequest)["definition"], "key": key}
        return Response(SchemaResponse(add_version_or_problem(self, definition)).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, key: str) -> Response:
        """Retire the schema."""
        retire_schema(actor=self.actor, key=key)
        return Response(status=204)


def add_version_or_problem(view: Endpoint, definition: dict[str, Any]) -> Schema:
    """Add a version; raises Problem 422 with the errors and their locations."""
    try:
        return add_schema_version(actor=view.actor, definition=definition)
    except InvalidSchema as reason:
        raise Problem(
            422,
            "not-valid",
            "The schema is not valid",
            str(reason),
            errors={where: [what] for where, what in reason.errors.items()},
        ) from reason
