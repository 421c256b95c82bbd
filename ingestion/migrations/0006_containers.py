"""Files that hold files: where a document lies in its parent, and a last state for archives."""

from django.db import migrations, models

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
]


class Migration(migrations.Migration):
    dependencies = [("ingestion", "0005_region_reading")]

    operations = [
        migrations.AddField("document", "part", models.PositiveIntegerField(null=True)),
        migrations.AddField("document", "part_name", models.CharField(blank=True, max_length=300)),
        migrations.AddField("document", "depth", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("document", "attachments", models.PositiveIntegerField(default=0)),
        migrations.AddField("document", "descendants", models.PositiveIntegerField(default=0)),
        migrations.AddField("document", "descendant_bytes", models.PositiveBigIntegerField(default=0)),
        migrations.RemoveConstraint("document", "document_status"),
        migrations.AddConstraint(
            "document",
            models.CheckConstraint(condition=models.Q(("status__in", STATUSES)), name="document_status"),
        ),
        migrations.AddConstraint(
            "document",
            models.CheckConstraint(condition=models.Q(("depth__lte", 5)), name="document_depth"),
        ),
        migrations.AddConstraint(
            "document",
            models.UniqueConstraint(
                fields=["tenant_id", "parent", "part"],
                name="document_part",
                condition=models.Q(("parent__isnull", False)),
            ),
        ),
    ]
