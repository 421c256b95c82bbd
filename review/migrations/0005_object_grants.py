"""Grants of queues to teams; the permission to review a queue is called as that of a batch or a document."""

import django.db.models.deletion
from django.db import migrations, models

from refinery.core.database.rls import AddTenantForeignKey, EnableTenantRls, TableGrants


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("review", "0004_desk_indexes"),
        ("tenancy", "0004_object_grants"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="queue",
            options={
                "permissions": [
                    ("review_queue", "May review the queue's tasks"),
                    ("export_queue", "May export the documents of the queue's tasks"),
                ],
                "verbose_name": "queue",
                "verbose_name_plural": "queues",
            },
        ),
        migrations.CreateModel(
            name="QueueTeamGrant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("tenant_id", models.UUIDField(editable=False)),
                (
                    "content_object",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="team_grants", to="review.queue"
                    ),
                ),
                ("group", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="tenancy.team")),
                ("permission", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.permission")),
            ],
            options={
                "verbose_name": "grant to a team",
                "verbose_name_plural": "grants to teams",
                "db_table": "queue_team_grant",
                "abstract": False,
                "unique_together": {("group", "permission", "content_object")},
            },
        ),
        migrations.DeleteModel(name="QueueGroupGrant"),
        EnableTenantRls("queue_team_grant"),
        AddTenantForeignKey("queue_team_grant", "content_object_id", "queue"),
        AddTenantForeignKey("queue_team_grant", "group_id", "team"),
        TableGrants("queue_team_grant", "SELECT, INSERT, DELETE"),
        # Grants made so far keep their meaning under the name that all objects use.
        migrations.RunSQL(
            "UPDATE auth_permission SET codename = 'review_queue' WHERE codename = 'work_queue'",
            "UPDATE auth_permission SET codename = 'work_queue' WHERE codename = 'review_queue'",
        ),
    ]
