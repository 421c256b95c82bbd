"""Close the audit log to other tenants and to change."""

from django.db import migrations

from refinery.core.database.rls import AppendOnly, TenantWall


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        TenantWall("audit_event"),
        TenantWall("audit_seal"),
        AppendOnly("audit_event"),
        AppendOnly("audit_seal"),
    ]
