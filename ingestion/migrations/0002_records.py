"""The decision that receivers have been told about, which an undo may not change."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ingestion", "0001_initial")]

    operations = [
        migrations.AddField(model_name="document", name="announced_decision", field=models.DateTimeField(null=True))
    ]
