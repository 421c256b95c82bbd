"""Queues, tasks and what reviewers make of them, closed to other tenants."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import refinery.core.database.ids
from refinery.core.database.rls import AddTenantForeignKey, EnableTenantRls, TableGrants


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("ingestion", "0001_initial"),
        ("tenancy", "0001_initial"),
        ("web", "0001_initial"),  # which grants the sequences that there are: none of review
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Queue",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=refinery.core.database.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tenant_id", models.UUIDField(editable=False)),
                ("name", models.CharField(max_length=80)),
                ("schema_key", models.CharField(blank=True, max_length=40)),
                ("sla_seconds", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="queues",
                        to="tenancy.team",
                    ),
                ),
            ],
            options={
                "verbose_name": "queue",
                "verbose_name_plural": "queues",
                "db_table": "queue",
                "permissions": [("work_queue", "May work on the queue's tasks")],
            },
        ),
        migrations.CreateModel(
            name="QueueGroupGrant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("tenant_id", models.UUIDField(editable=False)),
                (
                    "content_object",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="group_grants", to="review.queue"
                    ),
                ),
                ("group", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.group")),
                ("permission", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.permission")),
            ],
            options={"db_table": "queue_group_grant", "abstract": False},
        ),
        migrations.CreateModel(
            name="QueueUserGrant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("tenant_id", models.UUIDField(editable=False)),
                (
                    "content_object",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="user_grants", to="review.queue"
                    ),
                ),
                ("permission", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.permission")),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "verbose_name": "grant",
                "verbose_name_plural": "grants",
                "db_table": "queue_user_grant",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ReviewTask",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=refinery.core.database.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tenant_id", models.UUIDField(editable=False)),
                ("run", models.PositiveIntegerField()),
                ("kind", models.CharField(default="review", max_length=10)),
                ("state", models.CharField(default="OPEN", max_length=10)),
                ("schema_key", models.CharField(blank=True, max_length=40)),
                ("priority", models.SmallIntegerField(default=0)),
                ("risk", models.FloatField(default=0)),
                ("reasons", models.JSONField(default=list)),
                ("due_at", models.DateTimeField()),
                ("reminded_at", models.DateTimeField(null=True)),
                ("escalated_at", models.DateTimeField(null=True)),
                ("assignee_id", models.UUIDField(null=True)),
                ("excluded_id", models.UUIDField(null=True)),
                ("lease_token", models.UUIDField(null=True)),
                ("lease_expires_at", models.DateTimeField(null=True)),
                ("lease_ahead", models.BooleanField(default=False)),
                ("fence", models.PositiveIntegerField(default=0)),
                ("postponed_until", models.DateTimeField(null=True)),
                ("verdict", models.CharField(blank=True, max_length=20)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("submitted_at", models.DateTimeField(null=True)),
                ("opened_at", models.DateTimeField(auto_now_add=True)),
                ("claimed_at", models.DateTimeField(null=True)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tasks", to="ingestion.document"
                    ),
                ),
                (
                    "queue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tasks", to="review.queue"
                    ),
                ),
            ],
            options={"verbose_name": "task", "verbose_name_plural": "tasks", "db_table": "review_task"},
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=refinery.core.database.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tenant_id", models.UUIDField(editable=False)),
                ("user_id", models.UUIDField()),
                ("revision", models.PositiveIntegerField(default=0)),
                ("values", models.JSONField(default=dict)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="drafts", to="review.reviewtask"
                    ),
                ),
            ],
            options={"db_table": "draft"},
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=refinery.core.database.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tenant_id", models.UUIDField(editable=False)),
                ("run", models.PositiveIntegerField()),
                ("field", models.CharField(max_length=60)),
                ("kind", models.CharField(max_length=10)),
                ("before", models.TextField(blank=True)),
                ("after", models.TextField(blank=True)),
                ("page", models.PositiveIntegerField(null=True)),
                ("bbox", models.JSONField(null=True)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("reviewer_id", models.UUIDField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("restore", models.JSONField(default=dict)),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="corrections", to="ingestion.document"
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="corrections",
                        to="review.reviewtask",
                    ),
                ),
            ],
            options={"db_table": "correction"},
        ),
        migrations.CreateModel(
            name="TaskSkip",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=refinery.core.database.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tenant_id", models.UUIDField(editable=False)),
                ("user_id", models.UUIDField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="skips", to="review.reviewtask"
                    ),
                ),
            ],
            options={"db_table": "task_skip"},
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=refinery.core.database.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tenant_id", models.UUIDField(editable=False)),
                ("author_id", models.UUIDField()),
                ("text", models.TextField(max_length=4000)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="comments", to="ingestion.document"
                    ),
                ),
            ],
            options={
                "db_table": "comment",
                "indexes": [models.Index(fields=["tenant_id", "document", "id"], name="comment_by_document")],
            },
        ),
        migrations.AddConstraint(
            model_name="queue", constraint=models.UniqueConstraint(fields=("tenant_id", "name"), name="queue_name")
        ),
        migrations.AlterUniqueTogether(
            name="queuegroupgrant", unique_together={("group", "permission", "content_object")}
        ),
        migrations.AlterUniqueTogether(
            name="queueusergrant", unique_together={("user", "permission", "content_object")}
        ),
        migrations.AddIndex(
            model_name="reviewtask",
            index=models.Index(
                condition=models.Q(("state", "OPEN")),
                fields=["tenant_id", "-priority", "due_at", "id"],
                name="task_next",
            ),
        ),
        migrations.AddIndex(
            model_name="reviewtask",
            index=models.Index(
                condition=models.Q(("state__in", ["CLAIMED", "POSTPONED"])),
                fields=["tenant_id", "assignee_id", "state"],
                name="task_mine",
            ),
        ),
        migrations.AddIndex(
            model_name="reviewtask",
            index=models.Index(
                condition=models.Q(("state", "CLAIMED")), fields=["tenant_id", "lease_expires_at"], name="task_lapsing"
            ),
        ),
        migrations.AddIndex(
            model_name="reviewtask", index=models.Index(fields=["tenant_id", "state", "-id"], name="task_by_state")
        ),
        migrations.AddIndex(
            model_name="reviewtask",
            index=models.Index(fields=["tenant_id", "assignee_id", "-submitted_at"], name="task_done_by"),
        ),
        migrations.AddConstraint(
            model_name="reviewtask",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["OPEN", "CLAIMED", "POSTPONED", "SUBMITTED", "CANCELLED"])),
                name="task_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewtask",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["review", "second", "audit", "gold", "password", "conflict"])),
                name="task_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewtask",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "CLAIMED"), _negated=True),
                    models.Q(
                        ("assignee_id__isnull", False),
                        ("lease_expires_at__isnull", False),
                        ("lease_token__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="task_claim_has_lease",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewtask",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["OPEN", "CLAIMED", "POSTPONED"])),
                fields=("tenant_id", "document", "kind"),
                name="task_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(fields=("tenant_id", "task", "user_id"), name="draft_once"),
        ),
        migrations.AddIndex(
            model_name="correction",
            index=models.Index(fields=["tenant_id", "document", "-id"], name="correction_by_document"),
        ),
        migrations.AddConstraint(
            model_name="taskskip",
            constraint=models.UniqueConstraint(fields=("tenant_id", "task", "user_id"), name="skip_once"),
        ),
        EnableTenantRls("queue"),
        EnableTenantRls("queue_user_grant"),
        EnableTenantRls("queue_group_grant"),
        EnableTenantRls("review_task"),
        EnableTenantRls("task_skip"),
        EnableTenantRls("draft"),
        EnableTenantRls("correction"),
        EnableTenantRls("comment"),
        AddTenantForeignKey("queue", "team_id", "team"),
        AddTenantForeignKey("queue_user_grant", "content_object_id", "queue"),
        AddTenantForeignKey("queue_group_grant", "content_object_id", "queue"),
        AddTenantForeignKey("review_task", "document_id", "document"),
        AddTenantForeignKey("review_task", "queue_id", "queue"),
        AddTenantForeignKey("task_skip", "task_id", "review_task"),
        AddTenantForeignKey("draft", "task_id", "review_task"),
        AddTenantForeignKey("correction", "task_id", "review_task"),
        AddTenantForeignKey("correction", "document_id", "document"),
        AddTenantForeignKey("comment", "document_id", "document"),
        TableGrants("queue", "SELECT, INSERT, UPDATE"),
        TableGrants("queue_group_grant", "SELECT"),
        TableGrants("task_skip", "SELECT, INSERT, DELETE"),
        TableGrants("comment", "SELECT, INSERT, DELETE"),
    ]
