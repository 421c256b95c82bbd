"""Regions read again for someone, closed to other tenants from the start."""

import django.db.models.deletion
from django.db import migrations, models

import refinery.core.database.ids
from refinery.core.database.rls import TenantBond, TenantWall


class Migration(migrations.Migration):
    dependencies = [
        ("ingestion", "0004_names"),
    ]

    operations = [
        migrations.CreateModel(
            name="RegionReading",
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="regions",
                        to="ingestion.document",
                    ),
                ),
            ],
            options={
                "db_table": "region_reading",
                "indexes": [
                    models.Index(fields=["tenant_id", "requested_by_id", "-id"], name="region_by_asker"),
                    models.Index(fields=["tenant_id", "expires_at"], name="region_expiry"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["queued", "done", "failed"])), name="region_status"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("engine__in", ["", "rapidocr", "tesseract"])), name="region_engine"
                    ),
                ],
            },
        ),
        TenantWall("region_reading"),
        TenantBond("region_reading", "document_id", "document"),
    ]
