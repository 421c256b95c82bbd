"""Four eyes as a choice of the tenant; token families end with the password, and expired ones are deleted."""

from django.db import migrations, models

from refinery.core.database.rls import CreatePlatformFunction

FOUR_EYES = [
    ("off", "one person may do everything"),
    ("on", "whoever uploaded a document, or changed its values outside of a review, does not approve it"),
    ("strict", "as before, and a second person approves what a reviewer corrected"),
]


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="tenant",
            name="four_eyes",
            field=models.CharField(
                choices=FOUR_EYES, db_default="on", default="on", max_length=8, verbose_name="four eyes"
            ),
        ),
        migrations.AddConstraint(
            model_name="tenant",
            constraint=models.CheckConstraint(
                condition=models.Q(("four_eyes__in", ["off", "on", "strict"])), name="tenant_four_eyes_known"
            ),
        ),
        migrations.AddField(
            model_name="tokenfamily",
            name="credential",
            field=models.CharField(db_default="", default="", max_length=64),
        ),
        migrations.AddIndex(
            model_name="tokenfamily", index=models.Index(fields=["expires_at"], name="token_family_expiry")
        ),
        CreatePlatformFunction(
            "platform_prune_token_families(days integer, most integer)",
            "bigint",
            """
            WITH gone AS (
              DELETE FROM token_family WHERE id IN (
                SELECT f.id FROM token_family f WHERE f.expires_at < now() - make_interval(days => days)
                ORDER BY f.expires_at LIMIT most FOR UPDATE SKIP LOCKED)
              RETURNING 1)
            SELECT count(*) FROM gone
            """,
            volatile=True,
        ),
    ]
