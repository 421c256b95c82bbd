"""What stays in a container and why, closed to other tenants from the start; and a mail's head."""

import django.db.models.deletion
from django.db import migrations, models

import refinery.core.database.ids
from refinery.core.database.rls import TenantBond, TenantWall

REASONS = ["litter", "logo", "side", "data", "damaged", "method", "locked", "erased"]


class Migration(migrations.Migration):
    dependencies = [("ingestion", "0010_splits")]

    operations = [
        migrations.AddField("document", "letterhead", models.JSONField(null=True)),
        migrations.CreateModel(
            name="LeftOutFile",
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
                ("part", models.PositiveIntegerField()),
                ("name", models.CharField(blank=True, max_length=300)),
                ("why", models.CharField(max_length=10)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="left_out",
                        to="ingestion.document",
                    ),
                ),
            ],
            options={
                "db_table": "left_out_file",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant_id", "document", "part"), name="left_out_once"),
                    models.CheckConstraint(condition=models.Q(("why__in", REASONS)), name="left_out_why"),
                ],
            },
        ),
        TenantWall("left_out_file"),
        TenantBond("left_out_file", "document_id", "document"),
    ]
