"""The outbox: the application puts messages in and takes unsent ones back; the relay has narrow functions."""

from django.db import migrations, models

import refinery.core.database.ids
from refinery.core.database.rls import CreatePlatformFunction, EnableTenantRls, TableGrants


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="OutboxMessage",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=refinery.core.database.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tenant_id", models.UUIDField(editable=False)),
                ("topic", models.CharField(max_length=48)),
                ("key", models.CharField(max_length=200)),
                ("payload", models.JSONField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("available_at", models.DateTimeField()),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("sent_at", models.DateTimeField(null=True)),
                ("last_error", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "db_table": "outbox_message",
                "indexes": [
                    models.Index(
                        condition=models.Q(("sent_at__isnull", True)),
                        fields=["available_at", "id"],
                        name="outbox_waiting",
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("tenant_id", "topic", "key"), name="outbox_key_once")],
            },
        ),
        EnableTenantRls("outbox_message"),
        TableGrants("outbox_message", "SELECT, INSERT, DELETE"),
        CreatePlatformFunction(
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
        CreatePlatformFunction(
            "platform_outbox_sent(ids uuid[])",
            "void",
            "UPDATE outbox_message SET sent_at = now(), last_error = '' WHERE id = ANY (ids)",
            volatile=True,
        ),
        CreatePlatformFunction(
            "platform_outbox_failed(message uuid, reason varchar, retry_seconds integer)",
            "void",
            """
            UPDATE outbox_message
            SET last_error = left(reason, 200), available_at = now() + make_interval(secs => retry_seconds)
            WHERE id = message AND sent_at IS NULL
            """,
            volatile=True,
        ),
        CreatePlatformFunction(
            "platform_outbox_next()",
            "double precision",
            """
            SELECT extract(epoch FROM min(available_at) - now())::double precision
            FROM outbox_message WHERE sent_at IS NULL
            """,
        ),
    ]
