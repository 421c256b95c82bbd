"""Issues record who accepted them, and whether corrected values have resolved them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("quality", "0001_initial")]

    operations = [
        migrations.AddField("issue", "accepted_by_id", models.UUIDField(null=True)),
        migrations.AddField("issue", "resolved", models.BooleanField(default=False)),
    ]
