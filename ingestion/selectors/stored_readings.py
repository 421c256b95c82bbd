"""What other parts ask of ingestion."""

from uuid import UUID

from ingestion.contracts import RunRef
from ingestion.domain.einvoice import EInvoice
from ingestion.domain.einvoice.serialization import unpack_einvoice
from ingestion.domain.schemas import InvalidSchema, schema_from_json
from ingestion.domain.schemas.fields import FieldSpec, SchemaSpec
from ingestion.models import Schema, XmlInvoice
from refinery.core.tenancy.actor import Actor
from refinery.core.types import TenantId


class SchemaNotFound(LookupError):
    """The tenant has no active schema of this key."""


def schema_spec(tenant_id: TenantId, key: str) -> SchemaSpec:
    """Give the newest active version of a tenant's schema; raises NoSuchSchema."""
    rows = Schema.objects.filter(tenant_id=tenant_id, key=key, is_active=True).order_by("-version")
    definition = rows.values_list("definition", flat=True).first()
    if definition is None:
        raise SchemaNotFound(key)
    return schema_from_json(definition)


def find_schema_spec(tenant_id: TenantId, key: str) -> SchemaSpec | None:
    """Return the schema as `schema_spec` does; None without one."""
    try:
        return schema_spec(tenant_id, key)
    except SchemaNotFound:
        return None


def schema_specs(tenant_id: TenantId) -> tuple[SchemaSpec, ...]:
    """Give the newest active version of each of a tenant's schemas, by key."""
    rows = Schema.objects.filter(tenant_id=tenant_id, is_active=True).order_by("key", "-version").distinct("key")
    return tuple(schema_from_json(definition) for definition in rows.values_list("definition", flat=True))


def schema_titles(actor: Actor, key: str) -> tuple[str, dict[str, FieldSpec]]:
    """Give a schema's title and its fields by name; without one, or with a broken one, there are neither."""
    try:
        spec = schema_spec(actor.tenant_id, key)
    except (SchemaNotFound, InvalidSchema):
        return "", {}
    return spec.title, {field.name: field for field in spec.fields}


def einvoice_of(ref: RunRef) -> tuple[EInvoice | None, str]:
    """Give what a run's e-invoice says, and the fault of one that could not be read; neither without one."""
    row = XmlInvoice.objects.filter(tenant_id=ref.tenant_id, document_id=ref.document_id, run=ref.run).first()
    if row is None:
        return None, ""
    return (unpack_einvoice(row.facts) if row.facts is not None else None), row.fault


def image_version(key: str) -> str:
    """Name a stored picture by its content: what an address that never changes carries."""
    return key.rpartition("/")[2].partition(".")[0][:16]


def image_address(document_id: UUID, number: int, run: int, key: str, *, thumbnail: bool = False) -> str:
    """Give the address of a page's picture under `key`; another picture has another address, whatever its run."""
    kind = "thumbnail" if thumbnail else "image"
    version = f"&v={image_version(key)}" if key else ""
    return f"/v1/documents/{document_id}/pages/{number}/{kind}?run={run}{version}"
