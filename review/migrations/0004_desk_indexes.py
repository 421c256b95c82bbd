"""Indexes of the desk: its table in order of urgency, and the counts of each queue."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("review", "0003_admin")]

    operations = [
        migrations.AddIndex(
            model_name="reviewtask",
            index=models.Index(
                fields=["tenant_id", "-priority", "due_at", "id"],
                name="task_by_urgency",
                condition=models.Q(("state__in", ["OPEN", "CLAIMED", "POSTPONED"])),
            ),
        ),
        migrations.AddIndex(
            model_name="reviewtask",
            index=models.Index(
                fields=["tenant_id", "queue", "due_at"], name="task_by_queue", condition=models.Q(("state", "OPEN"))
            ),
        ),
    ]
