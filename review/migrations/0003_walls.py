"""Close review to other tenants."""

from django.db import migrations

from refinery.core.database.rls import TenantBond, TenantWall


class Migration(migrations.Migration):
    dependencies = [("review", "0002_initial"), ("ingestion", "0002_walls"), ("tenancy", "0002_walls")]

    operations = [
        TenantWall("queue"),
        TenantWall("queue_user_grant"),
        TenantWall("queue_group_grant"),
        TenantWall("review_task"),
        TenantWall("task_skip"),
        TenantWall("draft"),
        TenantWall("correction"),
        TenantWall("comment"),
        TenantBond("queue", "team_id", "team"),
        TenantBond("queue_user_grant", "content_object_id", "queue"),
        TenantBond("queue_group_grant", "content_object_id", "queue"),
        TenantBond("review_task", "document_id", "document"),
        TenantBond("review_task", "queue_id", "queue"),
        TenantBond("task_skip", "task_id", "review_task"),
        TenantBond("draft", "task_id", "review_task"),
        TenantBond("correction", "task_id", "review_task"),
        TenantBond("correction", "document_id", "document"),
        TenantBond("comment", "document_id", "document"),
    ]
