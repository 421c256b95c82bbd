"""Authorization of API views: a view names the permission of each method; a method without one is denied."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from refinery.core.tenancy.roles import Permission
from refinery.core.web.requests import actor_of_request

if TYPE_CHECKING:  # rest_framework.views imports this module for its defaults
    from rest_framework.views import APIView


class RequiresPermissions:
    """Mixin for APIView: `required_permissions` maps GET, POST... to a permission. Every method must be named."""

    required_permissions: ClassVar[Mapping[str, Permission]] = {}


class HasRequiredPermission(BasePermission):
    """Deny by default: anonymous is 401, a role or scope without the permission 403."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Check the permission of the request's method."""
        actor = actor_of_request(request)
        if request.method == "OPTIONS":
            return True
        required: Mapping[str, Permission] = getattr(view, "required_permissions", {})
        permission = required.get("GET" if request.method == "HEAD" else str(request.method))
        if permission is None:
            return str(request.method).lower() not in view.http_method_names or not hasattr(
                view, str(request.method).lower()
            )
        actor.require(permission)
        return True
