"""What people read of a row and of many; nothing in the database changes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("ingestion", "0003_rights"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="batch",
            options={"verbose_name": "batch", "verbose_name_plural": "batches"},
        ),
        migrations.AlterModelOptions(
            name="document",
            options={"verbose_name": "document", "verbose_name_plural": "documents"},
        ),
        migrations.AlterModelOptions(
            name="schema",
            options={"verbose_name": "schema", "verbose_name_plural": "schemas"},
        ),
    ]
