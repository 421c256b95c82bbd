"""Way to the sign-in page and back: never to a fragment of a page, nor to an address that only takes forms."""

from urllib.parse import parse_qsl, urlencode, urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve

from refinery.core.web.client_address import local_path
from refinery.core.web.problems import problem

START = "/"
SIGN_IN = "/sign-in/"
FORM_ONLY = frozenset({"logout", "sign-out", "switch-tenant", "sign-in"})
ROW_ACTION = "_row_action"


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Return the response of a page to a visitor whose session has ended.

    htmx gets 401 and changes nothing, so that what was typed stays while the person signs in in another tab. A form is
    followed by the page that it was on, with a note that it was not carried out.
    """
    if request.headers.get("HX-Request") == "true":
        return problem(401, "Not signed in", "Sign in again.", headers={"HX-Reswap": "none"})
    sent_form = request.method not in {"GET", "HEAD"}
    back = referring_path(request) if sent_form else request.get_full_path()
    query = {"next": page_path(back)} | ({"unsent": "1"} if sent_form else {})
    return redirect(f"{SIGN_IN}?{urlencode(query)}")


def page_path(target: str) -> str:
    """Return the path of the whole page for a path on this site; the start page for anything that is none."""
    parts = urlsplit(local_path(target, START))
    if not _opens_as_page(parts.path):
        return START
    query = urlencode([(name, value) for name, value in parse_qsl(parts.query) if name != "part"])
    return f"{parts.path}?{query}" if query else parts.path


def referring_path(request: HttpRequest) -> str:
    """Return the path of the page that a form was on, the start page if the browser names none of this site."""
    parts = urlsplit(request.headers.get("Referer", ""))
    if parts.netloc != request.get_host():
        return START
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _opens_as_page(path: str) -> bool:
    try:
        match = resolve(path)
    except Resolver404:
        return True  # its own page says that there is nothing
    permissions = getattr(match.func, "required_permissions", None)
    if path.startswith("/v1/") or match.url_name in FORM_ONLY or str(match.url_name).endswith(ROW_ACTION):
        return False
    return permissions is None or "GET" in permissions
