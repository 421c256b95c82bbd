"""Index from which the models page counts labels without reading them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("quality", "0003_signature_method")]

    operations = [
        migrations.AddIndex(
            model_name="trainingexample",
            index=models.Index(fields=["tenant_id", "kind", "pool"], name="example_counts"),
        )
    ]
