"""Queues with who may work on them, and tasks to look at."""

from typing import Any, ClassVar

from django.contrib.admin import register
from django.contrib.auth.models import Permission
from django.forms import ModelForm
from django.http import HttpRequest

from refinery.core.tenancy.roles import Verb
from refinery.core.web.admin_rows import TenantAdmin, TenantInline
from refinery.core.web.admin_site import site
from refinery.core.web.requests import actor_of_request
from review.models import Queue, QueueUserGrant, ReviewTask

WORK = "work_queue"


class QueueGrants(TenantInline):
    """People who may work on a queue without being of its team."""

    model = QueueUserGrant
    edit_verb = Verb.MEMBER_EDIT
    fields = ("user",)


@register(Queue, site=site)
class QueueAdmin(TenantAdmin):
    """Queues: open to the tenant's reviewers, to a team, or by grant."""

    view_verb = Verb.TENANT_EDIT
    edit_verb = Verb.TENANT_EDIT
    list_display = ("name", "schema_key", "team", "sla_seconds")
    search_fields = ("name",)
    fields = ("name", "schema_key", "team", "sla_seconds")
    inlines: ClassVar = [QueueGrants]
    list_select_related = ("team",)

    def save_formset(self, request: HttpRequest, form: ModelForm[Any], formset: Any, change: bool) -> None:  # noqa: ANN401
        """A grant is always the one to work."""
        work = Permission.objects.get(codename=WORK, content_type__app_label="review")
        for row in formset.save(commit=False):
            row.permission, row.tenant_id = work, actor_of_request(request).tenant_id
            row.save()
        for row in formset.deleted_objects:
            row.delete()


@register(ReviewTask, site=site)
class ReviewTaskAdmin(TenantAdmin):
    """Tasks, to look at: they are worked on at the desk."""

    view_verb = Verb.REVIEW_VIEW
    list_display = ("document", "kind", "state", "queue", "priority", "due_at", "opened_at")
    list_filter = ("kind", "state")
    fields = ("id", *list_display, "assignee_id", "claimed_at", "submitted_at", "verdict")
    list_select_related = ("queue", "document")
