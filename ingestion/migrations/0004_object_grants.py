"""Grants of batches and documents to users and teams."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from refinery.core.database.rls import AddTenantForeignKey, EnableTenantRls, TableGrants


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("ingestion", "0003_einvoice_rules"),
        ("tenancy", "0004_object_grants"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="batch",
            options={
                "permissions": [
                    ("review_batch", "May review the documents of the batch"),
                    ("export_batch", "May export the documents of the batch"),
                ],
                "verbose_name": "batch",
                "verbose_name_plural": "batches",
            },
        ),
        migrations.AlterModelOptions(
            name="document",
            options={
                "permissions": [
                    ("review_document", "May review the document"),
                    ("export_document", "May export the document"),
                ],
                "verbose_name": "document",
                "verbose_name_plural": "documents",
            },
        ),
        migrations.CreateModel(
            name="BatchTeamGrant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("tenant_id", models.UUIDField(editable=False)),
                (
                    "content_object",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="team_grants", to="ingestion.batch"
                    ),
                ),
                ("group", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="tenancy.team")),
                ("permission", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.permission")),
            ],
            options={
                "db_table": "batch_team_grant",
                "abstract": False,
                "unique_together": {("group", "permission", "content_object")},
            },
        ),
        migrations.CreateModel(
            name="BatchUserGrant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("tenant_id", models.UUIDField(editable=False)),
                (
                    "content_object",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="user_grants", to="ingestion.batch"
                    ),
                ),
                ("permission", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.permission")),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "db_table": "batch_user_grant",
                "abstract": False,
                "unique_together": {("user", "permission", "content_object")},
            },
        ),
        migrations.CreateModel(
            name="DocumentTeamGrant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("tenant_id", models.UUIDField(editable=False)),
                (
                    "content_object",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="team_grants", to="ingestion.document"
                    ),
                ),
                ("group", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="tenancy.team")),
                ("permission", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.permission")),
            ],
            options={
                "db_table": "document_team_grant",
                "abstract": False,
                "unique_together": {("group", "permission", "content_object")},
            },
        ),
        migrations.CreateModel(
            name="DocumentUserGrant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("tenant_id", models.UUIDField(editable=False)),
                (
                    "content_object",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="user_grants", to="ingestion.document"
                    ),
                ),
                ("permission", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.permission")),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "db_table": "document_user_grant",
                "abstract": False,
                "unique_together": {("user", "permission", "content_object")},
            },
        ),
        EnableTenantRls("batch_user_grant"),
        AddTenantForeignKey("batch_user_grant", "content_object_id", "batch"),
        TableGrants("batch_user_grant", "SELECT, INSERT, DELETE"),
        EnableTenantRls("batch_team_grant"),
        AddTenantForeignKey("batch_team_grant", "content_object_id", "batch"),
        AddTenantForeignKey("batch_team_grant", "group_id", "team"),
        TableGrants("batch_team_grant", "SELECT, INSERT, DELETE"),
        EnableTenantRls("document_user_grant"),
        AddTenantForeignKey("document_user_grant", "content_object_id", "document"),
        TableGrants("document_user_grant", "SELECT, INSERT, DELETE"),
        EnableTenantRls("document_team_grant"),
        AddTenantForeignKey("document_team_grant", "content_object_id", "document"),
        AddTenantForeignKey("document_team_grant", "group_id", "team"),
        TableGrants("document_team_grant", "SELECT, INSERT, DELETE"),
    ]
