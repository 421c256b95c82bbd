"""Reprocessing runs of documents."""

from django.db import models
from django.db.models import Q

from ingestion.domain.reprocessing_status import MODES, OPEN_STATUSES, ReprocessingStatus
from ingestion.models.documents import Document
from ingestion.querysets import ReprocessingQuerySet
from refinery.core.database.models import TenantRow


class ReprocessingRun(TenantRow):
    """Reprocessing run: the same file read with other options; its pages are stored as those of the next run.

    `fields` are the values that it would set, `page_changes` the differences of its pages; both are computed once it is
    read. A document has at most one open reprocessing run at a time; another run that starts meanwhile supersedes it.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="reprocessing_runs")
    base_run = models.PositiveIntegerField()  # run to compare with; the new pages belong to the run after it
    mode = models.CharField(max_length=10)  # fast | standard | thorough
    engines = models.JSONField(default=list)  # empty for the usual engines
    status = models.CharField(max_length=10, default=ReprocessingStatus.QUEUED.value)
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

    objects = ReprocessingQuerySet["ReprocessingRun"].as_manager()

    class Meta:
        db_table = "reprocessing_run"
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in ReprocessingStatus]), name="reprocessing_status"
            ),
            models.CheckConstraint(condition=Q(mode__in=list(MODES)), name="reprocessing_mode"),
            models.UniqueConstraint(
                fields=["tenant_id", "document"],
                condition=Q(status__in=list(OPEN_STATUSES)),
                name="reprocessing_open_once",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "document", "-id"], name="reprocessing_by_document"),
            models.Index(
                fields=["tenant_id", "-id"], name="reprocessing_open", condition=Q(status__in=list(OPEN_STATUSES))
            ),
        ]

    def __str__(self) -> str:
        """Return the document's id and the status."""
        return f"{self.document_id} {self.status}"

    @property
    def run(self) -> int:
        """Return the run number of its pages, which it keeps when it is applied."""
        return self.base_run + 1
