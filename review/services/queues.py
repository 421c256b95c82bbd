"""Queues of a tenant: one for each schema, and a general one."""

from django.db.models import QuerySet

from refinery.core.tenancy.compiled_queries import compiled_query
from refinery.core.types import TenantId
from review.models import Queue

GENERAL = "General"


def default_queues(*, tenant_id: TenantId, titles: dict[str, str]) -> None:
    """Create the queues of a new tenant; `titles` maps schema keys to titles. Idempotent."""
    rows = [Queue(tenant_id=tenant_id, name=title, schema_key=key) for key, title in titles.items()]
    rows.append(Queue(tenant_id=tenant_id, name=GENERAL))
    Queue.objects.bulk_create(rows, ignore_conflicts=True)


def queue_for(tenant_id: TenantId, schema_key: str) -> Queue:
    """Return the queue of a schema, or the general one if the schema has none."""
    found = _queues_of_schema.first(tenant_id, schema_key) or _queues_by_name.first(tenant_id, GENERAL)
    return found or Queue.objects.get_or_create(tenant_id=tenant_id, name=GENERAL)[0]


@compiled_query
def _queues_of_schema(tenant_id: TenantId, schema_key: str) -> "QuerySet[Queue]":
    return Queue.objects.filter(tenant_id=tenant_id, schema_key=schema_key).order_by("id")[:1]


@compiled_query
def _queues_by_name(tenant_id: TenantId, name: str) -> "QuerySet[Queue]":
    return Queue.objects.filter(tenant_id=tenant_id, name=name)
