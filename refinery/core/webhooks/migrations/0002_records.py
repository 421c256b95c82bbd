"""Deletion of old deliveries, in batches."""

from django.db import migrations, models

from refinery.core.database.rls import CreatePlatformFunction


class Migration(migrations.Migration):
    dependencies = [("webhooks", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="webhookdelivery", index=models.Index(fields=["created_at"], name="delivery_age")
        ),
        CreatePlatformFunction(
            "platform_prune_deliveries(days integer, most integer)",
            "bigint",
            """
            WITH gone AS (
              DELETE FROM webhook_delivery WHERE id IN (
                SELECT d.id FROM webhook_delivery d
                WHERE d.created_at < now() - make_interval(days => days)
                  AND (d.delivered_at IS NOT NULL OR d.gave_up_at IS NOT NULL)
                ORDER BY d.created_at LIMIT most FOR UPDATE SKIP LOCKED)
              RETURNING 1)
            SELECT count(*) FROM gone
            """,
            volatile=True,
        ),
    ]
