"""What is to be told beside a page; pages that were read before have nothing."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ingestion", "0011_left_out")]

    operations = [migrations.AddField("page", "notes", models.JSONField(default=list))]
