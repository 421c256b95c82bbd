"""Documents, their pages and what was read from them. A re-run is a new run number; earlier runs stay."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ingestion.domain.formats.containers import ContainerLimits, Why
from ingestion.domain.lifecycle import DocumentStatus
from ingestion.querysets import DocumentQuerySet, RegionQuerySet
from refinery.core.database.models import TenantRow
from refinery.core.tenancy.querysets import TenantQuerySet

STATUSES = [status.value for status in DocumentStatus]


class Schema(TenantRow):
    """A kind of document as a tenant wants it: `definition` is a SchemaSpec as JSON."""

    key = models.SlugField(max_length=40)
    version = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=120)
    definition = models.JSONField()
    is_active = models.BooleanField(default=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = TenantQuerySet["Schema"].as_manager()

    class Meta:
        db_table = "schema"
        verbose_name = _("schema")
        verbose_name_plural = _("schemas")
        constraints = [models.UniqueConstraint(fields=["tenant_id", "key", "version"], name="schema_version")]

    def __str__(self) -> str:
        """Name key and version."""
        return f"{self.title} v{self.version}"


class Batch(TenantRow):
    """Documents that came together."""

    name = models.CharField(max_length=120)
    schema_key = models.CharField(max_length=40, blank=True)
    status = models.CharField(max_length=10, default="OPEN")
    created_by_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TenantQuerySet["Batch"].as_manager()

    class Meta:
        db_table = "batch"
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["OPEN", "RUNNING", "PAUSED", "CANCELLED", "DONE"]),
                name="batch_status",
            )
        ]
        indexes = [models.Index(fields=["tenant_id", "-id"], name="batch_newest")]

    def __str__(self) -> str:
        """Name the batch."""
        return self.name


class Document(TenantRow):
    """One document: its original, and where it stands. `version` grows with every change (ETag)."""

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
    part = models.PositiveIntegerField(null=True)  # its place in the parent, the same at each unpacking
    parent_pages = models.JSONField(null=True)  # the pages of the parent that are its own, where a split made it
    turns = models.JSONField(default=dict)  # of a file: quarters by which people have turned its pages, by number
    turned = models.JSONField(null=True)  # the run that began with that, what was turned, the last one `before`
    part_name = models.CharField(max_length=300, blank=True)  # its whole name there, folders and all: to show
    depth = models.PositiveSmallIntegerField(default=0)  # containers around it
    attachments = models.PositiveIntegerField(default=0)  # files that were found in it
    descendants = models.PositiveIntegerField(default=0)  # all that ever came out of an outermost container
    descendant_bytes = models.PositiveBigIntegerField(default=0)
    letterhead = models.JSONField(null=True)  # of a mail: sender, to, cc, subject, sent
    duplicates = models.PositiveIntegerField(default=0)
    webhook_url = models.CharField(max_length=500, blank=True)
    uploaded_by_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.UUIDField(null=True)

    objects = DocumentQuerySet["Document"].as_manager()

    class Meta:
        db_table = "document"
        verbose_name = _("document")
        verbose_name_plural = _("documents")
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
            models.Index(
                fields=["tenant_id", "external_id"], name="document_by_external", condition=~Q(external_id="")
            ),
        ]

    def __str__(self) -> str:
        """Name the file."""
        return self.filename


class Page(TenantRow):
    """One page of one run: words and blocks as compact JSON, images by content hash."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="page_rows")
    run = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    origin = models.PositiveIntegerField(null=True)  # its number in the original, where a split made the document
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    source = models.CharField(max_length=12)
    confidence = models.FloatField()
    words = models.JSONField(default=list)
    blocks = models.JSONField(default=list)
    measures = models.JSONField(null=True)
    codes = models.JSONField(default=list)
    notes = models.JSONField(default=list)  # codes of Note, told beside the page
    image_key = models.CharField(max_length=200, blank=True)
    image_type = models.CharField(max_length=20, default="image/jpeg")
    thumbnail_key = models.CharField(max_length=200, blank=True)
    error = models.CharField(max_length=300, blank=True)
    settings = models.CharField(max_length=64, blank=True)  # what it was read by; "" is never taken over
    file_pages = models.PositiveIntegerField(default=0)  # pages of the whole file
    attachments = models.PositiveIntegerField(default=0)  # files seen in the document up to this page
    read_at = models.DateTimeField(null=True)

    objects = TenantQuerySet["Page"].as_manager()

    class Meta:
        db_table = "page"
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "document", "run", "number"], name="page_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="page_number_from_one"),
        ]

    def __str__(self) -> str:
        """Name document, run and number."""
        return f"{self.document_id} r{self.run} p{self.number}"


class Split(TenantRow):
    """How a file is parted into documents, as a run found it or a person mended it; the highest number holds.

    Pages go by their numbers in the file. `parts` are {"document", "pages", "reasons"}, in their order; `dropped`
    says why a page belongs to none; `boundaries` are {"page", "chance", "reasons"}, where a document may begin.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="splits")
    number = models.PositiveIntegerField()
    run = models.PositiveIntegerField()
    parts = models.JSONField()
    dropped = models.JSONField(default=dict)
    boundaries = models.JSONField(default=list)
    made_by_id = models.UUIDField(null=True)  # a person; null for the engine
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TenantQuerySet["Split"].as_manager()

    class Meta:
        db_table = "split"
        constraints = [models.UniqueConstraint(fields=["tenant_id", "document", "number"], name="split_number")]

    def __str__(self) -> str:
        """Name document and number."""
        return f"{self.document_id} s{self.number}"


class RegionReading(TenantRow):
    """A part of a page read once more for one person. Its words are kept for minutes, then forgotten."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="regions")
    run = models.PositiveIntegerField()
    page = models.PositiveIntegerField()
    bbox = models.JSONField()
    engine = models.CharField(max_length=12, blank=True)  # one engine alone; empty takes the usual ones together
    status = models.CharField(max_length=10, default="queued")  # queued, done, failed
    text = models.TextField(blank=True)
    words = models.JSONField(default=list)
    confidence = models.FloatField(null=True)
    error_code = models.CharField(max_length=24, blank=True)
    requested_by_id = models.UUIDField()
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    objects = RegionQuerySet["RegionReading"].as_manager()

    class Meta:
        db_table = "region_reading"
        constraints = [
            models.CheckConstraint(condition=Q(status__in=["queued", "done", "failed"]), name="region_status"),
            models.CheckConstraint(condition=Q(engine__in=["", "rapidocr", "tesseract"]), name="region_engine"),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "requested_by_id", "-id"], name="region_by_asker"),
            models.Index(fields=["tenant_id", "expires_at"], name="region_expiry"),
        ]

    def __str__(self) -> str:
        """Name page and status, never the words."""
        return f"{self.document_id} p{self.page} {self.status}"


class Field(TenantRow):
    """A field's current value: what the model read, and what a human made of it. `version` guards edits."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="field_rows")
    run = models.PositiveIntegerField()
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)
    value = models.TextField(blank=True)
    normalized = models.TextField(blank=True)
    confidence = models.FloatField()
    model_value = models.TextField(blank=True)
    model_normalized = models.TextField(blank=True)
    model_version = models.CharField(max_length=60, blank=True)
    page = models.PositiveIntegerField(null=True)
    bbox = models.JSONField(null=True)
    source = models.CharField(max_length=16, blank=True)
    alternatives = models.JSONField(default=list)
    validations = models.JSONField(default=list)
    features = models.JSONField(default=dict)
    needs_human = models.BooleanField(default=False)
    human = models.CharField(max_length=10, blank=True)  # "", confirmed, corrected
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(auto_now=True)

    objects = TenantQuerySet["Field"].as_manager()

    class Meta:
        db_table = "field"
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "document", "run", "name"], name="field_name"),
            models.CheckConstraint(
                condition=Q(confidence__gte=0) & Q(confidence__lte=1), name="field_confidence_range"
            ),
            models.CheckConstraint(condition=Q(human__in=["", "confirmed", "corrected"]), name="field_human"),
        ]

    def __str__(self) -> str:
        """Name the field, never its value."""
        return f"{self.document_id} {self.name}"


class XmlInvoice(TenantRow):
    """The e-invoice that a document carries, as one run found it: the XML by its hash, and what it says.

    `facts` is an EInvoice as JSON, null where `fault` says why the XML could not be read.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="xml_invoices")
    run = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    blob_key = models.CharField(max_length=200)
    facts = models.JSONField(null=True)
    fault = models.CharField(max_length=12, blank=True)

    objects = TenantQuerySet["XmlInvoice"].as_manager()

    class Meta:
        db_table = "xml_invoice"
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "document", "run"], name="xml_invoice_once"),
            models.CheckConstraint(
                condition=Q(facts__isnull=False, fault="") | (Q(facts__isnull=True) & ~Q(fault="")),
                name="xml_invoice_facts",
            ),
        ]

    def __str__(self) -> str:
        """Name document and run."""
        return f"{self.document_id} r{self.run}"


class LeftOutFile(TenantRow):
    """A file that stays in its container, and why: whatever is in one is a document or one of these."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="left_out")
    part = models.PositiveIntegerField()
    name = models.CharField(max_length=300, blank=True)
    why = models.CharField(max_length=10)

    objects = TenantQuerySet["LeftOutFile"].as_manager()

    class Meta:
        db_table = "left_out_file"
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "document", "part"], name="left_out_once"),
            models.CheckConstraint(condition=Q(why__in=[why.value for why in Why]), name="left_out_why"),
        ]

    def __str__(self) -> str:
        """Name document and part."""
        return f"{self.document_id} part {self.part}"


class IdempotencyKey(TenantRow):
    """An answer kept for a client that repeats its POST; the fingerprint tells another request by the same key."""

    key = models.CharField(max_length=120)
    actor_id = models.UUIDField()
    path = models.CharField(max_length=120)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    answer = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TenantQuerySet["IdempotencyKey"].as_manager()

    class Meta:
        db_table = "idempotency_key"
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "actor_id", "path", "key"], name="idempotency_once")
        ]

    def __str__(self) -> str:
        """Name the path."""
        return self.path
