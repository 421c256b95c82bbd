"""Helpers of all page views: permissions by method, and partial rendering for htmx."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, cast

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, RawPostDataException
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Permission
from refinery.core.web.json_bodies import InvalidJson, parse_json
from refinery.core.web.problems import Problem
from refinery.core.web.requests import actor_of_request

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, Actor, P], HttpResponse]


class GuardedView(Protocol):
    """View with a permission for each of its methods."""

    required_permissions: Mapping[str, Permission]

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the response."""
        ...


def page(**permissions: Permission) -> Callable[[Page[P]], GuardedView]:
    """Guard a view: `@page(GET=Permission.A, POST=Permission.B)` allows these methods with the permission named.

    The view gets the actor as its second argument. Raises SignInNeeded, NotAllowed.
    """

    def guard(view: Page[P]) -> GuardedView:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            method = "GET" if request.method == "HEAD" else str(request.method)
            actor = actor_of_request(request)
            if method not in permissions:
                return HttpResponseNotAllowed([*permissions])
            actor.require(permissions[method])
            answer = view(request, actor, *args, **kwargs)
            answer.headers.setdefault("Cache-Control", "private, no-cache")
            return answer

        named = cast("GuardedView", guarded)
        named.required_permissions = dict(permissions)
        return named

    return guard


def render_page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    parts: tuple[str, ...] = (),
    filtered_part: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render a page, or the named block that `?part=` selects.

    The filters of `filtered_part` become the page's address, so that a reload or a link shows the same rows.
    """
    part = request.GET.get("part", "")
    whole = f"{template}#{part}" if part in parts else template
    answer = render(request, whole, context, status=status)
    patch_vary_headers(answer, ["HX-Request"])
    if part and part == filtered_part:
        query = query_string_without(request)
        answer["HX-Replace-Url"] = f"{request.path}?{query}" if query else request.path
    return answer


def query_string_without(request: HttpRequest, *without: str) -> str:
    """Return the query string, without `part` and the parameters named, ready to follow `?`."""
    query = request.GET.copy()
    for name in ("part", *without):
        query.pop(name, None)
    for name in [name for name, value in query.items() if not value]:
        del query[name]
    return query.urlencode()


def json_object(request: HttpRequest) -> dict[str, Any]:
    """Return the body as a JSON object. Raises Problem 400 if it is none."""
    try:
        found = parse_json(request.body or b"{}")
    except (InvalidJson, RawPostDataException) as reason:  # RawPostDataException: the body was sent as a form
        raise Problem(400, "not-json", "Not JSON", "Send a JSON object.") from reason
    if not isinstance(found, dict):
        raise Problem(400, "not-an-object", "Not an object", "Send a JSON object.")
    return found
