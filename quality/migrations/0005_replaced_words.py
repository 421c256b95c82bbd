"""An example keeps the word that it took the place of: undoing a decision takes back that decision alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("quality", "0004_rights")]

    operations = [
        migrations.AddField(
            model_name="trainingexample",
            name="replaced",
            field=models.JSONField(null=True),
        ),
    ]
