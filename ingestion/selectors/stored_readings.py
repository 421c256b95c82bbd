"""Read access to ingestion for other apps: schemas, e-invoices and page images."""

from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
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
    return _schema_of(orjson.dumps(definition))


@compiled_query
def _schema_definition(tenant_id: TenantId, key: str) -> "QuerySet[Schema, Any]":
    rows = Schema.objects.filter(tenant_id=tenant_id, key=key, is_active=True).order_by("-version")
    return rows.values_list("definition", flat=True)[:1]


@lru_cache(maxsize=256)
def _schema_of(definition: bytes) -> SchemaSpec:
    """Return the schema of a stored definition: a worker needs the same few for each document."""
    return schema_from_json(orjson.loads(definition), stored=True)


def find_schema_spec(tenant_id: TenantId, key: str) -> SchemaSpec | None:
    """Return the schema as `schema_spec` does; None if there is none."""
    try:
        return schema_spec(tenant_id, key)
    except SchemaNotFound:
        return None


def schema_specs(tenant_id: TenantId) -> tuple[SchemaSpec, ...]:
    """Return the newest active version of each of a tenant's schemas, by key."""
    return tuple(_schema_of(orjson.dumps(definition)) for definition in _schema_definitions(tenant_id))


@compiled_query
def _schema_definitions(tenant_id: TenantId) -> "QuerySet[Schema, Any]":
    rows = Schema.objects.filter(tenant_id=tenant_id, is_active=True).order_by("key", "-version").distinct("key")
    return rows.values_list("definition", flat=True)


def schema_titles(actor: Actor, key: str) -> tuple[str, dict[str, FieldSpec]]:
    """Return a schema's title and its fields by name; empty for a missing or invalid schema."""
    try:
        spec = schema_spec(actor.tenant_id, key)
    except (SchemaNotFound, InvalidSchema):
        return "", {}
    return spec.title, {field.name: field for field in spec.fields}


def einvoice_of(ref: RunRef) -> tuple[EInvoice | None, str, RuleReport | None]:
    """Return a run's e-invoice, its fault code and its report; (None, "", None) without an e-invoice."""
    row = _einvoices.first(ref.tenant_id, ref.document_id, ref.run)
    if row is None:
        return None, "", None
    facts, fault, report = row
    invoice = unpack_einvoice(facts) if facts is not None else None
    return invoice, fault, unpack_report(report) if report is not None else None


@compiled_query
def _einvoices(tenant_id: TenantId, document_id: UUID, run: int) -> "QuerySet[XmlInvoice, Any]":
    rows = XmlInvoice.objects.filter(tenant_id=tenant_id, document_id=document_id, run=run)
    return rows.values_list("facts", "fault", "rule_report")


def image_version(key: str) -> str:
    """Return the content version of a stored image, which makes its URL immutable."""
    return key.rpartition("/")[2].partition(".")[0][:16]


def image_address(document_id: UUID, number: int, run: int, key: str, *, thumbnail: bool = False) -> str:
    """Return the URL of a page image; another image has another URL, regardless of the run."""
    kind = "thumbnail" if thumbnail else "image"
    version = f"&v={image_version(key)}" if key else ""
    return f"/v1/documents/{document_id}/pages/{number}/{kind}?run={run}{version}"
