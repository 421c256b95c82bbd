"""Pages that people turn: by how much, and which run has read them anew."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ingestion", "0012_page_notes")]

    operations = [
        migrations.AddField("document", "turns", models.JSONField(default=dict)),
        migrations.AddField("document", "turned", models.JSONField(null=True)),
    ]
