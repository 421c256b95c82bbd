"""Admin of queues, including user grants; read-only admin of review tasks."""

from typing import Any, ClassVar

from django.contrib.admin import register
from django.contrib.auth.models import Permission as DjangoPermission
from django.forms import ModelForm
from django.http import HttpRequest

from refinery.core.tenancy.roles import Permission
from refinery.core.web.admin_rows import TenantAdmin, TenantInline
from refinery.core.web.admin_site import site
from refinery.core.web.requests import actor_of_request
from review.models import Queue, QueueUserGrant, ReviewTask

WORK_QUEUE_CODENAME = "work_queue"


class QueueGrants(TenantInline):
    """Users who may work on a queue without belonging to its team."""

    model = QueueUserGrant
    edit_permission = Permission.MEMBER_EDIT
    fields = ("user",)


@register(Queue, site=site)
class QueueAdmin(TenantAdmin):
    """Queues: open to all reviewers of the tenant, to a team, or to users with a grant."""

    view_permission = Permission.TENANT_EDIT
    edit_permission = Permission.TENANT_EDIT
    list_display = ("name", "schema_key", "team", "sla_seconds")
    search_fields = ("name",)
    fields = ("name", "schema_key", "team", "sla_seconds")
    inlines: ClassVar = [QueueGrants]
    list_select_related = ("team",)

    def save_formset(self, request: HttpRequest, form: ModelForm[Any], formset: Any, change: bool) -> None:  # noqa: ANN401
        """Save grants; the permission is always `work_queue`."""
        work = DjangoPermission.objects.get(codename=WORK_QUEUE_CODENAME, content_type__app_label="review")
        for row in formset.save(commit=False):
            row.permission, row.tenant_id = work, actor_of_request(request).tenant_id
            row.save()
        for row in formset.deleted_objects:
            row.delete()


@register(ReviewTask, site=site)
class ReviewTaskAdmin(TenantAdmin):
    """Review tasks, read-only: reviewers work on them at the desk."""

    view_permission = Permission.REVIEW_VIEW
    list_display = ("document", "kind", "state", "queue", "priority", "due_at", "opened_at")
    list_filter = ("kind", "state")
    fields = ("id", *list_display, "assignee_id", "claimed_at", "submitted_at", "verdict")
    list_select_related = ("queue", "document")
