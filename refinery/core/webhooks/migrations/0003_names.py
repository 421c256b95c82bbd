"""What people read of a row and of many; nothing in the database changes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("webhooks", "0002_walls"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="webhookdelivery",
            options={"verbose_name": "webhook delivery", "verbose_name_plural": "webhook deliveries"},
        ),
        migrations.AlterModelOptions(
            name="webhookendpoint",
            options={"verbose_name": "webhook", "verbose_name_plural": "webhooks"},
        ),
    ]
