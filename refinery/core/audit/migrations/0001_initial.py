"""The audit log, closed to other tenants and to change."""

import django.contrib.postgres.indexes
import django.utils.timezone
from django.db import migrations, models

import refinery.core.database.ids
from refinery.core.database.rls import CreatePlatformFunction, EnableTenantRls, MakeAppendOnly


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=refinery.core.database.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tenant_id", models.UUIDField(editable=False)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("actor_id", models.UUIDField(null=True)),
                ("actor_kind", models.CharField(max_length=12)),
                ("action", models.CharField(max_length=64)),
                ("object_type", models.CharField(max_length=32)),
                ("object_id", models.UUIDField(null=True)),
                ("request_id", models.CharField(blank=True, max_length=64)),
                ("detail", models.JSONField(default=dict)),
                ("mac", models.CharField(default="", editable=False, max_length=64)),
            ],
            options={
                "verbose_name": "audit event",
                "verbose_name_plural": "audit events",
                "db_table": "audit_event",
                "indexes": [
                    models.Index(fields=["tenant_id", "object_id", "at"], name="audit_object"),
                    models.Index(fields=["tenant_id", "at"], name="audit_time"),
                    django.contrib.postgres.indexes.BrinIndex(fields=["at"], name="audit_at_brin"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditLeaf",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=refinery.core.database.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tenant_id", models.UUIDField(editable=False)),
                ("event_id", models.UUIDField()),
                ("seal", models.PositiveBigIntegerField()),
                ("position", models.PositiveIntegerField()),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "db_table": "audit_leaf",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant_id", "event_id"), name="audit_leaf_once"),
                    models.UniqueConstraint(fields=("tenant_id", "seal", "position"), name="audit_leaf_place"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=refinery.core.database.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tenant_id", models.UUIDField(editable=False)),
                ("number", models.PositiveBigIntegerField()),
                ("first_event", models.UUIDField()),
                ("last_event", models.UUIDField()),
                ("events", models.PositiveIntegerField()),
                ("root", models.CharField(max_length=64)),
                ("previous", models.CharField(blank=True, max_length=64)),
                ("sealed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("signature", models.CharField(default="", editable=False, max_length=64)),
            ],
            options={
                "db_table": "audit_seal",
                "constraints": [models.UniqueConstraint(fields=("tenant_id", "number"), name="audit_seal_number")],
            },
        ),
        EnableTenantRls("audit_event"),
        EnableTenantRls("audit_leaf"),
        EnableTenantRls("audit_seal"),
        MakeAppendOnly("audit_event"),
        MakeAppendOnly("audit_leaf"),
        MakeAppendOnly("audit_seal"),
        CreatePlatformFunction(
            "platform_audited_tenants()",
            "SETOF uuid",
            "SELECT DISTINCT tenant_id FROM audit_event UNION SELECT DISTINCT tenant_id FROM audit_seal ORDER BY 1",
        ),
    ]
