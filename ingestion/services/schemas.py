"""Schemas of a tenant: the built-in ones, and the versions that it adds."""

from typing import Any

from django.db import transaction

from ingestion.domain.schemas import BUILT_IN_SCHEMAS, schema_from_json, schema_to_json
from ingestion.models import Schema
from refinery.core.audit.services import record_event
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Permission
from refinery.core.types import TenantId


def create_default_schemas(*, tenant_id: TenantId) -> None:
    """Create the built-in schemas for a new tenant; idempotent."""
    rows = [
        Schema(tenant_id=tenant_id, key=spec.key, title=spec.title, definition=schema_to_json(spec))
        for spec in BUILT_IN_SCHEMAS
    ]
    Schema.objects.bulk_create(rows, ignore_conflicts=True)


def add_schema_version(*, actor: Actor, definition: dict[str, Any]) -> Schema:
    """Add a version of a schema; raises ingestion.domain.schemas.InvalidSchema with errors and their locations."""
    actor.require(Permission.SCHEMA_EDIT)
    spec = schema_from_json(definition)
    with transaction.atomic():
        newest = Schema.objects.visible_to(actor).filter(key=spec.key).order_by("-version").first()
        number = newest.version + 1 if newest else 1
        Schema.objects.visible_to(actor).filter(key=spec.key).update(is_active=False)
        schema = Schema.objects.create(
            tenant_id=actor.tenant_id, key=spec.key, version=number, title=spec.title, definition=schema_to_json(spec)
        )
        record_event(actor.audit, "schema.written", "schema", schema.id, version=number)
    return schema


def retire_schema(*, actor: Actor, key: str) -> None:
    """Retire a schema; documents that have it keep it. Raises Schema.DoesNotExist."""
    actor.require(Permission.SCHEMA_EDIT)
    with transaction.atomic():
        rows = Schema.objects.visible_to(actor).filter(key=key, is_active=True)
        first = rows.first()
        if first is None:
            raise Schema.DoesNotExist
        rows.update(is_active=False)
        record_event(actor.audit, "schema.retired", "schema", first.id)
