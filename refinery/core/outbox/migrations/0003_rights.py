"""The application puts messages in and takes unsent ones back; only the relay's functions change them."""

from django.db import migrations

from refinery.core.database.rls import Rights


class Migration(migrations.Migration):
    dependencies = [("outbox", "0002_walls")]

    operations = [
        Rights("outbox_message", "SELECT, INSERT, DELETE"),
    ]
