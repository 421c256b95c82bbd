"""Pages know by what they were read, and when: the same settings need not read the same bytes again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ingestion", "0008_codes")]

    operations = [
        migrations.AddField(
            "page", "settings", models.CharField(blank=True, default="", max_length=64), preserve_default=False
        ),
        migrations.AddField("page", "file_pages", models.PositiveIntegerField(default=0)),
        migrations.AddField("page", "attachments", models.PositiveIntegerField(default=0)),
        migrations.AddField("page", "read_at", models.DateTimeField(null=True)),
    ]
