"""Base class of all endpoints of /v1: permissions by method, the actor, and problems for service exceptions."""

from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer, Serializer
from rest_framework.views import APIView

from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Permission
from refinery.core.web.pagination import KeysetPagination
from refinery.core.web.problems import Problem
from refinery.core.web.requests import actor_of_request
from refinery.core.web.whole_numbers import whole_number

SerializerT = TypeVar("SerializerT", bound=Serializer[Any])
ETAG = OpenApiParameter(
    "ETag", location="header", response=[200], description="version of the resource, for If-Match or If-None-Match"
)


class Endpoint(APIView):
    """Endpoint of /v1: `required_permissions` names the permission of each method; methods without one are denied.

    `problems` names, by method, the statuses that OpenAPI cannot infer from the endpoint's shape: 409, 412, 428.
    """

    required_permissions: ClassVar[Mapping[str, Permission]] = {}
    problems: ClassVar[Mapping[str, tuple[int, ...]]] = {}

    @property
    def actor(self) -> Actor:
        """Return the actor of the request."""
        return actor_of_request(self.request)

    def validated(self, serializer: type[Serializer[Any]], data: Any = None) -> dict[str, Any]:  # noqa: ANN401 - JSON
        """Return the validated values of the body (or of `data`); 422 with the errors otherwise.

        Unknown fields are rejected, so that a mistyped or forbidden name is never silently ignored.
        """
        given = self.request.data if data is None else data
        if not isinstance(given, Mapping):
            raise Problem(400, "not-an-object", "Not an object", "Send a JSON object.")
        checks = shared_serializer(serializer)
        unknown = sorted(set(given) - set(checks.fields))
        if unknown:
            raise Problem(
                422,
                "not-valid",
                "Not valid",
                "The body has unknown fields.",
                errors={name: ["unknown"] for name in unknown},
            )
        return dict(checks.run_validation(given))

    def paginated(self, rows: QuerySet[Any], serializer: type[BaseSerializer[Any]], moment: str = "") -> Response:
        """Return a page of the rows; `moment` names the column that they are sorted by if their ids are not."""
        pages = KeysetPagination(moment)
        found = pages.paginate_queryset(rows, self.request, self) or []
        return pages.get_paginated_response(serializer(found, many=True).data)


@cache
def shared_serializer(serializer: type[SerializerT]) -> SerializerT:
    """Return an instance without data for `run_validation` and `to_representation`, which keep no state.

    The fields of a serializer are copied for each instance: for small bodies this takes longer than the validation.
    """
    return serializer()


def expected_version(request: Request, resource: str) -> int:
    """Return the version of a resource (field, split) that the client has seen, from If-Match; 428 without one."""
    given = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    if not given:
        raise Problem(428, "if-match-needed", "If-Match is needed", f"Send the {resource}'s ETag.")
    version = whole_number(given)
    if version is None:
        raise Problem(412, "stale", f"The {resource} has changed", f"The ETag does not belong to this {resource}.")
    return version


def uuid_parameter(request: Request, name: str) -> UUID | None:
    """Return a UUID from the query, None if it is missing."""
    given = request.query_params.get(name)
    if not given:
        return None
    try:
        return UUID(given)
    except ValueError as reason:
        raise Problem(400, "bad-query", "Bad query", f"`{name}` is an id.") from reason


def int_parameter(request: Request, name: str, default: int, low: int, high: int) -> int:
    """Return an integer from the query, within its limits."""
    given = request.query_params.get(name, str(default))
    number = whole_number(given, low, high)
    if number is None:
        raise Problem(400, "bad-query", "Bad query", f"`{name}` is a number from {low} to {high}.")
    return number
