"""Candidates: documents read again by other means, closed to other tenants from the start."""

import django.db.models.deletion
from django.db import migrations, models

import refinery.core.database.ids
from refinery.core.database.rls import TenantBond, TenantWall

OPEN = ["queued", "reading", "ready"]


class Migration(migrations.Migration):
    dependencies = [("ingestion", "0008_codes"), ("review", "0008_names")]

    operations = [
        migrations.CreateModel(
            name="Rereading",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=refinery.core.database.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
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
                        related_name="rereadings",
                        to="ingestion.document",
                    ),
                ),
            ],
            options={
                "db_table": "rereading",
                "indexes": [
                    models.Index(fields=["tenant_id", "document", "-id"], name="rereading_by_document"),
                    models.Index(
                        fields=["tenant_id", "-id"],
                        name="rereading_open",
                        condition=models.Q(("status__in", OPEN)),
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", [*OPEN, "failed", "applied", "dropped"])),
                        name="rereading_status",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["fast", "standard", "thorough"])), name="rereading_mode"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", OPEN)),
                        fields=("tenant_id", "document"),
                        name="rereading_open_once",
                    ),
                ],
            },
        ),
        TenantWall("rereading"),
        TenantBond("rereading", "document_id", "document"),
    ]
