"""Models, trainings and certificates stay; what was measured is not changed."""

from django.db import migrations

from refinery.core.database.rls import Rights


class Migration(migrations.Migration):
    dependencies = [("quality", "0003_not_judged")]

    operations = [
        Rights("fingerprint_band", "SELECT, INSERT, DELETE"),
        Rights("model_version", "SELECT, INSERT, UPDATE"),
        Rights("training_run", "SELECT, INSERT, UPDATE"),
        Rights("evaluation", "SELECT, INSERT"),
        Rights("certificate", "SELECT, INSERT, UPDATE"),
    ]
