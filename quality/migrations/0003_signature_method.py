"""Fingerprints name the method of their MinHash; those without one were computed by an earlier version."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("quality", "0002_viewer")]

    operations = [
        migrations.AddField("fingerprint", "method", models.CharField(blank=True, default="", max_length=40), False)
    ]
