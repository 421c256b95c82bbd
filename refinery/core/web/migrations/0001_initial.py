"""Kept answers and counters, and what the application may do with the tables of Django and of other packages.

Nothing is granted by default: each migration says what it grants. Those tables are granted here because some of them
point at users, and so are made after the migration of tenancy. Identity columns count by themselves, so that no
sequence is the application's. Only functions touch the counters.
"""

from django.db import migrations, models

import refinery.core.database.ids
from refinery.core.database.rls import CreatePlatformFunction, EnableTenantRls, GrantSharedTable, TableGrants


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("channels_postgres", "0004_notify_ensure_payload_not_too_big"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("guardian", "0003_remove_groupobjectpermission_guardian_gr_content_ae6aec_idx_and_more"),
        ("sessions", "0001_initial"),
        ("tenancy", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="IdempotencyKey",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=refinery.core.database.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tenant_id", models.UUIDField(editable=False)),
                ("key", models.CharField(max_length=120)),
                ("actor_id", models.UUIDField()),
                ("path", models.CharField(max_length=120)),
                ("fingerprint", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField()),
                ("response", models.JSONField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "db_table": "idempotency_key",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant_id", "actor_id", "path", "key"), name="idempotency_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="RequestCount",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=refinery.core.database.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tenant_id", models.UUIDField(editable=False)),
                ("caller_id", models.UUIDField()),
                ("window", models.BigIntegerField()),
                ("count", models.PositiveIntegerField(default=0)),
            ],
            options={
                "db_table": "request_count",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant_id", "caller_id", "window"), name="request_count_once")
                ],
            },
        ),
        migrations.RunSQL("ALTER TABLE request_count SET UNLOGGED", "ALTER TABLE request_count SET LOGGED"),
        EnableTenantRls("idempotency_key"),
        EnableTenantRls("request_count"),
        TableGrants("idempotency_key", "SELECT, INSERT"),
        TableGrants("request_count", ""),
        GrantSharedTable("auth_group"),
        GrantSharedTable("auth_group_permissions"),
        GrantSharedTable("auth_permission"),
        GrantSharedTable("django_admin_log"),
        GrantSharedTable("django_content_type"),
        GrantSharedTable("django_migrations"),
        GrantSharedTable("django_session"),
        GrantSharedTable("guardian_groupobjectpermission"),
        GrantSharedTable("guardian_userobjectpermission"),
        GrantSharedTable("channels_postgres_groupchannel"),
        GrantSharedTable("channels_postgres_message"),
        TableGrants("auth_group", "SELECT"),
        TableGrants("auth_group_permissions", "SELECT"),
        TableGrants("auth_permission", "SELECT"),
        TableGrants("django_admin_log", "SELECT"),
        TableGrants("django_content_type", "SELECT"),
        TableGrants("django_migrations", "SELECT"),
        TableGrants("guardian_groupobjectpermission", "SELECT"),
        TableGrants("guardian_userobjectpermission", "SELECT"),
        TableGrants("channels_postgres_groupchannel", "SELECT, INSERT, DELETE"),
        migrations.RunSQL(
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO refinery_platform;", migrations.RunSQL.noop
        ),
        CreatePlatformFunction(
            "platform_count_request(tenant uuid, caller uuid, seconds integer)",
            "TABLE (of_tenant bigint, of_caller bigint, allowance integer, seconds_left double precision)",
            """
            WITH clock AS (SELECT extract(epoch FROM clock_timestamp()) AS at),
            slot AS (SELECT floor(at / seconds)::bigint AS number, seconds - mod(at, seconds) AS left FROM clock),
            mine AS (
              INSERT INTO request_count AS c (id, tenant_id, caller_id, "window", count)
              SELECT gen_random_uuid(), tenant, caller, slot.number, 1 FROM slot
              ON CONFLICT (tenant_id, caller_id, "window") DO UPDATE SET count = c.count + 1
              RETURNING c.count)
            SELECT (mine.count + coalesce((
                      SELECT sum(o.count) FROM request_count o, slot
                      WHERE o.tenant_id = tenant AND o."window" = slot.number AND o.caller_id <> caller), 0))::bigint,
                   mine.count::bigint, t.requests_per_minute, slot.left::double precision
            FROM mine, slot, tenant t WHERE t.id = tenant
            """,
            volatile=True,
        ),
        CreatePlatformFunction(
            "platform_forget_requests()",
            "void",
            """DELETE FROM request_count WHERE "window" < floor(extract(epoch FROM now()) / 60)::bigint - 5""",
            volatile=True,
        ),
    ]
