"""A view names the verb that each method needs; without one it is refused."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from refinery.core.tenancy.roles import Verb
from refinery.core.web.requests import actor_of_request

if TYPE_CHECKING:  # rest_framework.views loads this very module for its defaults
    from rest_framework.views import APIView


class NeedsVerbs:
    """Mix into an APIView: `verbs` maps GET, POST... to the verb needed. Every method must be named."""

    verbs: ClassVar[Mapping[str, Verb]] = {}


class HasVerb(BasePermission):
    """Deny by default: anonymous is 401, a role or scope without the verb 403."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Check the verb of the request's method."""
        actor = actor_of_request(request)
        if request.method == "OPTIONS":
            return True
        verbs: Mapping[str, Verb] = getattr(view, "verbs", {})
        verb = verbs.get("GET" if request.method == "HEAD" else str(request.method))
        if verb is None:
            return str(request.method).lower() not in view.http_method_names or not hasattr(
                view, str(request.method).lower()
            )
        actor.require(verb)
        return True
