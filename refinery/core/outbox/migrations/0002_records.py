"""Deletion of messages that were sent long ago, in batches; ids sort by time, so the primary key finds the oldest."""

from django.db import migrations

from refinery.core.database.rls import CreatePlatformFunction


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_initial")]

    operations = [
        CreatePlatformFunction(
            "platform_prune_outbox(before_id uuid, most integer)",
            "bigint",
            """
            WITH gone AS (
              DELETE FROM outbox_message WHERE id IN (
                SELECT m.id FROM outbox_message m WHERE m.id < before_id AND m.sent_at IS NOT NULL
                ORDER BY m.id LIMIT most FOR UPDATE SKIP LOCKED)
              RETURNING 1)
            SELECT count(*) FROM gone
            """,
            volatile=True,
        )
    ]
