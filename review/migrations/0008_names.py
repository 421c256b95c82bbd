"""What people read of a row and of many; nothing in the database changes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0007_rights"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="queue",
            options={
                "permissions": [("work_queue", "May work on the queue's tasks")],
                "verbose_name": "queue",
                "verbose_name_plural": "queues",
            },
        ),
        migrations.AlterModelOptions(
            name="queueusergrant",
            options={"verbose_name": "grant", "verbose_name_plural": "grants"},
        ),
        migrations.AlterModelOptions(
            name="reviewtask",
            options={"verbose_name": "task", "verbose_name_plural": "tasks"},
        ),
    ]
