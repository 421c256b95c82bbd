"""Webhook receivers on the admin site; secrets are shown only by the API, once."""

from typing import Any

from django.conf import settings
from django.contrib.admin import register
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms import ModelForm, MultipleChoiceField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from refinery.core.tenancy.roles import Permission
from refinery.core.web.admin_rows import TenantAdmin
from refinery.core.web.admin_site import site
from refinery.core.web.outbound_http import AddressNotAllowed, vet_without_lookup
from refinery.core.web.requests import actor_of_request
from refinery.core.webhooks.models import WebhookDelivery, WebhookEndpoint
from refinery.core.webhooks.services import EVENTS, add_endpoint


class EndpointForm(ModelForm[Any]):
    """Address of a receiver and the events it subscribes to."""

    events = MultipleChoiceField(
        label=_("Events"),
        required=False,
        choices=[(name, name) for name in sorted(EVENTS)],
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
        help_text=_("None chosen: all of them."),
    )

    class Meta:
        model = WebhookEndpoint
        fields = ("url", "events", "is_active")

    def clean_url(self) -> str:
        """Reject addresses that events must not be sent to."""
        url = str(self.cleaned_data["url"])
        try:
            vet_without_lookup(url, loopback=settings.WEBHOOK_LOOPBACK)
        except AddressNotAllowed as reason:
            raise ValidationError(str(reason)) from reason
        return url


@register(WebhookEndpoint, site=site)
class WebhookEndpointAdmin(TenantAdmin):
    """Webhook receivers. Secrets are read and rotated through the API, so that no admin page contains them."""

    view_permission = Permission.WEBHOOK_EDIT
    edit_permission = Permission.WEBHOOK_EDIT
    audit_type = "webhook"
    may_delete = True
    form = EndpointForm
    fields = ("url", "events", "is_active")
    list_display = ("url", "is_active", "created_at")

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool) -> None:  # noqa: ANN401
        """Create the receiver through the service, which generates its secret."""
        if change:
            obj.save(update_fields=["url", "events", "is_active"])
            return
        made = add_endpoint(
            actor=actor_of_request(request), url=form.cleaned_data["url"], events=form.cleaned_data["events"]
        )
        obj.pk, obj.tenant_id = made.pk, made.tenant_id

    def log_addition(self, request: HttpRequest, obj: Model, message: list[str]) -> None:
        """Do nothing: the service has already written the audit log."""


@register(WebhookDelivery, site=site)
class WebhookDeliveryAdmin(TenantAdmin):
    """Deliveries of events, read-only."""

    view_permission = Permission.WEBHOOK_EDIT
    list_display = ("id", "event", "attempts", "status_code", "created_at", "delivered_at", "gave_up_at")
    list_filter = ("event",)
    fields = (*list_display, "error")
