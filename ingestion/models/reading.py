"""Pages, region readings, fields and e-invoices of a document. A re-run is a new run number; earlier runs stay."""

from django.db import models
from django.db.models import Q

from ingestion.models.documents import Document
from ingestion.querysets import DocumentRowQuerySet, RegionQuerySet
from refinery.core.database.models import TenantRow


class Page(TenantRow):
    """Page of one run: words and blocks as compact JSON, images by content hash."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="page_rows")
    run = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    # page number in the original, for a child document of a split
    original_number = models.PositiveIntegerField(null=True)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    source = models.CharField(max_length=12)
    confidence = models.FloatField()
    words = models.JSONField(default=list)
    blocks = models.JSONField(default=list)
    measures = models.JSONField(null=True)
    codes = models.JSONField(default=list)
    notes = models.JSONField(default=list)  # codes of Note, shown next to the page
    image_key = models.CharField(max_length=200, blank=True)
    image_type = models.CharField(max_length=20, default="image/jpeg")
    thumbnail_key = models.CharField(max_length=200, blank=True)
    error = models.CharField(max_length=300, blank=True)
    settings = models.CharField(max_length=64, blank=True)  # digest of the read settings; "" is never reused
    file_pages = models.PositiveIntegerField(default=0)  # number of pages of the whole file
    attachments = models.PositiveIntegerField(default=0)  # number of files seen in the document up to this page
    read_at = models.DateTimeField(null=True)

    objects = DocumentRowQuerySet["Page"].as_manager()

    class Meta:
        db_table = "page"
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "document", "run", "number"], name="page_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="page_number_from_one"),
        ]

    def __str__(self) -> str:
        """Return the document's id, run and number."""
        return f"{self.document_id} r{self.run} p{self.number}"


class RegionReading(TenantRow):
    """Repeated reading of a region of a page for one user. Its words are stored for minutes, then deleted."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="regions")
    run = models.PositiveIntegerField()
    page = models.PositiveIntegerField()
    bbox = models.JSONField()
    engine = models.CharField(max_length=12, blank=True)  # a single engine; empty combines the usual ones
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
            models.Index(fields=["tenant_id", "requested_by_id", "-id"], name="region_by_requester"),
            models.Index(fields=["tenant_id", "expires_at"], name="region_expiry"),
        ]

    def __str__(self) -> str:
        """Return page and status, never the words."""
        return f"{self.document_id} p{self.page} {self.status}"


class Field(TenantRow):
    """Field with the value that the model read and the current value, which a human may have set.

    `confidence` is about the value that was read; `shown_confidence` about the current one. `version` guards edits.
    """

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

    objects = DocumentRowQuerySet["Field"].as_manager()

    class Meta:
        db_table = "field"
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "document", "run", "name"], name="field_name"),
            models.CheckConstraint(
                condition=Q(confidence__gte=0) & Q(confidence__lte=1), name="field_confidence_range"
            ),
            models.CheckConstraint(condition=Q(human__in=["", "confirmed", "corrected"]), name="field_human"),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "document", "human"], name="field_by_human", condition=~Q(human=""))
        ]

    def __str__(self) -> str:
        """Return the name, never the value."""
        return f"{self.document_id} {self.name}"

    @property
    def shown_confidence(self) -> float:
        """Confidence in the current value: 1 for one that a human confirmed or corrected, else the machine's."""
        return 1.0 if self.human else self.confidence


class XmlInvoice(TenantRow):
    """E-invoice of a document, as found by one run: the XML by its hash, and its content.

    `facts` is an EInvoice as JSON, null if `fault` says why the XML could not be read. `rule_report` is a RuleReport as
    JSON, null if the official rules do not apply or could not be run.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="xml_invoices")
    run = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    blob_key = models.CharField(max_length=200)
    facts = models.JSONField(null=True)
    fault = models.CharField(max_length=12, blank=True)
    rule_report = models.JSONField(null=True)

    objects = DocumentRowQuerySet["XmlInvoice"].as_manager()

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
        """Return the document's id and the run."""
        return f"{self.document_id} r{self.run}"
