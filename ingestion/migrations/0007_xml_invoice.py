"""E-invoices of documents, closed to other tenants from the start."""

import django.db.models.deletion
from django.db import migrations, models

import refinery.core.database.ids
from refinery.core.database.rls import TenantBond, TenantWall


class Migration(migrations.Migration):
    dependencies = [("ingestion", "0006_containers")]

    operations = [
        migrations.CreateModel(
            name="XmlInvoice",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=refinery.core.database.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("tenant_id", models.UUIDField(editable=False)),
                ("run", models.PositiveIntegerField()),
                ("name", models.CharField(max_length=120)),
                ("sha256", models.CharField(max_length=64)),
                ("blob_key", models.CharField(max_length=200)),
                ("facts", models.JSONField(null=True)),
                ("fault", models.CharField(blank=True, max_length=12)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="xml_invoices",
                        to="ingestion.document",
                    ),
                ),
            ],
            options={
                "db_table": "xml_invoice",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant_id", "document", "run"), name="xml_invoice_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("facts__isnull", False), ("fault", "")),
                            models.Q(("facts__isnull", True), models.Q(("fault", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="xml_invoice_facts",
                    ),
                ],
            },
        ),
        TenantWall("xml_invoice"),
        TenantBond("xml_invoice", "document_id", "document"),
    ]
