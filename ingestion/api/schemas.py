"""Schemas: the kinds of documents that a tenant knows."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ingestion.domain.schemas import InvalidSchema
from ingestion.models import Schema
from ingestion.services.schemas import retire_schema, write_schema
from refinery.core.tenancy.roles import Verb
from refinery.core.web.endpoint import Endpoint
from refinery.core.web.idempotency import body_fingerprint, once
from refinery.core.web.problems import Problem


class SchemaAnswer(serializers.Serializer[Any]):
    """A schema as it stands."""

    key = serializers.CharField()
    version = serializers.IntegerField()
    title = serializers.CharField()
    definition = serializers.DictField()
    updated_at = serializers.DateTimeField()


class SchemaRequest(serializers.Serializer[Any]):
    """A schema's definition."""

    definition = serializers.DictField()


class SchemasView(Endpoint):
    """All active schemas."""

    verbs: ClassVar = {"GET": Verb.SCHEMA_VIEW, "POST": Verb.SCHEMA_EDIT}

    @extend_schema(responses=SchemaAnswer(many=True))
    def get(self, request: Request) -> Response:
        """List the schemas by key; there are few, so they come on one page."""
        rows = Schema.objects.visible_to(self.actor).filter(is_active=True).order_by("key")
        return Response({"results": SchemaAnswer(rows, many=True).data, "next": None})

    @extend_schema(request=SchemaRequest, responses={201: SchemaAnswer})
    def post(self, request: Request) -> Response:
        """Add a schema, or a version of one."""
        values = self.valid(SchemaRequest)
        return once(request, self.actor, body_fingerprint(values), lambda: self._write(values["definition"]))

    def _write(self, definition: dict[str, Any]) -> Response:
        return Response(SchemaAnswer(written(self, definition)).data, status=201)


class TenantSchemaView(Endpoint):
    """One schema."""

    verbs: ClassVar = {"GET": Verb.SCHEMA_VIEW, "PATCH": Verb.SCHEMA_EDIT, "DELETE": Verb.SCHEMA_EDIT}

    @extend_schema(responses=SchemaAnswer)
    def get(self, request: Request, key: str) -> Response:
        """Give the newest version."""
        row = Schema.objects.visible_to(self.actor).filter(key=key, is_active=True).order_by("-version").first()
        if row is None:
            raise Schema.DoesNotExist
        return Response(SchemaAnswer(row).data)

    @extend_schema(request=SchemaRequest, responses=SchemaAnswer)
    def patch(self, request: Request, key: str) -> Response:
        """Write the next version; documents keep the one that they were read by."""
        if not Schema.objects.visible_to(self.actor).filter(key=key).exists():
            raise Schema.DoesNotExist
        definition = {**self.valid(SchemaRequest)["definition"], "key": key}
        return Response(SchemaAnswer(written(self, definition)).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, key: str) -> Response:
        """Stop offering it."""
        retire_schema(actor=self.actor, key=key)
        return Response(status=204)


def written(view: Endpoint, definition: dict[str, Any]) -> Schema:
    """Write a version; 422 with what is wrong and where."""
    try:
        return write_schema(actor=view.actor, definition=definition)
    except InvalidSchema as reason:
        raise Problem(
            422,
            "not-valid",
            "The schema is not valid",
            str(reason),
            errors={where: [what] for where, what in reason.errors.items()},
        ) from reason
