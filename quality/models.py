"""Models of assessments, issues, labels, trained models and certificates."""

from django.db import models
from django.db.models import Q

from ingestion.models import Document
from ingestion.querysets import DocumentRowQuerySet
from quality.querysets import IssueQuerySet
from refinery.core.database.models import TenantRow
from refinery.core.tenancy.querysets import TenantQuerySet


class Assessment(TenantRow):
    """Scores and decision of one run: null if they could not be determined; `outcomes` has all check results."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="assessments")
    run = models.PositiveIntegerField()
    overall = models.FloatField(null=True)
    structural = models.FloatField(null=True)
    content = models.FloatField(null=True)
    compliance = models.FloatField(null=True)
    freshness = models.FloatField(null=True)
    coverage = models.FloatField()
    ocr_confidence = models.FloatField(null=True)
    waterfall = models.JSONField(default=list)
    outcomes = models.JSONField(default=list)
    decision = models.CharField(max_length=8)
    reasons = models.JSONField(default=list)
    error_probability = models.FloatField(null=True)
    rule_set = models.CharField(max_length=40)
    model_version = models.CharField(max_length=60, blank=True)
    after_human = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DocumentRowQuerySet["Assessment"].as_manager()

    class Meta:
        db_table = "assessment"
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "document", "run", "after_human"], name="assessment_once"),
            models.CheckConstraint(
                condition=Q(decision__in=["approve", "review", "reject"]), name="assessment_decision"
            ),
        ]

    def __str__(self) -> str:
        """Return document and decision."""
        return f"{self.document_id} {self.decision}"


class Issue(TenantRow):
    """Problem or doubt, with its place and a recommendation.

    `overturned` is the reviewer's decision, `accepted_by_id` the user who approved over it; `resolved` means that its
    check no longer fails for the values as a person left them.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="issues")
    run = models.PositiveIntegerField()
    code = models.CharField(max_length=48)
    check_version = models.PositiveIntegerField(default=1)
    tier = models.CharField(max_length=16)
    dimension = models.CharField(max_length=12)
    severity = models.CharField(max_length=10)
    field = models.CharField(max_length=60, blank=True)
    page = models.PositiveIntegerField(null=True)
    bbox = models.JSONField(null=True)
    message = models.CharField(max_length=300)
    recommendation = models.CharField(max_length=300, blank=True)
    fix = models.CharField(max_length=300, blank=True)
    evidence = models.JSONField(default=list)
    overturned = models.BooleanField(null=True)
    accepted_by_id = models.UUIDField(null=True)
    resolved = models.BooleanField(default=False)

    objects = IssueQuerySet["Issue"].as_manager()

    class Meta:
        db_table = "issue"
        indexes = [
            models.Index(fields=["tenant_id", "document", "run"], name="issue_by_document"),
            models.Index(fields=["tenant_id", "code"], name="issue_by_code"),
        ]

    def __str__(self) -> str:
        """Return the code."""
        return self.code


class Fingerprint(TenantRow):
    """Fingerprint of one document for cross-document checks: key values and the text's MinHash."""

    document = models.OneToOneField(Document, on_delete=models.CASCADE, related_name="fingerprint")
    schema_key = models.CharField(max_length=40)
    business_key = models.CharField(max_length=200, blank=True)
    values = models.JSONField(default=dict)
    minhash = models.JSONField(default=list)
    bands = models.JSONField(default=list)
    method = models.CharField(max_length=40, blank=True)
    family = models.CharField(max_length=64, blank=True)

    objects = TenantQuerySet["Fingerprint"].as_manager()

    class Meta:
        db_table = "fingerprint"
        indexes = [
            models.Index(
                fields=["tenant_id", "schema_key", "business_key"],
                name="fingerprint_key",
                condition=~Q(business_key=""),
            )
        ]

    def __str__(self) -> str:
        """Return the document."""
        return str(self.document_id)


class FingerprintBand(TenantRow):
    """One band of a MinHash: documents with an equal band are candidates for near duplicates."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="fingerprint_bands")
    band = models.PositiveSmallIntegerField()
    value = models.BigIntegerField()

    objects = TenantQuerySet["FingerprintBand"].as_manager()

    class Meta:
        db_table = "fingerprint_band"
        constraints = [models.UniqueConstraint(fields=["tenant_id", "document", "band"], name="band_once")]
        indexes = [models.Index(fields=["tenant_id", "band", "value"], name="band_value")]

    def __str__(self) -> str:
        """Return the band."""
        return f"{self.document_id} {self.band}"


class TrainingExample(TenantRow):
    """Field that a person confirmed or corrected; it belongs to exactly one pool."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="training_examples")
    task_id = models.UUIDField(null=True)
    run = models.PositiveIntegerField()
    schema_key = models.CharField(max_length=40)
    field = models.CharField(max_length=60)
    kind = models.CharField(max_length=10)
    model_prediction = models.TextField(blank=True)
    expert_correction = models.TextField(blank=True)
    confidence = models.FloatField()
    features = models.JSONField(default=dict)
    model_version = models.CharField(max_length=60, blank=True)
    reviewer_id = models.UUIDField(null=True)
    reviewer_role = models.CharField(max_length=12)
    previous_label = models.JSONField(null=True)  # the label by another person that this one replaced
    pool = models.CharField(max_length=10)
    family = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TenantQuerySet["TrainingExample"].as_manager()

    class Meta:
        db_table = "training_example"
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "document", "run", "field"], name="example_once"),
            models.CheckConstraint(condition=Q(kind__in=["confirmed", "corrected"]), name="example_kind"),
            models.CheckConstraint(condition=Q(pool__in=["train", "calibrate", "audit"]), name="example_pool"),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "pool", "id"], name="example_by_pool"),
            models.Index(fields=["tenant_id", "kind", "pool"], name="example_counts"),
        ]

    def __str__(self) -> str:
        """Return field and kind."""
        return f"{self.field} {self.kind}"


class ModelVersion(TenantRow):
    """Trained model: its weights by key and hash, the data it was trained on, its card."""

    name = models.CharField(max_length=40)  # field-confidence
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default="candidate")
    blob_key = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    data_hash = models.CharField(max_length=64, blank=True)
    examples = models.PositiveIntegerField(default=0)
    metrics = models.JSONField(default=dict)
    card = models.JSONField(default=dict)
    trained_by_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    promoted_at = models.DateTimeField(null=True)

    objects = TenantQuerySet["ModelVersion"].as_manager()

    class Meta:
        db_table = "model_version"
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "name", "number"], name="model_number"),
            models.UniqueConstraint(
                fields=["tenant_id", "name"], condition=Q(state="champion"), name="model_one_champion"
            ),
            models.CheckConstraint(condition=Q(state__in=["candidate", "champion", "retired"]), name="model_state"),
        ]

    def __str__(self) -> str:
        """Return name and number, the form in which other rows store it."""
        return f"{self.name}/{self.number}"


class TrainingRun(TenantRow):
    """Requested training: its workflow, and how it ended."""

    name = models.CharField(max_length=40)
    status = models.CharField(max_length=10, default="queued")  # queued, running, done, failed
    detail = models.CharField(max_length=300, blank=True)
    requested_by_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    candidate = models.ForeignKey(ModelVersion, null=True, on_delete=models.SET_NULL, related_name="runs")

    objects = TenantQuerySet["TrainingRun"].as_manager()

    class Meta:
        db_table = "training_run"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "name"],
                condition=Q(status__in=["queued", "running"]),
                name="training_one_at_a_time",
            )
        ]

    def __str__(self) -> str:
        """Return name and status."""
        return f"{self.name} {self.status}"


class Evaluation(TenantRow):
    """Evaluation of a model on held-out examples; `data_hash` identifies them."""

    model = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="evaluations")
    data_hash = models.CharField(max_length=64)
    examples = models.PositiveIntegerField()
    metrics = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TenantQuerySet["Evaluation"].as_manager()

    class Meta:
        db_table = "evaluation"
        constraints = [models.UniqueConstraint(fields=["tenant_id", "model", "data_hash"], name="evaluation_once")]

    def __str__(self) -> str:
        """Return the model."""
        return str(self.model_id)


class Certificate(TenantRow):
    """Promise on the error rate of automatic approvals, for one schema, with its evidence."""

    schema_key = models.CharField(max_length=40)
    promise = models.FloatField()
    threshold = models.FloatField()
    state = models.CharField(max_length=10, default="valid")  # valid, suspended, void
    accepted = models.PositiveIntegerField()
    errors = models.PositiveIntegerField()
    model_version = models.CharField(max_length=60, blank=True)
    rule_set = models.CharField(max_length=40)
    evidence = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    objects = TenantQuerySet["Certificate"].as_manager()

    class Meta:
        db_table = "certificate"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "schema_key"], condition=Q(state="valid"), name="certificate_one_valid"
            ),
            models.CheckConstraint(condition=Q(state__in=["valid", "suspended", "void"]), name="certificate_state"),
        ]

    def __str__(self) -> str:
        """Return schema and state."""
        return f"{self.schema_key} {self.state}"
