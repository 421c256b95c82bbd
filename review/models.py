"""Queues, review tasks, drafts, corrections and comments."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from ingestion.models import Document
from ingestion.querysets import DocumentRowQuerySet
from refinery.core.database.models import TenantRow
from refinery.core.tenancy.grants import TeamGrant, UserGrant
from refinery.core.tenancy.models import Team
from refinery.core.tenancy.querysets import OwnQuerySet
from review.domain.lifecycle import TaskKind, TaskState
from review.querysets import QueueQuerySet, TaskQuerySet


class Queue(TenantRow):
    """Queue of tasks of one kind; open to every reviewer of the tenant, to a team, or to users with a grant."""

    name = models.CharField(max_length=80)
    schema_key = models.CharField(max_length=40, blank=True)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="queues")
    sla_seconds = models.PositiveIntegerField(null=True, blank=True)

    objects = QueueQuerySet["Queue"].as_manager()

    class Meta:
        db_table = "queue"
        verbose_name = _("queue")
        verbose_name_plural = _("queues")
        permissions = [
            ("review_queue", "May review the queue's tasks"),
            ("export_queue", "May export the documents of the queue's tasks"),
        ]
        constraints = [models.UniqueConstraint(fields=["tenant_id", "name"], name="queue_name")]

    def __str__(self) -> str:
        """Return the name of the queue."""
        return self.name


class QueueUserGrant(UserGrant):
    """Grant of a queue to a user."""

    content_object = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="user_grants")

    class Meta(UserGrant.Meta):
        db_table = "queue_user_grant"
        verbose_name = _("grant")
        verbose_name_plural = _("grants")


class QueueTeamGrant(TeamGrant):
    """Grant of a queue to a team."""

    content_object = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="team_grants")

    class Meta(TeamGrant.Meta):
        db_table = "queue_team_grant"
        verbose_name = _("grant to a team")
        verbose_name_plural = _("grants to teams")


class ReviewTask(TenantRow):
    """Review of one document by a human. The lease's token and fence guard every write of its holder."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="tasks")
    run = models.PositiveIntegerField()
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="tasks")
    kind = models.CharField(max_length=10, default=TaskKind.REVIEW.value)
    state = models.CharField(max_length=10, default=TaskState.OPEN.value)
    schema_key = models.CharField(max_length=40, blank=True)
    priority = models.SmallIntegerField(default=0)
    risk = models.FloatField(default=0)
    reasons = models.JSONField(default=list)
    due_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    # Who escalated it, and when (`escalated_at` is the end of its time): it is then for people who decide escalations.
    raised_by_id = models.UUIDField(null=True)
    raised_at = models.DateTimeField(null=True)
    assignee_id = models.UUIDField(null=True)  # user who holds the lease, or who postponed or submitted the task
    excluded_id = models.UUIDField(null=True)  # user who may never review it: the first reviewer
    # Users who uploaded the document or changed its values elsewhere: they may not review it, unless the tenant
    # has turned four eyes off.
    involved_ids = ArrayField(
        models.UUIDField(), default=list, db_default=Value([], output_field=ArrayField(models.UUIDField()))
    )
    lease_token = models.UUIDField(null=True)
    lease_expires_at = models.DateTimeField(null=True)
    lease_ahead = models.BooleanField(default=False)
    fence = models.PositiveIntegerField(default=0)
    postponed_until = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    submitted_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(auto_now_add=True)
    claimed_at = models.DateTimeField(null=True)

    objects = TaskQuerySet["ReviewTask"].as_manager()

    class Meta:
        db_table = "review_task"
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[s.value for s in TaskState]), name="task_state"),
            models.CheckConstraint(condition=Q(kind__in=[k.value for k in TaskKind]), name="task_kind"),
            models.CheckConstraint(
                condition=~Q(state="CLAIMED")
                | Q(lease_token__isnull=False, lease_expires_at__isnull=False, assignee_id__isnull=False),
                name="task_claim_has_lease",
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "document", "kind"],
                condition=Q(state__in=["OPEN", "CLAIMED", "POSTPONED"]),
                name="task_one_open",
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant_id", "-priority", "due_at", "id"], name="task_next", condition=Q(state="OPEN")
            ),
            models.Index(
                fields=["tenant_id", "-priority", "due_at", "id"],
                name="task_by_urgency",
                condition=Q(state__in=["OPEN", "CLAIMED", "POSTPONED"]),
            ),
            models.Index(fields=["tenant_id", "queue", "due_at"], name="task_by_queue", condition=Q(state="OPEN")),
            models.Index(
                fields=["tenant_id", "assignee_id", "state"],
                name="task_mine",
                condition=Q(state__in=["CLAIMED", "POSTPONED"]),
            ),
            models.Index(fields=["tenant_id", "lease_expires_at"], name="task_lapsing", condition=Q(state="CLAIMED")),
            models.Index(fields=["tenant_id", "state", "-id"], name="task_by_state"),
            models.Index(
                fields=["tenant_id", "raised_at"],
                name="task_raised",
                condition=Q(raised_at__isnull=False, state__in=["OPEN", "CLAIMED", "POSTPONED"]),
            ),
            models.Index(fields=["tenant_id", "assignee_id", "-submitted_at"], name="task_done_by"),
        ]

    def __str__(self) -> str:
        """Return kind and state."""
        return f"{self.kind} {self.state}"


class TaskSkip(TenantRow):
    """Skip of a task by a user: the task is never offered to that user again."""

    task = models.ForeignKey(ReviewTask, on_delete=models.CASCADE, related_name="skips")
    user_id = models.UUIDField()
    at = models.DateTimeField(auto_now_add=True)

    objects = OwnQuerySet["TaskSkip"].as_manager()

    class Meta:
        db_table = "task_skip"
        constraints = [models.UniqueConstraint(fields=["tenant_id", "task", "user_id"], name="skip_once")]

    def __str__(self) -> str:
        """Return the ids of task and user."""
        return f"{self.task_id} {self.user_id}"


class Draft(TenantRow):
    """Typed values that are not yet submitted; `revision` detects concurrent edits in two tabs."""

    task = models.ForeignKey(ReviewTask, on_delete=models.CASCADE, related_name="drafts")
    user_id = models.UUIDField()
    revision = models.PositiveIntegerField(default=0)
    values = models.JSONField(default=dict)
    updated_at = models.DateTimeField(auto_now=True)

    objects = OwnQuerySet["Draft"].as_manager()

    class Meta:
        db_table = "draft"
        constraints = [models.UniqueConstraint(fields=["tenant_id", "task", "user_id"], name="draft_once")]

    def __str__(self) -> str:
        """Return the task's id and the revision."""
        return f"{self.task_id} r{self.revision}"


class Correction(TenantRow):
    """Human confirmation or correction of one field: before and after, as printed, with the values for an undo."""

    task = models.ForeignKey(ReviewTask, null=True, on_delete=models.CASCADE, related_name="corrections")
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="corrections")
    run = models.PositiveIntegerField()
    field = models.CharField(max_length=60)
    kind = models.CharField(max_length=10)  # confirmed | corrected
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    page = models.PositiveIntegerField(null=True)
    bbox = models.JSONField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    reviewer_id = models.UUIDField()
    created_at = models.DateTimeField(auto_now_add=True)
    restore = models.JSONField(default=dict)  # previous column values of the field, for an undo
    undone_at = models.DateTimeField(null=True)

    objects = DocumentRowQuerySet["Correction"].as_manager()

    class Meta:
        db_table = "correction"
        indexes = [models.Index(fields=["tenant_id", "document", "-id"], name="correction_by_document")]

    def __str__(self) -> str:
        """Return name and kind, never the value."""
        return f"{self.field} {self.kind}"


class Comment(TenantRow):
    """Comment on a document."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="comments")
    author_id = models.UUIDField()
    text = models.TextField(max_length=4000)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DocumentRowQuerySet["Comment"].as_manager()

    class Meta:
        db_table = "comment"
        indexes = [models.Index(fields=["tenant_id", "document", "id"], name="comment_by_document")]

    def __str__(self) -> str:
        """Return the document's id."""
        return str(self.document_id)
