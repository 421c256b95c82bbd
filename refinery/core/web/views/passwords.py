"""Passwords: every user changes their own, and a new member chooses one by the link of an invitation."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import PasswordResetConfirmView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from refinery.core.audit.services import record_event
from refinery.core.tenancy.actor import NotAllowed
from refinery.core.tenancy.credentials import record_chosen_password
from refinery.core.tenancy.models import User
from refinery.core.tenancy.roles import Permission
from refinery.core.tenancy.sign_in_attempts import TooManyAttempts, count_attempt, reset_attempts
from refinery.core.web.client_address import client_address
from refinery.core.web.requests import actor_of_request

TEMPLATE = "tenancy/change_password.html"


class OwnPasswordForm(PasswordChangeForm):
    """Present password, and the new one twice; guesses of the present one count as attempts to sign in."""

    def __init__(self, user: User, data: Any = None, *, address: str) -> None:  # noqa: ANN401 - Django's type
        """Store the network address, by which attempts are counted."""
        super().__init__(user, data)
        self.address = address

    def clean_old_password(self) -> str:
        """Reject a wrong password, and every one after too many attempts."""
        try:
            count_attempt(self.user.email, self.address)
        except TooManyAttempts as wait:
            minutes = -(-wait.seconds_left // 60)
            reason = ngettext("Try again in %d minute.", "Try again in %d minutes.", minutes) % minutes
            raise ValidationError(gettext("Too many attempts.") + " " + reason) from wait
        found = super().clean_old_password()
        reset_attempts(self.user.email, self.address)
        return str(found)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """Show or process the form. The session continues; others of this user, and their tokens, end."""
    actor, user = actor_of_request(request), request.user
    if not isinstance(user, User) or user.pk != actor.user_id:  # a key or a token has no password
        raise NotAllowed(Permission.DOCUMENT_VIEW)
    data = request.POST if request.method == "POST" else None
    form = OwnPasswordForm(user, data, address=client_address(request))
    if not form.is_valid():
        return render(request, TEMPLATE, {"form": form}, status=422 if data is not None else 200)
    form.save()
    update_session_auth_hash(request, user)
    record_event(actor.audit, "password.changed", "user", user.pk)
    messages.success(request, gettext("Your password is changed. You were signed out everywhere else."))
    return redirect("change-password")


class ChoosePasswordView(PasswordResetConfirmView):
    """Page of an invitation's link."""

    template_name = "tenancy/choose_password.html"
    success_url = reverse_lazy("sign-in")

    def form_valid(self, form: Any) -> HttpResponse:  # noqa: ANN401 - Django's form
        """Set the password and record it."""
        answer = super().form_valid(form)
        if isinstance(self.user, User):  # always, once the link was valid
            record_chosen_password(self.user, str(self.request.META.get("refinery.request_id", "")))
        return answer
