"""Close the tenant tables, open the shared ones, and make the few looks across the wall."""

from django.db import migrations

from refinery.core.database.rls import OpenTable, PlatformFunction, TenantBond, TenantWall


class Migration(migrations.Migration):
    dependencies = [
        ("tenancy", "0001_initial"),
        ("sessions", "0001_initial"),
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("guardian", "0003_remove_groupobjectpermission_guardian_gr_content_ae6aec_idx_and_more"),
        ("channels_postgres", "0004_notify_ensure_payload_not_too_big"),
    ]

    operations = [
        TenantWall("tenant", "id"),
        TenantWall("team"),
        TenantWall("membership"),
        TenantWall("team_membership"),
        TenantWall("api_key"),
        TenantBond("team_membership", "team_id", "team"),
        TenantBond("team_membership", "membership_id", "membership"),
        OpenTable("app_user"),
        OpenTable("app_user_groups"),
        OpenTable("app_user_user_permissions"),
        OpenTable("auth_group"),
        OpenTable("auth_group_permissions"),
        OpenTable("auth_permission"),
        OpenTable("django_admin_log"),
        OpenTable("django_content_type"),
        OpenTable("django_migrations"),
        OpenTable("django_session"),
        OpenTable("guardian_groupobjectpermission"),
        OpenTable("guardian_userobjectpermission"),
        OpenTable("channels_postgres_groupchannel"),
        OpenTable("channels_postgres_message"),
        migrations.RunSQL(
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO refinery_app, refinery_platform;",
            migrations.RunSQL.noop,
        ),
        PlatformFunction(
            "platform_memberships(person uuid)",
            "TABLE (tenant_id uuid, slug varchar, name varchar, role varchar, team_ids uuid[])",
            """
            SELECT t.id, t.slug, t.name,
                   CASE WHEN u.is_superuser THEN 'super_admin' ELSE m.role END,
                   ARRAY(SELECT tm.team_id FROM team_membership tm WHERE tm.membership_id = m.id)
            FROM app_user u
            JOIN tenant t ON t.status = 'active'
            LEFT JOIN membership m ON m.tenant_id = t.id AND m.user_id = u.id AND m.is_active
            WHERE u.id = person AND u.is_active AND (m.id IS NOT NULL OR u.is_superuser)
            ORDER BY m.id IS NULL, t.name
            """,
        ),
        PlatformFunction(
            "platform_api_key(wanted varchar)",
            "TABLE (id uuid, tenant_id uuid, user_id uuid, name varchar, digest varchar, role varchar,"
            " scopes varchar[], expires_at timestamptz)",
            """
            SELECT k.id, k.tenant_id, k.user_id, k.name, k.digest, k.role,
                   CASE WHEN jsonb_typeof(k.scopes) = 'array'
                        THEN ARRAY(SELECT jsonb_array_elements_text(k.scopes))::varchar[] END,
                   k.expires_at
            FROM api_key k JOIN tenant t ON t.id = k.tenant_id AND t.status = 'active'
            JOIN app_user u ON u.id = k.user_id AND u.is_active
            WHERE k.prefix = wanted AND k.revoked_at IS NULL
            """,
        ),
        PlatformFunction(
            "platform_create_tenant(new_id uuid, new_slug varchar, new_name varchar)",
            "uuid",
            """
            INSERT INTO tenant (id, slug, name, status, created_at, review_below, reject_below, sla_seconds,
                                keep_duplicates, max_file_bytes, documents_per_day, requests_per_minute,
                                reading_mode)
            VALUES (new_id, new_slug, new_name, 'active', now(), 70, 40, 14400, false, 104857600, 100000, 1200,
                    'standard')
            RETURNING id
            """,
            volatile=True,
        ),
        PlatformFunction("platform_tenant(wanted varchar)", "uuid", "SELECT id FROM tenant WHERE slug = wanted"),
        PlatformFunction(
            "platform_tenants()", "SETOF uuid", "SELECT id FROM tenant WHERE status = 'active' ORDER BY id"
        ),
    ]
