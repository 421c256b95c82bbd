"""Read access to ingestion for other apps: schemas, e-invoices and page images."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from ingestion.contracts import RunRef
from ingestion.domain.einvoice.model import EInvoice
from ingestion.domain.einvoice.official_rules import RuleReport
from ingestion.domain.einvoice.serialization import unpack_einvoice, unpack_report
from ingestion.domain.schemas import InvalidSchema, schema_from_json
from ingestion.domain.schemas.fields import FieldSpec, SchemaSpec
from ingestion.models import Schema, XmlInvoice
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.compiled_queries import compiled_query
from refinery.core.types import TenantId


class SchemaNotFound(LookupError):
    """The tenant has no active schema of this key."""


def schema_spec(tenant_id: TenantId, key: str) -> SchemaSpec:
    """Return the newest active version of a tenant's schema; raises SchemaNotFound."""
    definition = _schema_definition.first(tenant_id, key)
    if definition is None:
        raise SchemaNotFound(key)
    return schema_from_json(definition, stored=True)


@compiled_query
def _schema_definition(tenant_id: TenantId, key: str) -> "QuerySet[Schema, Any]":
    rows = Schema.objects.filter(tenant_id=tenant_id, key=key, is_active=True).order_by("-version")
    return rows.values_list("definition", flat=True)[:1]


def find_schema_spec(tenant_id: TenantId, key: str) -> SchemaSpec | None:
    """Return the schema as `schema_spec` does; None if there is none."""
    try:
        return schema_spec(tenant_id, key)
    except SchemaNotFound:
        return None


def schema_specs(tenant_id: TenantId) -> tuple[SchemaSpec, ...]:
    """Return the newest active version of each of a tenant's schemas, by key."""
    rows = Schema.objects.filter(tenant_id=tenant_id, is_active=True).order_by("key", "-version").distinct("key")
    return tuple(schema_from_json(definition, stored=True) for definition in rows.values_list("definition", flat=True))


def schema_titles(actor: Actor, key: str) -> tuple[str, dict[str, FieldSpec]]:
    """Return a schema's title and its fields by name; empty for a missing or invalid schema."""
    try:
        spec = schema_spec(actor.tenant_id, key)
    except (SchemaNotFound, InvalidSchema):
        return "", {}
    return spec.title, {field.name: field for field in spec.fields}


def einvoice_of(ref: RunRef) -> tuple[EInvoice | None, str, RuleReport | None]:
    """Return a run's e-invoice, its fault code and its report; (None, "", None) without an e-invoice."""
    row = XmlInvoice.objects.filter(tenant_id=ref.tenant_id, document_id=ref.document_id, run=ref.run).first()
    if row is None:
        return None, "", None
    invoice = unpack_einvoice(row.facts) if row.facts is not None else None
    return invoice, row.fault, unpack_report(row.rule_report) if row.rule_report is not None else None


def image_version(key: str) -> str:
    """Return the content version of a stored image, which makes its URL immutable."""
    return key.rpartition("/")[2].partition(".")[0][:16]


def image_address(document_id: UUID, number: int, run: int, key: str, *, thumbnail: bool = False) -> str:
    """Return the URL of a page image; another image has another URL, regardless of the run."""
    kind = "thumbnail" if thumbnail else "image"
    version = f"&v={image_version(key)}" if key else ""
    return f"/v1/documents/{document_id}/pages/{number}/{kind}?run={run}{version}"
