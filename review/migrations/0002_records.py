"""People who uploaded a document or changed its values, kept on its tasks for four eyes."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

# The owner sees no rows of tenants; the platform role does.
UPLOADERS_OF_OPEN_TASKS = """
    SET LOCAL ROLE refinery_platform;
    UPDATE review_task AS t SET involved_ids = ARRAY[d.uploaded_by_id] FROM document d
    WHERE d.id = t.document_id AND d.tenant_id = t.tenant_id AND d.uploaded_by_id IS NOT NULL
      AND t.kind <> 'password' AND t.state IN ('OPEN', 'CLAIMED', 'POSTPONED');
    RESET ROLE;
"""


class Migration(migrations.Migration):
    dependencies = [("review", "0001_initial"), ("ingestion", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="reviewtask",
            name="involved_ids",
            field=ArrayField(
                models.UUIDField(),
                db_default=models.Value([], output_field=ArrayField(models.UUIDField())),
                default=list,
                size=None,
            ),
        ),
        migrations.RunSQL(UPLOADERS_OF_OPEN_TASKS, migrations.RunSQL.noop),
    ]
