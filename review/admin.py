"""Admin of queues, including user grants; read-only admin of review tasks."""

from typing import Any, ClassVar

from django.contrib.admin import register
from django.forms import ModelForm
from django.http import HttpRequest

from refinery.core.tenancy.granting import accesses_of, set_grants
from refinery.core.tenancy.grants import Access, codename
from refinery.core.tenancy.models import Team, User
from refinery.core.tenancy.roles import Permission
from refinery.core.web.admin_lists import filter_of
from refinery.core.web.admin_rows import TenantAdmin, TenantInline
from refinery.core.web.admin_site import site
from refinery.core.web.requests import actor_of_request
from review.domain.lifecycle import TaskKind, TaskState
from review.models import Queue, QueueTeamGrant, QueueUserGrant, ReviewTask

REVIEW_QUEUE = codename(Access.REVIEW, Queue)


class QueueGrants(TenantInline):
    """Grants that are added and deleted, never changed."""

    edit_permission = Permission.MEMBER_EDIT

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ANN401 - Django's signature
        """Deny changes: the user or team of a grant stays."""
        return False


class QueueUserGrants(QueueGrants):
    """Users who may review a queue's tasks without belonging to its team."""

    model = QueueUserGrant
    fields = ("user",)

    def get_queryset(self, request: HttpRequest) -> Any:  # noqa: ANN401 - of either model
        """List grants to review."""
        return super().get_queryset(request).filter(permission__codename=REVIEW_QUEUE)


class QueueTeamGrants(QueueGrants):
    """Teams that may review a queue's tasks beside its own team."""

    model = QueueTeamGrant
    fields = ("group",)

    def get_queryset(self, request: HttpRequest) -> Any:  # noqa: ANN401 - as above
        """List grants to review."""
        return super().get_queryset(request).filter(permission__codename=REVIEW_QUEUE)


@register(Queue, site=site)
class QueueAdmin(TenantAdmin):
    """Queues: open to all reviewers of the tenant, to a team, or to users with a grant."""

    view_permission = Permission.TENANT_EDIT
    edit_permission = Permission.TENANT_EDIT
    list_display = ("name", "schema_key", "team", "sla_seconds")
    search_fields = ("name",)
    fields = ("name", "schema_key", "team", "sla_seconds")
    inlines: ClassVar = [QueueUserGrants, QueueTeamGrants]
    list_select_related = ("team",)

    def save_formset(self, request: HttpRequest, form: ModelForm[Any], formset: Any, change: bool) -> None:  # noqa: ANN401
        """Grant or revoke the review of the queue, with the same service and audit as the API."""
        actor = actor_of_request(request)
        formset.save(commit=False)
        for row in formset.new_objects:
            grantee = _grantee(row)
            kept = accesses_of(form.instance, grantee)
            set_grants(actor=actor, target=form.instance, grantee=grantee, wanted=kept | {Access.REVIEW})
        for row in formset.deleted_objects:
            grantee = _grantee(row)
            kept = accesses_of(form.instance, grantee)
            set_grants(actor=actor, target=form.instance, grantee=grantee, wanted=kept - {Access.REVIEW})


def _grantee(row: QueueUserGrant | QueueTeamGrant) -> User | Team:
    return row.user if isinstance(row, QueueUserGrant) else row.group


@register(ReviewTask, site=site)
class ReviewTaskAdmin(TenantAdmin):
    """Review tasks, read-only: reviewers work on them at the desk."""

    view_permission = Permission.REVIEW_VIEW
    list_display = ("document", "kind", "state", "queue", "priority", "due_at", "opened_at")
    list_filter = (("kind", filter_of(TaskKind)), ("state", filter_of(TaskState)))
    fields = ("id", *list_display, "assignee_id", "claimed_at", "submitted_at", "verdict")
    list_select_related = ("queue", "document")
