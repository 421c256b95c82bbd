"""What people read of a row and of many; nothing in the database changes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0003_seals"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="auditevent",
            options={"verbose_name": "audit event", "verbose_name_plural": "audit events"},
        ),
    ]
