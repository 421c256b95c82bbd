"""Where a tenant's files are split; the database's defaults serve the platform's own way of making a tenant."""

from django.db import migrations, models

import refinery.core.tenancy.separators


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0005_names")]

    operations = [
        migrations.AddField(
            "tenant",
            "split_mode",
            models.CharField(
                choices=[
                    ("separators", "at separator sheets alone"),
                    ("suggest", "at separator sheets; other places are suggested to people"),
                    ("automatic", "at separator sheets, and where it is sure"),
                ],
                db_default="suggest",
                default="suggest",
                max_length=12,
                verbose_name="where files are split",
            ),
        ),
        migrations.AddField(
            "tenant",
            "split_separators",
            models.TextField(
                blank=True,
                db_default="REFINERY-SEPARATOR\nPATCHT",
                default="REFINERY-SEPARATOR\nPATCHT",
                help_text="One text a line: a code or the only line of a sheet that lies between two documents.",
                validators=[refinery.core.tenancy.separators.check_separators],
                verbose_name="what separator sheets say",
            ),
        ),
        migrations.AddField(
            "tenant",
            "split_at_blank",
            models.BooleanField(db_default=False, default=False, verbose_name="empty sheets part documents"),
        ),
    ]
