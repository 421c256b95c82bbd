"""The report of the official rules on an e-invoice; null for those read before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ingestion", "0002_records")]

    operations = [migrations.AddField(model_name="xmlinvoice", name="rule_report", field=models.JSONField(null=True))]
