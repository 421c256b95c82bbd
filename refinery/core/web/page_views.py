"""What every page shares: the rights that each method needs, and parts of a page for htmx."""

import json
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, cast

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, RawPostDataException
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Verb
from refinery.core.web.problems import Problem
from refinery.core.web.requests import actor_of_request

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, Actor, P], HttpResponse]


class Guarded(Protocol):
    """A view that says which right each of its methods needs."""

    verbs: Mapping[str, Verb]

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401 - of the URL
        """Answer the request."""
        ...


def page(**verbs: Verb) -> Callable[[Page[P]], Guarded]:
    """Guard a view: `@page(GET=Verb.A, POST=Verb.B)` allows these methods to those who hold the right.

    The view gets the actor as its second argument. Raises SignInNeeded, NotAllowed.
    """

    def guard(view: Page[P]) -> Guarded:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            method = "GET" if request.method == "HEAD" else str(request.method)
            actor = actor_of_request(request)
            if method not in verbs:
                return HttpResponseNotAllowed([*verbs])
            actor.require(verbs[method])
            answer = view(request, actor, *args, **kwargs)
            answer.headers.setdefault("Cache-Control", "private, no-cache")
            return answer

        named = cast("Guarded", guarded)
        named.verbs = dict(verbs)
        return named

    return guard


def show(
    request: HttpRequest, template: str, context: dict[str, Any], *, parts: tuple[str, ...] = (), status: int = 200
) -> HttpResponse:
    """Render a page, or the one of its named parts that `?part=` asks for."""
    part = request.GET.get("part", "")
    whole = f"{template}#{part}" if part in parts else template
    answer = render(request, whole, context, status=status)
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def kept_query(request: HttpRequest, *without: str) -> str:
    """Give the query of the address, less the part's name and what else is named, ready to be put after `?`."""
    query = request.GET.copy()
    for name in ("part", *without):
        query.pop(name, None)
    for name in [name for name, value in query.items() if not value]:
        del query[name]
    return query.urlencode()


def json_object(request: HttpRequest) -> dict[str, Any]:
    """Read the body as a JSON object; raises Problem 400 when it is none."""
    try:
        found = json.loads(request.body or b"{}")
    except (ValueError, RawPostDataException) as reason:  # the latter: it came as a form
        raise Problem(400, "not-json", "Not JSON", "Send a JSON object.") from reason
    if not isinstance(found, dict):
        raise Problem(400, "not-an-object", "Not an object", "Send a JSON object.")
    return found
