"""Sign-in, sign-out and switching of tenants."""

from django import forms
from django.contrib.auth import login, logout
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from refinery.core.audit.services import record_event
from refinery.core.tenancy.authentication import membership_in
from refinery.core.tenancy.credentials import check_credentials, record_sign_in
from refinery.core.tenancy.models import User
from refinery.core.tenancy.platform import MembershipRecord, memberships_of
from refinery.core.tenancy.services import user_id_of
from refinery.core.tenancy.sign_in_attempts import TooManyAttempts
from refinery.core.web.client_address import client_address, local_path
from refinery.core.web.middleware import SESSION_TENANT
from refinery.core.web.requests import actor_of_request, actor_or_none
from refinery.core.web.sign_in_redirects import page_path

BACKEND = "django.contrib.auth.backends.ModelBackend"
TEMPLATE = "tenancy/sign_in.html"


class SignInForm(forms.Form):
    """Email address and password; `username` is the field name that password managers look for."""

    username = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254)
    password = forms.CharField(label=gettext_lazy("Password"), max_length=256, strip=False, widget=forms.PasswordInput)


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show or process the form: a wrong address and a wrong password get the same response."""
    following = page_path(request.POST.get("next") or request.GET.get("next") or "/")
    if request.method != "POST":
        return redirect(following) if actor_or_none(request) else _sign_in_page(request, SignInForm(), following)
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _sign_in_page(request, form, following, status=422)
    try:
        user = check_credentials(
            email=form.cleaned_data["username"],
            password=form.cleaned_data["password"],
            address=client_address(request),
            request_id=str(request.META.get("refinery.request_id", "")),
        )
    except TooManyAttempts as wait:
        minutes = -(-wait.seconds_left // 60)
        reason = _("Too many attempts. Try again in %d minutes.") % minutes
        answer = _sign_in_page(request, form, following, reason, 429)
        answer["Retry-After"] = str(wait.seconds_left)
        return answer
    if user is None:
        return _sign_in_page(request, form, following, _("The e-mail address or the password is not right."), 422)
    return _start_session(request, user, form, following)


def _start_session(request: HttpRequest, user: User, form: SignInForm, following: str) -> HttpResponse:
    """Open a session in the first of the user's tenants."""
    places = memberships_of(user_id_of(user))
    if not places:
        reason = _("Your account belongs to no active organisation. Ask your administrator.")
        return _sign_in_page(request, form, following, reason, 403)
    login(request, user, backend=BACKEND)
    request.session[SESSION_TENANT] = str(places[0].tenant_id)
    request_id = str(request.META.get("refinery.request_id", ""))
    transaction.on_commit(lambda: record_sign_in(user, places[0], "session.opened", request_id))
    return redirect(following)


def _sign_in_page(
    request: HttpRequest, form: SignInForm, following: str, problem: str = "", status: int = 200
) -> HttpResponse:
    if problem:
        form.add_error(None, problem)
    context = {"form": form, "next": following, "unsent": "unsent" in request.GET}
    return render(request, TEMPLATE, context, status=status)


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session, here and in the database."""
    actor = actor_or_none(request)
    if actor is not None:
        record_event(actor.audit, "session.closed", "user", actor.user_id)
    logout(request)
    return redirect("sign-in")


@never_cache
@require_POST
def switch_tenant(request: HttpRequest) -> HttpResponse:
    """Switch to another of the user's tenants; a super_admin may enter any. Both audit logs record it."""
    actor = actor_of_request(request)
    place = membership_in(actor.user_id, request.POST.get("tenant", ""))
    if place is None or not isinstance(request.user, User):
        raise ObjectDoesNotExist
    if place.tenant_id != actor.tenant_id:
        record_event(actor.audit, "session.left", "user", actor.user_id)
        _switch_session_tenant(request, request.user, place, actor.request_id)
    return redirect(local_path(request.POST.get("next", "/")))


def _switch_session_tenant(request: HttpRequest, user: User, membership: MembershipRecord, request_id: str) -> None:
    """Change the session's tenant; its log entry follows the commit, as this transaction is in the old tenant."""
    request.session.cycle_key()
    request.session[SESSION_TENANT] = str(membership.tenant_id)
    transaction.on_commit(lambda: record_sign_in(user, membership, "session.entered", request_id))
