"""Keep the field as it was with each correction, for an undo."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("review", "0005_artefact_wall")]

    operations = [
        migrations.AddField(model_name="correction", name="restore", field=models.JSONField(default=dict)),
    ]
