"""What the quality engine keeps, closed to other tenants."""

import django.db.models.deletion
from django.db import migrations, models

import refinery.core.database.ids
from refinery.core.database.rls import AddTenantForeignKey, EnableTenantRls, TableGrants


class Migration(migrations.Migration):
    initial = True

    dependencies = [("ingestion", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Certificate",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=refinery.core.database.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tenant_id", models.UUIDField(editable=False)),
                ("schema_key", models.CharField(max_length=40)),
                ("promise", models.FloatField()),
                ("threshold", models.FloatField()),
                ("state", models.CharField(default="valid", max_length=10)),
                ("accepted", models.PositiveIntegerField()),
                ("errors", models.PositiveIntegerField()),
                ("model_version", models.CharField(blank=True, max_length=60)),
                ("rule_set", models.CharField(max_length=40)),
                ("evidence", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "certificate",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "valid")),
                        fields=("tenant_id", "schema_key"),
                        name="certificate_one_valid",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["valid", "suspended", "void"])), name="certificate_state"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ModelVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=refinery.core.database.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tenant_id", models.UUIDField(editable=False)),
                ("name", models.CharField(max_length=40)),
                ("number", models.PositiveIntegerField()),
                ("state", models.CharField(default="candidate", max_length=10)),
                ("blob_key", models.CharField(blank=True, max_length=200)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("data_hash", models.CharField(blank=True, max_length=64)),
                ("examples", models.PositiveIntegerField(default=0)),
                ("metrics", models.JSONField(default=dict)),
                ("card", models.JSONField(default=dict)),
                ("trained_by_id", models.UUIDField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("promoted_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "model_version",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant_id", "name", "number"), name="model_number"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "champion")),
                        fields=("tenant_id", "name"),
                        name="model_one_champion",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["candidate", "champion", "retired"])), name="model_state"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assessment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=refinery.core.database.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tenant_id", models.UUIDField(editable=False)),
                ("run", models.PositiveIntegerField()),
                ("overall", models.FloatField(null=True)),
                ("structural", models.FloatField(null=True)),
                ("content", models.FloatField(null=True)),
                ("compliance", models.FloatField(null=True)),
                ("freshness", models.FloatField(null=True)),
                ("coverage", models.FloatField()),
                ("ocr_confidence", models.FloatField(null=True)),
                ("waterfall", models.JSONField(default=list)),
                ("outcomes", models.JSONField(default=list)),
                ("decision", models.CharField(max_length=8)),
                ("reasons", models.JSONField(default=list)),
                ("error_probability", models.FloatField(null=True)),
                ("rule_set", models.CharField(max_length=40)),
                ("model_version", models.CharField(blank=True, max_length=60)),
                ("after_human", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="assessments", to="ingestion.document"
                    ),
                ),
            ],
            options={
                "db_table": "assessment",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant_id", "document", "run", "after_human"), name="assessment_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decision__in", ["approve", "review", "reject"])),
                        name="assessment_decision",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Fingerprint",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=refinery.core.database.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tenant_id", models.UUIDField(editable=False)),
                ("schema_key", models.CharField(max_length=40)),
                ("business_key", models.CharField(blank=True, max_length=200)),
                ("values", models.JSONField(default=dict)),
                ("minhash", models.JSONField(default=list)),
                ("bands", models.JSONField(default=list)),
                ("family", models.CharField(blank=True, max_length=64)),
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="fingerprint", to="ingestion.document"
                    ),
                ),
            ],
            options={
                "db_table": "fingerprint",
                "indexes": [
                    models.Index(
                        condition=models.Q(("business_key", ""), _negated=True),
                        fields=["tenant_id", "schema_key", "business_key"],
                        name="fingerprint_key",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FingerprintBand",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=refinery.core.database.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tenant_id", models.UUIDField(editable=False)),
                ("band", models.PositiveSmallIntegerField()),
                ("value", models.BigIntegerField()),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="fingerprint_bands",
                        to="ingestion.document",
                    ),
                ),
            ],
            options={
                "db_table": "fingerprint_band",
                "indexes": [models.Index(fields=["tenant_id", "band", "value"], name="band_value")],
                "constraints": [models.UniqueConstraint(fields=("tenant_id", "document", "band"), name="band_once")],
            },
        ),
        migrations.CreateModel(
            name="Issue",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=refinery.core.database.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tenant_id", models.UUIDField(editable=False)),
                ("run", models.PositiveIntegerField()),
                ("code", models.CharField(max_length=48)),
                ("check_version", models.PositiveIntegerField(default=1)),
                ("tier", models.CharField(max_length=16)),
                ("dimension", models.CharField(max_length=12)),
                ("severity", models.CharField(max_length=10)),
                ("field", models.CharField(blank=True, max_length=60)),
                ("page", models.PositiveIntegerField(null=True)),
                ("bbox", models.JSONField(null=True)),
                ("message", models.CharField(max_length=300)),
                ("recommendation", models.CharField(blank=True, max_length=300)),
                ("fix", models.CharField(blank=True, max_length=300)),
                ("evidence", models.JSONField(default=list)),
                ("overturned", models.BooleanField(null=True)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="issues", to="ingestion.document"
                    ),
                ),
            ],
            options={
                "db_table": "issue",
                "indexes": [
                    models.Index(fields=["tenant_id", "document", "run"], name="issue_by_document"),
                    models.Index(fields=["tenant_id", "code"], name="issue_by_code"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Evaluation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=refinery.core.database.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tenant_id", models.UUIDField(editable=False)),
                ("data_hash", models.CharField(max_length=64)),
                ("examples", models.PositiveIntegerField()),
                ("metrics", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "model",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="evaluations",
                        to="quality.modelversion",
                    ),
                ),
            ],
            options={
                "db_table": "evaluation",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant_id", "model", "data_hash"), name="evaluation_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="TrainingExample",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=refinery.core.database.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tenant_id", models.UUIDField(editable=False)),
                ("task_id", models.UUIDField(null=True)),
                ("run", models.PositiveIntegerField()),
                ("schema_key", models.CharField(max_length=40)),
                ("field", models.CharField(max_length=60)),
                ("kind", models.CharField(max_length=10)),
                ("model_prediction", models.TextField(blank=True)),
                ("expert_correction", models.TextField(blank=True)),
                ("confidence", models.FloatField()),
                ("features", models.JSONField(default=dict)),
                ("model_version", models.CharField(blank=True, max_length=60)),
                ("reviewer_id", models.UUIDField(null=True)),
                ("reviewer_role", models.CharField(max_length=12)),
                ("previous_label", models.JSONField(null=True)),
                ("pool", models.CharField(max_length=10)),
                ("family", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="training_examples",
                        to="ingestion.document",
                    ),
                ),
            ],
            options={
                "db_table": "training_example",
                "indexes": [models.Index(fields=["tenant_id", "pool", "id"], name="example_by_pool")],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant_id", "document", "run", "field"), name="example_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["confirmed", "corrected"])), name="example_kind"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("pool__in", ["train", "calibrate", "audit"])), name="example_pool"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TrainingRun",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=refinery.core.database.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tenant_id", models.UUIDField(editable=False)),
                ("name", models.CharField(max_length=40)),
                ("status", models.CharField(default="queued", max_length=10)),
                ("detail", models.CharField(blank=True, max_length=300)),
                ("requested_by_id", models.UUIDField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "candidate",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="runs",
                        to="quality.modelversion",
                    ),
                ),
            ],
            options={
                "db_table": "training_run",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ["queued", "running"])),
                        fields=("tenant_id", "name"),
                        name="training_one_at_a_time",
                    )
                ],
            },
        ),
        EnableTenantRls("assessment"),
        EnableTenantRls("issue"),
        EnableTenantRls("fingerprint"),
        EnableTenantRls("fingerprint_band"),
        EnableTenantRls("training_example"),
        EnableTenantRls("model_version"),
        EnableTenantRls("training_run"),
        EnableTenantRls("evaluation"),
        EnableTenantRls("certificate"),
        AddTenantForeignKey("assessment", "document_id", "document"),
        AddTenantForeignKey("issue", "document_id", "document"),
        AddTenantForeignKey("fingerprint", "document_id", "document"),
        AddTenantForeignKey("fingerprint_band", "document_id", "document"),
        AddTenantForeignKey("training_example", "document_id", "document"),
        AddTenantForeignKey("training_run", "candidate_id", "model_version"),
        AddTenantForeignKey("evaluation", "model_id", "model_version"),
        TableGrants("fingerprint_band", "SELECT, INSERT, DELETE"),
        TableGrants("model_version", "SELECT, INSERT, UPDATE"),
        TableGrants("training_run", "SELECT, INSERT, UPDATE"),
        TableGrants("evaluation", "SELECT, INSERT"),
        TableGrants("certificate", "SELECT, INSERT, UPDATE"),
    ]
