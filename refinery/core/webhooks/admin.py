"""Webhook receivers on the admin site; a secret is shown once, when it is created."""

from typing import Any

from django.conf import settings
from django.contrib.admin import register
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.forms import ModelForm, MultipleChoiceField
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from refinery.core.tenancy.roles import Permission
from refinery.core.web.admin_lists import KnownValuesFilter
from refinery.core.web.admin_row_actions import RowAction, RowActionAdmin
from refinery.core.web.admin_rows import TenantAdmin
from refinery.core.web.admin_site import site
from refinery.core.web.outbound_http import AddressNotAllowed, vet_without_lookup
from refinery.core.web.requests import actor_of_request
from refinery.core.webhooks.models import WebhookDelivery, WebhookEndpoint
from refinery.core.webhooks.services import EVENTS, add_endpoint, remove_endpoint, rotate_secret

DeletionSummary = tuple[list[Any], dict[str, int], set[str], list[Any]]
ROTATE = RowAction(
    "rotate", _("Create a new secret"), _("Events are signed with both secrets, until another one is created.")
)


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
class WebhookEndpointAdmin(RowActionAdmin):
    """Webhook receivers. A secret is shown only in the response to the form that creates or rotates it."""

    view_permission = Permission.WEBHOOK_EDIT
    edit_permission = Permission.WEBHOOK_EDIT
    audit_type = "webhook"
    may_delete = True
    form = EndpointForm
    fields = ("url", "events", "is_active")
    list_display = ("url", "is_active", "created_at")
    row_actions = (ROTATE,)

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool) -> None:  # noqa: ANN401
        """Create the receiver through the service, which generates its secret."""
        if change:
            obj.save(update_fields=["url", "events", "is_active"])
            return
        made = add_endpoint(
            actor=actor_of_request(request), url=form.cleaned_data["url"], events=form.cleaned_data["events"]
        )
        obj.pk, obj.tenant_id, obj.secret = made.pk, made.tenant_id, made.secret

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:  # noqa: ANN401
        """Show the new receiver's secret."""
        return self._show_secret(request, obj)

    def rotate(self, request: HttpRequest, row: WebhookEndpoint) -> HttpResponse:
        """Show the receiver's next secret."""
        return self._show_secret(request, rotate_secret(actor=actor_of_request(request), endpoint_id=row.pk))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> DeletionSummary:  # noqa: ANN401 - Django's
        """Return the receivers and the number of their deliveries, which are deleted with them."""
        deliveries = WebhookDelivery.objects.filter(endpoint__in=[row.pk for row in objs]).count()
        counts = {str(self.opts.verbose_name_plural): len(objs)}
        if deliveries:
            counts[str(WebhookDelivery._meta.verbose_name_plural)] = deliveries  # noqa: SLF001 - Django's documented way
        return [str(row) for row in objs], counts, set(), []

    def delete_model(self, request: HttpRequest, obj: Any) -> None:  # noqa: ANN401 - Django's signature
        """Delete the receiver with its deliveries through the service."""
        remove_endpoint(actor=actor_of_request(request), endpoint_id=obj.pk)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint, WebhookEndpoint]) -> None:
        """Delete the chosen receivers through the service."""
        for row in queryset:
            self.delete_model(request, row)

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> None:  # noqa: ANN401 - Django's signature
        """Do nothing: the service has already written the audit log."""

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Model, Model]) -> None:
        """Do nothing: the service writes the audit log."""

    def _show_secret(self, request: HttpRequest, row: WebhookEndpoint) -> HttpResponse:
        context = {
            "title": gettext("The webhook's secret"),
            "lead": gettext("This is the only time that the secret is shown. Copy it now."),
            "secret": row.secret,
            "testid": "webhook-secret",
            "text": gettext("The receiver checks the signature of each event with it, as Standard Webhooks says."),
            "copy": gettext("Copy the secret"),
            "back": reverse("admin:webhooks_webhookendpoint_changelist"),
            "back_title": gettext("All webhooks"),
        }
        return self.show_once(request, "admin/secret.html", **context)


@register(WebhookDelivery, site=site)
class WebhookDeliveryAdmin(TenantAdmin):
    """Deliveries of events, read-only."""

    view_permission = Permission.WEBHOOK_EDIT
    list_display = ("id", "event", "attempts", "status_code", "created_at", "delivered_at", "gave_up_at")
    list_filter = (("event", KnownValuesFilter),)
    fields = (*list_display, "error")
