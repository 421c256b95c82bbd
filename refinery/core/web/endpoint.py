"""What every endpoint of /v1 shares: verbs by method, the actor, and problems for what services raise."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from rest_framework.request import Request
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Verb
from refinery.core.web.problems import Problem
from refinery.core.web.requests import actor_of_request


class Endpoint(APIView):
    """An address of /v1: `verbs` names the right that each method needs; none named means refused."""

    verbs: ClassVar[Mapping[str, Verb]] = {}

    @property
    def actor(self) -> Actor:
        """Who asks."""
        return actor_of_request(self.request)

    def valid(self, serializer: type[Serializer[Any]], data: Any = None) -> dict[str, Any]:  # noqa: ANN401 - JSON
        """Give the validated members of the body (or of `data`); 422 with the errors otherwise.

        Unknown members are refused, so that a mistyped or forbidden name is never silently dropped.
        """
        given = self.request.data if data is None else data
        if not isinstance(given, Mapping):
            raise Problem(400, "not-an-object", "Not an object", "Send a JSON object.")
        checked = serializer(data=given)
        unknown = sorted(set(given) - set(checked.fields))
        if unknown:
            raise Problem(
                422, "not-valid", "Not valid", "The body has members that mean nothing here.",
                errors={name: ["unknown"] for name in unknown},
            )  # fmt: skip
        checked.is_valid(raise_exception=True)
        return dict(checked.validated_data)


def seen_version(request: Request, thing: str) -> int:
    """Read from If-Match which version of a thing (field, split) the caller has seen; 428 without one."""
    given = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    if not given:
        raise Problem(428, "if-match-needed", "If-Match is needed", f"Send the {thing}'s ETag.")
    if not given.isdecimal():
        raise Problem(412, "stale", f"The {thing} has changed", f"The ETag is not one of this {thing}.")
    return int(given)


def one_uuid(request: Request, name: str) -> UUID | None:
    """Read a UUID from the query, None when it is not given."""
    given = request.query_params.get(name)
    if not given:
        return None
    try:
        return UUID(given)
    except ValueError as reason:
        raise Problem(400, "bad-query", "Bad query", f"`{name}` is an id.") from reason


def number_of(request: Request, name: str, default: int, low: int, high: int) -> int:
    """Read a whole number from the query within its limits."""
    given = request.query_params.get(name, str(default))
    if not given.isdecimal() or not low <= int(given) <= high:
        raise Problem(400, "bad-query", "Bad query", f"`{name}` is a number from {low} to {high}.")
    return int(given)
