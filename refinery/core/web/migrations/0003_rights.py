"""Only the counting functions touch the counters."""

from django.db import migrations

from refinery.core.database.rls import Rights


class Migration(migrations.Migration):
    dependencies = [("web", "0002_walls")]

    operations = [
        Rights("request_count", ""),
    ]
