"""Files that hold several documents: how they are split, and which pages of its parent a part has."""

import django.db.models.deletion
from django.db import migrations, models

import refinery.core.database.ids
from refinery.core.database.rls import Rights, TenantBond, TenantWall

STATUSES = [
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
]


class Migration(migrations.Migration):
    dependencies = [("ingestion", "0009_read_by")]

    operations = [
        migrations.AddField("document", "parent_pages", models.JSONField(null=True)),
        migrations.AddField("page", "origin", models.PositiveIntegerField(null=True)),
        migrations.RemoveConstraint("document", "document_status"),
        migrations.AddConstraint(
            "document",
            models.CheckConstraint(condition=models.Q(("status__in", STATUSES)), name="document_status"),
        ),
        migrations.RemoveConstraint("document", "document_part"),
        migrations.AddConstraint(
            "document",
            models.UniqueConstraint(
                condition=models.Q(("parent__isnull", False), ("parent_pages__isnull", True)),
                fields=("tenant_id", "parent", "part"),
                name="document_part",
            ),
        ),
        migrations.AddConstraint(
            "document",
            models.UniqueConstraint(
                condition=models.Q(("parent__isnull", False), ("parent_pages__isnull", False)),
                fields=("tenant_id", "parent", "part"),
                name="document_split_part",
            ),
        ),
        migrations.CreateModel(
            name="Split",
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
                ("number", models.PositiveIntegerField()),
                ("run", models.PositiveIntegerField()),
                ("parts", models.JSONField()),
                ("dropped", models.JSONField(default=dict)),
                ("boundaries", models.JSONField(default=list)),
                ("made_by_id", models.UUIDField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="splits",
                        to="ingestion.document",
                    ),
                ),
            ],
            options={
                "db_table": "split",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant_id", "document", "number"), name="split_number")
                ],
            },
        ),
        TenantWall("split"),
        TenantBond("split", "document_id", "document"),
        Rights("split", "SELECT, INSERT, DELETE"),
    ]
