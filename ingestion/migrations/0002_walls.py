"""Close documents and what was read from them to other tenants."""

from django.db import migrations

from refinery.core.database.rls import TenantBond, TenantWall


class Migration(migrations.Migration):
    dependencies = [("ingestion", "0001_initial")]

    operations = [
        TenantWall("schema"),
        TenantWall("batch"),
        TenantWall("document"),
        TenantWall("page"),
        TenantWall("field"),
        TenantWall("idempotency_key"),
        TenantBond("document", "batch_id", "batch"),
        TenantBond("document", "supersedes_id", "document"),
        TenantBond("document", "parent_id", "document"),
        TenantBond("page", "document_id", "document"),
        TenantBond("field", "document_id", "document"),
    ]
