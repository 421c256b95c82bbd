"""Close what the quality engine keeps to other tenants."""

from django.db import migrations

from refinery.core.database.rls import TenantBond, TenantWall


class Migration(migrations.Migration):
    dependencies = [("quality", "0001_initial"), ("ingestion", "0002_walls")]

    operations = [
        TenantWall("assessment"),
        TenantWall("issue"),
        TenantWall("fingerprint"),
        TenantWall("fingerprint_band"),
        TenantWall("training_example"),
        TenantWall("model_version"),
        TenantWall("training_run"),
        TenantWall("evaluation"),
        TenantWall("certificate"),
        TenantBond("assessment", "document_id", "document"),
        TenantBond("issue", "document_id", "document"),
        TenantBond("fingerprint", "document_id", "document"),
        TenantBond("fingerprint_band", "document_id", "document"),
        TenantBond("training_example", "document_id", "document"),
        TenantBond("training_run", "candidate_id", "model_version"),
        TenantBond("evaluation", "model_id", "model_version"),
    ]
