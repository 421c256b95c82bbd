"""Schemas and batches stay, and so does the answer that was given once."""

from django.db import migrations

from refinery.core.database.rls import Rights


class Migration(migrations.Migration):
    dependencies = [("ingestion", "0002_walls")]

    operations = [
        Rights("schema", "SELECT, INSERT, UPDATE"),
        Rights("batch", "SELECT, INSERT, UPDATE"),
        Rights("idempotency_key", "SELECT, INSERT"),
    ]
