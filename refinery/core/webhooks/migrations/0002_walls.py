"""Close webhooks to other tenants."""

from django.db import migrations

from refinery.core.database.rls import TenantBond, TenantWall


class Migration(migrations.Migration):
    dependencies = [("webhooks", "0001_initial")]

    operations = [
        TenantWall("webhook_endpoint"),
        TenantWall("webhook_delivery"),
        TenantBond("webhook_delivery", "endpoint_id", "webhook_endpoint"),
    ]
