"""Leave the application what it does: a key's digest and Django's own tables are not its to change.

Nothing is granted by default any more (earlier set-ups did so): each migration says what it grants. Identity
columns count by themselves, so that no sequence is the application's.
"""

from django.db import migrations

from refinery.core.database.rls import Rights


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0003_families_and_attempts")]

    operations = [
        Rights("tenant", "SELECT, UPDATE"),
        Rights("membership", "SELECT, INSERT, UPDATE"),
        Rights("api_key", "SELECT, INSERT, UPDATE (name, scopes, expires_at, revoked_at)"),
        Rights("token_family", "SELECT, INSERT, UPDATE (current, used_at, revoked_at)"),
        Rights("app_user", "SELECT, INSERT, UPDATE"),
        Rights("app_user_groups", "SELECT"),
        Rights("app_user_user_permissions", "SELECT"),
        Rights("auth_group", "SELECT"),
        Rights("auth_group_permissions", "SELECT"),
        Rights("auth_permission", "SELECT"),
        Rights("django_admin_log", "SELECT"),
        Rights("django_content_type", "SELECT"),
        Rights("django_migrations", "SELECT"),
        Rights("guardian_groupobjectpermission", "SELECT"),
        Rights("guardian_userobjectpermission", "SELECT"),
        Rights("channels_postgres_groupchannel", "SELECT, INSERT, DELETE"),
        migrations.RunSQL(
            """
            REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM refinery_app;
            ALTER DEFAULT PRIVILEGES FOR ROLE refinery_owner IN SCHEMA public REVOKE ALL ON TABLES FROM refinery_app;
            ALTER DEFAULT PRIVILEGES FOR ROLE refinery_owner IN SCHEMA public REVOKE ALL ON SEQUENCES FROM refinery_app;
            """,
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO refinery_app;",
        ),
    ]
