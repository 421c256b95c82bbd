"""Exports of documents."""

from django.db import models
from django.db.models import Q

from ingestion.models.documents import Document
from ingestion.querysets import DocumentRowQuerySet
from refinery.core.database.models import TenantRow


class Artefact(TenantRow):
    """Export that is made by a worker: a file at `blob_key` once it is done."""

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

    objects = DocumentRowQuerySet["Artefact"].as_manager()

    class Meta:
        db_table = "artefact"
        constraints = [
            models.CheckConstraint(condition=Q(status__in=["queued", "done", "failed"]), name="artefact_status"),
            models.CheckConstraint(condition=Q(format__in=["label-studio", "pdf"]), name="artefact_format"),
        ]
        indexes = [models.Index(fields=["tenant_id", "document", "-id"], name="artefact_by_document")]

    def __str__(self) -> str:
        """Return format and status."""
        return f"{self.format} {self.status}"
