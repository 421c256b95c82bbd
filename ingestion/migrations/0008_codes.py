"""Bar codes and matrix codes of a page; pages that were read before have none."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ingestion", "0007_xml_invoice")]

    operations = [migrations.AddField("page", "codes", models.JSONField(default=list))]
