"""Who escalated a task, and when: it is then offered to people who may decide it, and listed in their inbox."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("review", "0002_records")]

    operations = [
        migrations.AddField(model_name="reviewtask", name="raised_by_id", field=models.UUIDField(null=True)),
        migrations.AddField(model_name="reviewtask", name="raised_at", field=models.DateTimeField(null=True)),
        migrations.AddIndex(
            model_name="reviewtask",
            index=models.Index(
                fields=["tenant_id", "raised_at"],
                name="task_raised",
                condition=models.Q(("raised_at__isnull", False), ("state__in", ["OPEN", "CLAIMED", "POSTPONED"])),
            ),
        ),
    ]
