"""Splits of files, and files that stay in their container."""

from django.db import models
from django.db.models import Q

from ingestion.domain.formats.containers import SkipReason
from ingestion.models.documents import Document
from ingestion.querysets import DocumentRowQuerySet
from refinery.core.database.models import TenantRow


class Split(TenantRow):
    """Split of a file into documents, detected by a run or edited by a person; the highest number is current.

    Page numbers are those of the file. `parts` are {"document", "pages", "reasons"}, in order; `dropped` contains the
    reason for each page without a part; `boundaries` are {"page", "chance", "reasons"}, where a document may begin.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="splits")
    number = models.PositiveIntegerField()
    run = models.PositiveIntegerField()
    parts = models.JSONField()
    dropped = models.JSONField(default=dict)
    boundaries = models.JSONField(default=list)
    created_by_id = models.UUIDField(null=True)  # the editor; null: detected automatically
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DocumentRowQuerySet["Split"].as_manager()

    class Meta:
        db_table = "split"
        constraints = [models.UniqueConstraint(fields=["tenant_id", "document", "number"], name="split_number")]

    def __str__(self) -> str:
        """Return the document's id and the number."""
        return f"{self.document_id} s{self.number}"


class SkippedContainerFile(TenantRow):
    """File that stays in its container, with the reason. Every file of a container is a document or one of these."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="skipped_files")
    part = models.PositiveIntegerField()
    name = models.CharField(max_length=300, blank=True)
    reason = models.CharField(max_length=10)

    objects = DocumentRowQuerySet["SkippedContainerFile"].as_manager()

    class Meta:
        db_table = "skipped_file"
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "document", "part"], name="skipped_file_once"),
            models.CheckConstraint(
                condition=Q(reason__in=[reason.value for reason in SkipReason]), name="skipped_file_reason"
            ),
        ]

    def __str__(self) -> str:
        """Return the document's id and the part."""
        return f"{self.document_id} part {self.part}"
