"""Documents, what was read from them and what becomes of them, closed to other tenants."""

import django.db.models.deletion
from django.db import migrations, models

import refinery.core.database.ids
from refinery.core.database.rls import AddTenantForeignKey, EnableTenantRls, TableGrants


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Batch",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=refinery.core.database.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tenant_id", models.UUIDField(editable=False)),
                ("name", models.CharField(max_length=120)),
                ("schema_key", models.CharField(blank=True, max_length=40)),
                ("status", models.CharField(default="OPEN", max_length=10)),
                ("created_by_id", models.UUIDField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "batch",
                "verbose_name_plural": "batches",
                "db_table": "batch",
                "indexes": [models.Index(fields=["tenant_id", "-id"], name="batch_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["OPEN", "RUNNING", "PAUSED", "CANCELLED", "DONE"])),
                        name="batch_status",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=refinery.core.database.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tenant_id", models.UUIDField(editable=False)),
                ("filename", models.CharField(max_length=255)),
                ("external_id", models.CharField(blank=True, max_length=120)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveBigIntegerField()),
                ("media_type", models.CharField(max_length=80)),
                ("blob_key", models.CharField(max_length=200)),
                ("status", models.CharField(default="RECEIVED", max_length=16)),
                ("stage", models.CharField(default="queued", max_length=24)),
                ("run", models.PositiveIntegerField(default=1)),
                ("fence", models.PositiveIntegerField(default=0)),
                ("version", models.PositiveIntegerField(default=1)),
                ("schema_key", models.CharField(blank=True, max_length=40)),
                ("schema_given", models.BooleanField(default=False)),
                ("schema_confidence", models.FloatField(null=True)),
                ("pages", models.PositiveIntegerField(default=0)),
                ("pages_failed", models.PositiveIntegerField(default=0)),
                ("error_code", models.CharField(blank=True, max_length=24)),
                ("error_detail", models.CharField(blank=True, max_length=300)),
                ("metadata", models.JSONField(default=dict)),
                ("priority", models.SmallIntegerField(default=0)),
                ("part", models.PositiveIntegerField(null=True)),
                ("parent_pages", models.JSONField(null=True)),
                ("rotations", models.JSONField(default=dict)),
                ("last_rotation", models.JSONField(null=True)),
                ("part_name", models.CharField(blank=True, max_length=300)),
                ("depth", models.PositiveSmallIntegerField(default=0)),
                ("attachments", models.PositiveIntegerField(default=0)),
                ("descendants", models.PositiveIntegerField(default=0)),
                ("descendant_bytes", models.PositiveBigIntegerField(default=0)),
                ("mail_headers", models.JSONField(null=True)),
                ("duplicates", models.PositiveIntegerField(default=0)),
                ("webhook_url", models.CharField(blank=True, max_length=500)),
                ("uploaded_by_id", models.UUIDField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by_id", models.UUIDField(null=True)),
                (
                    "batch",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="ingestion.batch",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="children",
                        to="ingestion.document",
                    ),
                ),
                (
                    "supersedes",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="superseded_by",
                        to="ingestion.document",
                    ),
                ),
            ],
            options={"verbose_name": "document", "verbose_name_plural": "documents", "db_table": "document"},
        ),
        migrations.CreateModel(
            name="Artefact",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=refinery.core.database.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tenant_id", models.UUIDField(editable=False)),
                ("run", models.PositiveIntegerField()),
                ("format", models.CharField(max_length=16)),
                ("status", models.CharField(default="queued", max_length=10)),
                ("media_type", models.CharField(blank=True, max_length=40)),
                ("blob_key", models.CharField(blank=True, max_length=200)),
                ("detail", models.CharField(blank=True, max_length=200)),
                ("requested_by_id", models.UUIDField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="artefacts", to="ingestion.document"
                    ),
                ),
            ],
            options={"db_table": "artefact"},
        ),
        migrations.CreateModel(
            name="Field",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=refinery.core.database.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tenant_id", models.UUIDField(editable=False)),
                ("run", models.PositiveIntegerField()),
                ("position", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=60)),
                ("value", models.TextField(blank=True)),
                ("normalized", models.TextField(blank=True)),
                ("confidence", models.FloatField()),
                ("model_value", models.TextField(blank=True)),
                ("model_normalized", models.TextField(blank=True)),
                ("model_version", models.CharField(blank=True, max_length=60)),
                ("page", models.PositiveIntegerField(null=True)),
                ("bbox", models.JSONField(null=True)),
                ("source", models.CharField(blank=True, max_length=16)),
                ("alternatives", models.JSONField(default=list)),
                ("validations", models.JSONField(default=list)),
                ("features", models.JSONField(default=dict)),
                ("needs_human", models.BooleanField(default=False)),
                ("human", models.CharField(blank=True, max_length=10)),
                ("version", models.PositiveIntegerField(default=1)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="field_rows", to="ingestion.document"
                    ),
                ),
            ],
            options={"db_table": "field"},
        ),
        migrations.CreateModel(
            name="Page",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=refinery.core.database.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tenant_id", models.UUIDField(editable=False)),
                ("run", models.PositiveIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("original_number", models.PositiveIntegerField(null=True)),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("source", models.CharField(max_length=12)),
                ("confidence", models.FloatField()),
                ("words", models.JSONField(default=list)),
                ("blocks", models.JSONField(default=list)),
                ("measures", models.JSONField(null=True)),
                ("codes", models.JSONField(default=list)),
                ("notes", models.JSONField(default=list)),
                ("image_key", models.CharField(blank=True, max_length=200)),
                ("image_type", models.CharField(default="image/jpeg", max_length=20)),
                ("thumbnail_key", models.CharField(blank=True, max_length=200)),
                ("error", models.CharField(blank=True, max_length=300)),
                ("settings", models.CharField(blank=True, max_length=64)),
                ("file_pages", models.PositiveIntegerField(default=0)),
                ("attachments", models.PositiveIntegerField(default=0)),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="page_rows", to="ingestion.document"
                    ),
                ),
            ],
            options={"db_table": "page"},
        ),
        migrations.CreateModel(
            name="RegionReading",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=refinery.core.database.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tenant_id", models.UUIDField(editable=False)),
                ("run", models.PositiveIntegerField()),
                ("page", models.PositiveIntegerField()),
                ("bbox", models.JSONField()),
                ("engine", models.CharField(blank=True, max_length=12)),
                ("status", models.CharField(default="queued", max_length=10)),
                ("text", models.TextField(blank=True)),
                ("words", models.JSONField(default=list)),
                ("confidence", models.FloatField(null=True)),
                ("error_code", models.CharField(blank=True, max_length=24)),
                ("requested_by_id", models.UUIDField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField()),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="regions", to="ingestion.document"
                    ),
                ),
            ],
            options={"db_table": "region_reading"},
        ),
        migrations.CreateModel(
            name="ReprocessingRun",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=refinery.core.database.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tenant_id", models.UUIDField(editable=False)),
                ("base_run", models.PositiveIntegerField()),
                ("mode", models.CharField(max_length=10)),
                ("engines", models.JSONField(default=list)),
                ("status", models.CharField(default="queued", max_length=10)),
                ("fence", models.PositiveIntegerField(default=0)),
                ("pages", models.PositiveIntegerField(default=0)),
                ("pages_done", models.PositiveIntegerField(default=0)),
                ("pages_failed", models.PositiveIntegerField(default=0)),
                ("schema_key", models.CharField(blank=True, max_length=40)),
                ("fields", models.JSONField(default=list)),
                ("page_changes", models.JSONField(default=list)),
                ("error_code", models.CharField(blank=True, max_length=24)),
                ("requested_by_id", models.UUIDField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reprocessing_runs",
                        to="ingestion.document",
                    ),
                ),
            ],
            options={"db_table": "reprocessing_run"},
        ),
        migrations.CreateModel(
            name="Schema",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=refinery.core.database.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tenant_id", models.UUIDField(editable=False)),
                ("key", models.SlugField(max_length=40)),
                ("version", models.PositiveIntegerField(default=1)),
                ("title", models.CharField(max_length=120)),
                ("definition", models.JSONField()),
                ("is_active", models.BooleanField(default=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "verbose_name": "schema",
                "verbose_name_plural": "schemas",
                "db_table": "schema",
                "constraints": [models.UniqueConstraint(fields=("tenant_id", "key", "version"), name="schema_version")],
            },
        ),
        migrations.CreateModel(
            name="SkippedContainerFile",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=refinery.core.database.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tenant_id", models.UUIDField(editable=False)),
                ("part", models.PositiveIntegerField()),
                ("name", models.CharField(blank=True, max_length=300)),
                ("reason", models.CharField(max_length=10)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="skipped_files",
                        to="ingestion.document",
                    ),
                ),
            ],
            options={"db_table": "skipped_file"},
        ),
        migrations.CreateModel(
            name="Split",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=refinery.core.database.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tenant_id", models.UUIDField(editable=False)),
                ("number", models.PositiveIntegerField()),
                ("run", models.PositiveIntegerField()),
                ("parts", models.JSONField()),
                ("dropped", models.JSONField(default=dict)),
                ("boundaries", models.JSONField(default=list)),
                ("created_by_id", models.UUIDField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="splits", to="ingestion.document"
                    ),
                ),
            ],
            options={"db_table": "split"},
        ),
        migrations.CreateModel(
            name="XmlInvoice",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=refinery.core.database.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tenant_id", models.UUIDField(editable=False)),
                ("run", models.PositiveIntegerField()),
                ("name", models.CharField(max_length=120)),
                ("sha256", models.CharField(max_length=64)),
                ("blob_key", models.CharField(max_length=200)),
                ("facts", models.JSONField(null=True)),
                ("fault", models.CharField(blank=True, max_length=12)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="xml_invoices",
                        to="ingestion.document",
                    ),
                ),
            ],
            options={"db_table": "xml_invoice"},
        ),
        migrations.AddIndex(
            model_name="document", index=models.Index(fields=["tenant_id", "-id"], name="document_newest")
        ),
        migrations.AddIndex(
            model_name="document", index=models.Index(fields=["tenant_id", "status", "-id"], name="document_by_status")
        ),
        migrations.AddIndex(
            model_name="document", index=models.Index(fields=["tenant_id", "sha256"], name="document_by_hash")
        ),
        migrations.AddIndex(
            model_name="document", index=models.Index(fields=["tenant_id", "batch", "status"], name="document_by_batch")
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                condition=models.Q(("external_id", ""), _negated=True),
                fields=["tenant_id", "external_id"],
                name="document_by_external",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        [
                            "RECEIVED",
                            "READING",
                            "NEEDS_PASSWORD",
                            "ASSESSING",
                            "IN_REVIEW",
                            "APPROVED",
                            "REJECTED",
                            "FAILED",
                            "QUARANTINED",
                            "UNPACKED",
                            "SPLIT",
                            "SUPERSEDED",
                        ],
                    )
                ),
                name="document_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(("pages_failed__lte", models.F("pages"))), name="document_pages_failed"
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(condition=models.Q(("depth__lte", 5)), name="document_depth"),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.UniqueConstraint(
                condition=models.Q(("parent__isnull", False), ("parent_pages__isnull", True)),
                fields=("tenant_id", "parent", "part"),
                name="document_part",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.UniqueConstraint(
                condition=models.Q(("parent__isnull", False), ("parent_pages__isnull", False)),
                fields=("tenant_id", "parent", "part"),
                name="document_split_part",
            ),
        ),
        migrations.AddIndex(
            model_name="artefact",
            index=models.Index(fields=["tenant_id", "document", "-id"], name="artefact_by_document"),
        ),
        migrations.AddConstraint(
            model_name="artefact",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["queued", "done", "failed"])), name="artefact_status"
            ),
        ),
        migrations.AddConstraint(
            model_name="artefact",
            constraint=models.CheckConstraint(
                condition=models.Q(("format__in", ["label-studio", "pdf"])), name="artefact_format"
            ),
        ),
        migrations.AddConstraint(
            model_name="field",
            constraint=models.UniqueConstraint(fields=("tenant_id", "document", "run", "name"), name="field_name"),
        ),
        migrations.AddConstraint(
            model_name="field",
            constraint=models.CheckConstraint(
                condition=models.Q(("confidence__gte", 0), ("confidence__lte", 1)), name="field_confidence_range"
            ),
        ),
        migrations.AddConstraint(
            model_name="field",
            constraint=models.CheckConstraint(
                condition=models.Q(("human__in", ["", "confirmed", "corrected"])), name="field_human"
            ),
        ),
        migrations.AddConstraint(
            model_name="page",
            constraint=models.UniqueConstraint(fields=("tenant_id", "document", "run", "number"), name="page_number"),
        ),
        migrations.AddConstraint(
            model_name="page",
            constraint=models.CheckConstraint(condition=models.Q(("number__gte", 1)), name="page_number_from_one"),
        ),
        migrations.AddIndex(
            model_name="regionreading",
            index=models.Index(fields=["tenant_id", "requested_by_id", "-id"], name="region_by_requester"),
        ),
        migrations.AddIndex(
            model_name="regionreading", index=models.Index(fields=["tenant_id", "expires_at"], name="region_expiry")
        ),
        migrations.AddConstraint(
            model_name="regionreading",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["queued", "done", "failed"])), name="region_status"
            ),
        ),
        migrations.AddConstraint(
            model_name="regionreading",
            constraint=models.CheckConstraint(
                condition=models.Q(("engine__in", ["", "rapidocr", "tesseract"])), name="region_engine"
            ),
        ),
        migrations.AddIndex(
            model_name="reprocessingrun",
            index=models.Index(fields=["tenant_id", "document", "-id"], name="reprocessing_by_document"),
        ),
        migrations.AddIndex(
            model_name="reprocessingrun",
            index=models.Index(
                condition=models.Q(("status__in", ["queued", "reading", "ready"])),
                fields=["tenant_id", "-id"],
                name="reprocessing_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="reprocessingrun",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["queued", "reading", "ready", "failed", "applied", "dropped"])),
                name="reprocessing_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="reprocessingrun",
            constraint=models.CheckConstraint(
                condition=models.Q(("mode__in", ["fast", "standard", "thorough"])), name="reprocessing_mode"
            ),
        ),
        migrations.AddConstraint(
            model_name="reprocessingrun",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["queued", "reading", "ready"])),
                fields=("tenant_id", "document"),
                name="reprocessing_open_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="skippedcontainerfile",
            constraint=models.UniqueConstraint(fields=("tenant_id", "document", "part"), name="skipped_file_once"),
        ),
        migrations.AddConstraint(
            model_name="skippedcontainerfile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reason__in", ["litter", "logo", "side", "data", "damaged", "method", "locked", "erased"])
                ),
                name="skipped_file_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="split",
            constraint=models.UniqueConstraint(fields=("tenant_id", "document", "number"), name="split_number"),
        ),
        migrations.AddConstraint(
            model_name="xmlinvoice",
            constraint=models.UniqueConstraint(fields=("tenant_id", "document", "run"), name="xml_invoice_once"),
        ),
        migrations.AddConstraint(
            model_name="xmlinvoice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("facts__isnull", False), ("fault", "")),
                    models.Q(("facts__isnull", True), models.Q(("fault", ""), _negated=True)),
                    _connector="OR",
                ),
                name="xml_invoice_facts",
            ),
        ),
        EnableTenantRls("schema"),
        EnableTenantRls("batch"),
        EnableTenantRls("document"),
        EnableTenantRls("page"),
        EnableTenantRls("field"),
        EnableTenantRls("region_reading"),
        EnableTenantRls("xml_invoice"),
        EnableTenantRls("split"),
        EnableTenantRls("skipped_file"),
        EnableTenantRls("artefact"),
        EnableTenantRls("reprocessing_run"),
        AddTenantForeignKey("document", "batch_id", "batch"),
        AddTenantForeignKey("document", "supersedes_id", "document"),
        AddTenantForeignKey("document", "parent_id", "document"),
        AddTenantForeignKey("page", "document_id", "document"),
        AddTenantForeignKey("field", "document_id", "document"),
        AddTenantForeignKey("region_reading", "document_id", "document"),
        AddTenantForeignKey("xml_invoice", "document_id", "document"),
        AddTenantForeignKey("split", "document_id", "document"),
        AddTenantForeignKey("skipped_file", "document_id", "document"),
        AddTenantForeignKey("artefact", "document_id", "document"),
        AddTenantForeignKey("reprocessing_run", "document_id", "document"),
        TableGrants("schema", "SELECT, INSERT, UPDATE"),
        TableGrants("batch", "SELECT, INSERT, UPDATE"),
        TableGrants("split", "SELECT, INSERT, DELETE"),
    ]
