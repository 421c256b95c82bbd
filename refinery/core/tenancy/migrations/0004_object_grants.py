"""Role guest, whose permissions apply only to granted objects."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0003_admin")]

    operations = [
        migrations.RemoveConstraint(model_name="membership", name="membership_role_known"),
        migrations.AlterField(
            model_name="apikey",
            name="role",
            field=models.CharField(
                choices=[
                    ("org_admin", "org admin"),
                    ("manager", "manager"),
                    ("operator", "operator"),
                    ("reviewer", "reviewer"),
                    ("viewer", "viewer"),
                    ("guest", "guest"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="membership",
            name="role",
            field=models.CharField(
                choices=[
                    ("org_admin", "org admin"),
                    ("manager", "manager"),
                    ("operator", "operator"),
                    ("reviewer", "reviewer"),
                    ("viewer", "viewer"),
                    ("guest", "guest"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["org_admin", "manager", "operator", "reviewer", "viewer", "guest"])),
                name="membership_role_known",
            ),
        ),
    ]
