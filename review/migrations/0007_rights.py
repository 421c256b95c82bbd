"""Queues stay, remarks and skips are not changed; grants to groups are nobody's to give."""

from django.db import migrations

from refinery.core.database.rls import Rights


class Migration(migrations.Migration):
    dependencies = [("review", "0006_correction_restore")]

    operations = [
        Rights("queue", "SELECT, INSERT, UPDATE"),
        Rights("queue_group_grant", "SELECT"),
        Rights("task_skip", "SELECT, INSERT, DELETE"),
        Rights("comment", "SELECT, INSERT, DELETE"),
    ]
