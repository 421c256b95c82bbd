"""Grants of one batch, document or queue; those of one user or team are below the list."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final
from uuid import UUID

from django.db.models import Model
from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from refinery.core.tenancy.granting import UnknownGrantee, find_grantee, grants_of, set_grants
from refinery.core.tenancy.grants import Access
from refinery.core.tenancy.roles import Permission
from refinery.core.web.endpoint import Endpoint
from refinery.core.web.problems import Problem

ACCESSES: Final = [(access.value, access.value) for access in Access]


class GrantRequest(serializers.Serializer[Any]):
    """All accesses that the user or team shall have; each includes viewing."""

    access = serializers.ListField(child=serializers.ChoiceField(ACCESSES), min_length=1, max_length=len(ACCESSES))


class GrantResponse(serializers.Serializer[Any]):
    """Accesses of one user or team."""

    grantee = serializers.ChoiceField([("user", "user"), ("team", "team")], source="kind")
    id = serializers.UUIDField(source="owner.pk")
    name = serializers.CharField(source="owner")
    access = serializers.ListField(child=serializers.ChoiceField(ACCESSES), source="accesses")


class GrantsResponse(serializers.Serializer[Any]):
    """Grants of one object."""

    items = GrantResponse(many=True)


class GrantsView(Endpoint):
    """Grants of one object."""

    model: ClassVar[type[Model]]
    required_permissions: ClassVar = {"GET": Permission.MEMBER_EDIT}

    def get(self, request: Request, **ids: UUID) -> Response:
        """List the users and teams with a grant."""
        return _response(_target(self, self.model, ids))


class GrantView(Endpoint):
    """Grant of one object to one user or team."""

    model: ClassVar[type[Model]]
    required_permissions: ClassVar = {"PUT": Permission.MEMBER_EDIT, "DELETE": Permission.MEMBER_EDIT}

    def put(self, request: Request, grantee_id: UUID, **ids: UUID) -> Response:
        """Replace the accesses of a user or team, by its id; the response lists all grants of the object."""
        wanted = frozenset(Access(access) for access in self.validated(GrantRequest)["access"])
        target = _target(self, self.model, ids)
        try:
            grantee = find_grantee(self.actor, grantee_id)
        except UnknownGrantee as error:
            detail = "There is no user or team with this id in the organisation."
            raise Problem(404, "not-found", "Not found", detail) from error
        set_grants(actor=self.actor, target=target, grantee=grantee, wanted=wanted)
        return _response(target)

    def delete(self, request: Request, grantee_id: UUID, **ids: UUID) -> Response:
        """Revoke all accesses of a user or team; the next request of these people is refused."""
        target = _target(self, self.model, ids)
        grantee = next((grant.owner for grant in grants_of(target) if grant.owner.pk == grantee_id), None)
        if grantee is None:
            raise Problem(404, "not-found", "Not found", "There is no such grant.")
        set_grants(actor=self.actor, target=target, grantee=grantee, wanted=frozenset())
        return Response(status=204)


def _target(view: Endpoint, model: type[Model], ids: Mapping[str, UUID]) -> Model:
    rows: Any = model._default_manager  # noqa: SLF001 - Django's documented manager
    (object_id,) = ids.values()
    found: Model = rows.visible_to(view.actor).get(pk=object_id)
    return found


def _response(target: Model) -> Response:
    return Response(GrantsResponse({"items": grants_of(target)}).data)


def _view_of(model: type[Model], view: type[Endpoint]) -> type[Endpoint]:
    return type(f"{model.__name__}{view.__name__}", (view,), {"model": model, "__doc__": view.__doc__})


def grant_routes(model: type[Model], parent: str) -> list[URLPattern]:
    """Return the routes below an object's route, with operations that carry the name of its model."""
    name = str(model._meta.model_name)  # noqa: SLF001 - as above
    listed = extend_schema_view(get=extend_schema(operation_id=f"list_{name}_grants", responses=GrantsResponse))
    single = extend_schema_view(
        put=extend_schema(operation_id=f"set_{name}_grant", request=GrantRequest, responses=GrantsResponse),
        delete=extend_schema(operation_id=f"revoke_{name}_grant", responses={204: None}),
    )
    return [
        path(f"{parent}/grants", listed(_view_of(model, GrantsView)).as_view(), name=f"{name}-grants"),
        path(f"{parent}/grants/<uuid:grantee_id>", single(_view_of(model, GrantView)).as_view(), name=f"{name}-grant"),
    ]
