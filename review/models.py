"""Queues, tasks and what reviewers make of them."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from ingestion.models import Document
from refinery.core.database.models import TenantRow
from refinery.core.tenancy.models import Team
from refinery.core.tenancy.querysets import TenantQuerySet
from review.domain.lifecycle import TaskKind, TaskState
from review.domain.reprocessing_status import MODES, RereadingStatus
from review.domain.reprocessing_status import OPEN as OPEN_REREADINGS
from review.querysets import QueueQuerySet, RereadingQuerySet, TaskQuerySet


class Queue(TenantRow):
    """Tasks of one kind; open to every reviewer of the tenant, or to a team, or by grant."""

    name = models.CharField(max_length=80)
    schema_key = models.CharField(max_length=40, blank=True)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="queues")
    sla_seconds = models.PositiveIntegerField(null=True, blank=True)

    objects = QueueQuerySet["Queue"].as_manager()

    class Meta:
        db_table = "queue"
        verbose_name = _("queue")
        verbose_name_plural = _("queues")
        permissions = [("work_queue", "May work on the queue's tasks")]
        constraints = [models.UniqueConstraint(fields=["tenant_id", "name"], name="queue_name")]

    def __str__(self) -> str:
        """Name the queue."""
        return self.name


class QueueUserGrant(UserObjectPermissionBase):
    """A person's own grant on a queue (django-guardian, direct foreign key), with its tenant for the wall."""

    tenant_id = models.UUIDField(editable=False)
    content_object = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="user_grants")

    class Meta(UserObjectPermissionBase.Meta):
        db_table = "queue_user_grant"
        verbose_name = _("grant")
        verbose_name_plural = _("grants")

    def save(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        """Carry the queue's tenant."""
        self.tenant_id = self.content_object.tenant_id
        super().save(*args, **kwargs)


class QueueGroupGrant(GroupObjectPermissionBase):
    """A group's grant on a queue; guardian asks for both kinds."""

    tenant_id = models.UUIDField(editable=False)
    content_object = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="group_grants")

    class Meta(GroupObjectPermissionBase.Meta):
        db_table = "queue_group_grant"

    def save(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        """Carry the queue's tenant."""
        self.tenant_id = self.content_object.tenant_id
        super().save(*args, **kwargs)


class ReviewTask(TenantRow):
    """A question to a human about one document. The lease's token and fence guard every write of its holder."""

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
    assignee_id = models.UUIDField(null=True)  # who holds the lease, postponed or submitted it
    excluded_id = models.UUIDField(null=True)  # who may not do it: uploader or first reviewer (four eyes)
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
                fields=["tenant_id", "assignee_id", "state"],
                name="task_mine",
                condition=Q(state__in=["CLAIMED", "POSTPONED"]),
            ),
            models.Index(
                fields=["tenant_id", "lease_expires_at"], name="task_lapsing", condition=Q(state="CLAIMED")
            ),
            models.Index(fields=["tenant_id", "state", "-id"], name="task_by_state"),
            models.Index(fields=["tenant_id", "assignee_id", "-submitted_at"], name="task_done_by"),
        ]

    def __str__(self) -> str:
        """Name kind and state."""
        return f"{self.kind} {self.state}"


class TaskSkip(TenantRow):
    """A person skipped a task: it is never offered to them again."""

    task = models.ForeignKey(ReviewTask, on_delete=models.CASCADE, related_name="skips")
    user_id = models.UUIDField()
    at = models.DateTimeField(auto_now_add=True)

    objects = TenantQuerySet["TaskSkip"].as_manager()

    class Meta:
        db_table = "task_skip"
        constraints = [models.UniqueConstraint(fields=["tenant_id", "task", "user_id"], name="skip_once")]

    def __str__(self) -> str:
        """Name both sides."""
        return f"{self.task_id} {self.user_id}"


class Draft(TenantRow):
    """What a reviewer has typed and not yet submitted; `revision` lets two tabs notice each other."""

    task = models.ForeignKey(ReviewTask, on_delete=models.CASCADE, related_name="drafts")
    user_id = models.UUIDField()
    revision = models.PositiveIntegerField(default=0)
    values = models.JSONField(default=dict)
    updated_at = models.DateTimeField(auto_now=True)

    objects = TenantQuerySet["Draft"].as_manager()

    class Meta:
        db_table = "draft"
        constraints = [models.UniqueConstraint(fields=["tenant_id", "task", "user_id"], name="draft_once")]

    def __str__(self) -> str:
        """Name task and revision."""
        return f"{self.task_id} r{self.revision}"


class Correction(TenantRow):
    """What a reviewer made of one field: before and after, as printed and as normalised."""

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
    restore = models.JSONField(default=dict)  # the field as it was, for an undo
    undone_at = models.DateTimeField(null=True)

    objects = TenantQuerySet["Correction"].as_manager()

    class Meta:
        db_table = "correction"
        indexes = [models.Index(fields=["tenant_id", "document", "-id"], name="correction_by_document")]

    def __str__(self) -> str:
        """Name the field, never its value."""
        return f"{self.field} {self.kind}"


class Comment(TenantRow):
    """A remark on a document."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="comments")
    author_id = models.UUIDField()
    text = models.TextField(max_length=4000)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TenantQuerySet["Comment"].as_manager()

    class Meta:
        db_table = "comment"
        indexes = [models.Index(fields=["tenant_id", "document", "id"], name="comment_by_document")]

    def __str__(self) -> str:
        """Name the document."""
        return str(self.document_id)


class Artefact(TenantRow):
    """An export that a worker makes: a file at `blob_key` once it is done."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="artefacts")
    run = models.PositiveIntegerField()
    format = models.CharField(max_length=16)  # label-studio | pdf
    status = models.CharField(max_length=10, default="queued")  # queued, done, failed
    media_type = models.CharField(max_length=40, blank=True)
    blob_key = models.CharField(max_length=200, blank=True)
    detail = models.CharField(max_length=200, blank=True)
    requested_by_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    objects = TenantQuerySet["Artefact"].as_manager()

    class Meta:
        db_table = "artefact"
        constraints = [
            models.CheckConstraint(condition=Q(status__in=["queued", "done", "failed"]), name="artefact_status"),
            models.CheckConstraint(condition=Q(format__in=["label-studio", "pdf"]), name="artefact_format"),
        ]
        indexes = [models.Index(fields=["tenant_id", "document", "-id"], name="artefact_by_document")]

    def __str__(self) -> str:
        """Name format and status."""
        return f"{self.format} {self.status}"


class Rereading(TenantRow):
    """A candidate: the same file read by other means, its pages beside the document's as those of the next run.

    `fields` are the values that it would give, `page_changes` what is other on its pages: both are weighed once it
    is read. One a document waits for a word at a time; a run that starts meanwhile overtakes it.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="rereadings")
    base_run = models.PositiveIntegerField()  # what it is compared with; its own pages have the run after it
    mode = models.CharField(max_length=10)  # fast | standard | thorough
    engines = models.JSONField(default=list)  # empty for the usual ones
    status = models.CharField(max_length=10, default=RereadingStatus.QUEUED.value)
    fence = models.PositiveIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0)
    pages_done = models.PositiveIntegerField(default=0)
    pages_failed = models.PositiveIntegerField(default=0)
    schema_key = models.CharField(max_length=40, blank=True)
    fields = models.JSONField(default=list)
    page_changes = models.JSONField(default=list)
    error_code = models.CharField(max_length=24, blank=True)
    requested_by_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    objects = RereadingQuerySet["Rereading"].as_manager()

    class Meta:
        db_table = "rereading"
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in RereadingStatus]), name="rereading_status"
            ),
            models.CheckConstraint(condition=Q(mode__in=list(MODES)), name="rereading_mode"),
            models.UniqueConstraint(
                fields=["tenant_id", "document"],
                condition=Q(status__in=list(OPEN_REREADINGS)),
                name="rereading_open_once",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "document", "-id"], name="rereading_by_document"),
            models.Index(
                fields=["tenant_id", "-id"], name="rereading_open", condition=Q(status__in=list(OPEN_REREADINGS))
            ),
        ]

    def __str__(self) -> str:
        """Name document and status."""
        return f"{self.document_id} {self.status}"

    @property
    def run(self) -> int:
        """The run that its pages lie under, and that it becomes."""
        return self.base_run + 1
