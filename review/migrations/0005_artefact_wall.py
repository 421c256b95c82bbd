"""Close exports to other tenants."""

from django.db import migrations

from refinery.core.database.rls import TenantBond, TenantWall


class Migration(migrations.Migration):
    dependencies = [("review", "0004_artefact"), ("ingestion", "0002_walls")]

    operations = [TenantWall("artefact"), TenantBond("artefact", "document_id", "document")]
