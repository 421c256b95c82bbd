"""Deletion of old idempotency keys in batches; safe search paths and no temporary objects."""

from django.db import migrations

from refinery.core.database.rls import CreatePlatformFunction, FixSearchPaths


class Migration(migrations.Migration):
    dependencies = [
        ("web", "0001_initial"),
        ("audit", "0001_initial"),
        ("outbox", "0002_records"),
        ("tenancy", "0002_records"),
        ("webhooks", "0002_records"),
    ]

    operations = [
        CreatePlatformFunction(
            "platform_prune_idempotency(before_id uuid, most integer)",
            "bigint",
            """
            WITH gone AS (
              DELETE FROM idempotency_key WHERE id IN (
                SELECT k.id FROM idempotency_key k WHERE k.id < before_id
                ORDER BY k.id LIMIT most FOR UPDATE SKIP LOCKED)
              RETURNING 1)
            SELECT count(*) FROM gone
            """,
            volatile=True,
        ),
        FixSearchPaths(),
    ]
