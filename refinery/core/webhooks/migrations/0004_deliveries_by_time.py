"""List deliveries by when they were made: their ids are hashes of what they tell."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("webhooks", "0003_names")]

    operations = [
        migrations.RemoveIndex(model_name="webhookdelivery", name="delivery_newest"),
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(fields=["tenant_id", "endpoint", "-created_at", "-id"], name="delivery_by_time"),
        ),
    ]
