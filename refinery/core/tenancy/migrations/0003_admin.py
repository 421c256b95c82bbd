"""List of all tenants for the platform's administrators."""

from django.db import migrations

from refinery.core.database.rls import CreatePlatformFunction


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0002_records")]

    operations = [
        CreatePlatformFunction(
            "platform_tenant_directory(person uuid, wanted varchar)",
            "TABLE (id uuid, slug varchar, name varchar, status varchar, created_at timestamptz, members bigint)",
            """
            SELECT t.id, t.slug, t.name, t.status, t.created_at,
                   (SELECT count(*) FROM membership m JOIN app_user u ON u.id = m.user_id
                    WHERE m.tenant_id = t.id AND m.is_active AND NOT u.is_service)
            FROM tenant t
            WHERE EXISTS (SELECT 1 FROM app_user a WHERE a.id = person AND a.is_active AND a.is_superuser)
              AND (position(lower(wanted) IN lower(t.name)) > 0 OR position(lower(wanted) IN t.slug) > 0)
            ORDER BY t.name, t.slug LIMIT 500
            """,
        )
    ]
