"""Documents, their batches and their schemas."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ingestion.domain.formats.containers import ContainerLimits
from ingestion.domain.lifecycle import BatchStatus, DocumentStatus
from ingestion.querysets import BatchQuerySet, DocumentQuerySet
from refinery.core.database.models import TenantRow
from refinery.core.tenancy.querysets import SharedQuerySet

STATUSES = [status.value for status in DocumentStatus]
BATCH_STATUSES = [status.value for status in BatchStatus]


class Schema(TenantRow):
    """Schema of a tenant, which describes a kind of document: `definition` is a SchemaSpec as JSON."""

    key = models.SlugField(max_length=40)
    version = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=120)
    definition = models.JSONField()
    is_active = models.BooleanField(default=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = SharedQuerySet["Schema"].as_manager()

    class Meta:
        db_table = "schema"
        verbose_name = _("schema")
        verbose_name_plural = _("schemas")
        constraints = [models.UniqueConstraint(fields=["tenant_id", "key", "version"], name="schema_version")]

    def __str__(self) -> str:
        """Return title and version."""
        return f"{self.title} v{self.version}"


class Batch(TenantRow):
    """Batch: documents that are controlled together."""

    name = models.CharField(max_length=120)
    schema_key = models.CharField(max_length=40, blank=True)
    status = models.CharField(max_length=10, default=BatchStatus.OPEN.value)
    created_by_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = BatchQuerySet["Batch"].as_manager()

    class Meta:
        db_table = "batch"
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        permissions = [
            ("review_batch", "May review the documents of the batch"),
            ("export_batch", "May export the documents of the batch"),
        ]
        constraints = [models.CheckConstraint(condition=Q(status__in=BATCH_STATUSES), name="batch_status")]
        indexes = [models.Index(fields=["tenant_id", "-id"], name="batch_newest")]

    def __str__(self) -> str:
        """Return the name of the batch."""
        return self.name


class Document(TenantRow):
    """Document: its original and its state. `version` grows with every change (ETag)."""

    filename = models.CharField(max_length=255)
    external_id = models.CharField(max_length=120, blank=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=80)
    blob_key = models.CharField(max_length=200)
    status = models.CharField(max_length=16, default=DocumentStatus.RECEIVED.value)
    stage = models.CharField(max_length=24, default="queued")
    run = models.PositiveIntegerField(default=1)
    fence = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    schema_key = models.CharField(max_length=40, blank=True)
    schema_given = models.BooleanField(default=False)
    schema_confidence = models.FloatField(null=True)
    pages = models.PositiveIntegerField(default=0)
    pages_failed = models.PositiveIntegerField(default=0)
    error_code = models.CharField(max_length=24, blank=True)
    error_detail = models.CharField(max_length=300, blank=True)
    metadata = models.JSONField(default=dict)
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="documents")
    priority = models.SmallIntegerField(default=0)
    supersedes = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="superseded_by")
    parent = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="children")
    part = models.PositiveIntegerField(null=True)  # its index in the parent, the same at each unpacking
    parent_pages = models.JSONField(null=True)  # of a child document of a split: its pages in the parent
    rotations = models.JSONField(default=dict)  # of a file: quarter turns by which people rotated its pages, by number
    last_rotation = models.JSONField(null=True)  # the run that began with a rotation, its pages, and the run `before`
    part_name = models.CharField(max_length=300, blank=True)  # its full name in the parent with folders, for display
    depth = models.PositiveSmallIntegerField(default=0)  # number of containers around it
    attachments = models.PositiveIntegerField(default=0)  # number of files found in it
    descendants = models.PositiveIntegerField(default=0)  # of an outermost container: all that ever came out
    descendant_bytes = models.PositiveBigIntegerField(default=0)
    mail_headers = models.JSONField(null=True)  # of a mail: sender, to, cc, subject, sent
    duplicates = models.PositiveIntegerField(default=0)
    webhook_url = models.CharField(max_length=500, blank=True)
    uploaded_by_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.UUIDField(null=True)
    # `decided_at` of the decision that receivers have been told about: it can no longer be undone.
    announced_decision = models.DateTimeField(null=True)

    objects = DocumentQuerySet["Document"].as_manager()

    class Meta:
        db_table = "document"
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        permissions = [("review_document", "May review the document"), ("export_document", "May export the document")]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=STATUSES), name="document_status"),
            models.CheckConstraint(condition=Q(pages_failed__lte=models.F("pages")), name="document_pages_failed"),
            models.CheckConstraint(condition=Q(depth__lte=ContainerLimits().depth), name="document_depth"),
            models.UniqueConstraint(
                fields=["tenant_id", "parent", "part"],
                name="document_part",
                condition=Q(parent__isnull=False, parent_pages__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "parent", "part"],
                name="document_split_part",
                condition=Q(parent__isnull=False, parent_pages__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "-id"], name="document_newest"),
            models.Index(fields=["tenant_id", "status", "-id"], name="document_by_status"),
            models.Index(fields=["tenant_id", "sha256"], name="document_by_hash"),
            models.Index(fields=["tenant_id", "batch", "status"], name="document_by_batch"),
            models.Index(fields=["tenant_id", "batch", "-id"], name="document_batch_newest"),
            models.Index(
                fields=["tenant_id", "external_id"], name="document_by_external", condition=~Q(external_id="")
            ),
        ]

    def __str__(self) -> str:
        """Return the file name."""
        return self.filename
