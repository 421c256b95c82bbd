"""Close the outbox; the relay takes from all tenants by three narrow functions."""

from django.db import migrations

from refinery.core.database.rls import PlatformFunction, TenantWall


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_initial")]

    operations = [
        TenantWall("outbox_message"),
        PlatformFunction(
            "platform_outbox_take(batch integer, hold_seconds integer)",
            "TABLE (id uuid, tenant_id uuid, topic varchar, key varchar, payload jsonb, attempts integer)",
            """
            UPDATE outbox_message AS m
            SET attempts = m.attempts + 1, available_at = now() + make_interval(secs => hold_seconds)
            FROM (SELECT o.id FROM outbox_message o WHERE o.sent_at IS NULL AND o.available_at <= now()
                  ORDER BY o.available_at, o.id LIMIT batch FOR UPDATE SKIP LOCKED) AS due
            WHERE m.id = due.id
            RETURNING m.id, m.tenant_id, m.topic, m.key, m.payload, m.attempts
            """,
            volatile=True,
        ),
        PlatformFunction(
            "platform_outbox_sent(ids uuid[])",
            "void",
            "UPDATE outbox_message SET sent_at = now(), last_error = '' WHERE id = ANY (ids)",
            volatile=True,
        ),
        PlatformFunction(
            "platform_outbox_failed(message uuid, reason varchar, retry_seconds integer)",
            "void",
            """
            UPDATE outbox_message
            SET last_error = left(reason, 200), available_at = now() + make_interval(secs => retry_seconds)
            WHERE id = message AND sent_at IS NULL
            """,
            volatile=True,
        ),
        PlatformFunction(
            "platform_outbox_next()",
            "double precision",
            """
            SELECT extract(epoch FROM min(available_at) - now())::double precision
            FROM outbox_message WHERE sent_at IS NULL
            """,
        ),
    ]
