"""The queues of a tenant: one for each kind of document, and one for what is none."""

from refinery.core.tenancy.actor import Actor
from refinery.core.types import TenantId
from review.models import Queue

GENERAL = "General"


def default_queues(*, tenant_id: TenantId, titles: dict[str, str]) -> None:
    """Make the queues of a new tenant; `titles` maps a schema's key to its title. Repeats are harmless."""
    rows = [Queue(tenant_id=tenant_id, name=title, schema_key=key) for key, title in titles.items()]
    rows.append(Queue(tenant_id=tenant_id, name=GENERAL))
    Queue.objects.bulk_create(rows, ignore_conflicts=True)


def queue_for(tenant_id: TenantId, schema_key: str) -> Queue:
    """Find the queue of a schema, the general one when it has none."""
    found = Queue.objects.filter(tenant_id=tenant_id, schema_key=schema_key).order_by("id").first()
    if found is not None:
        return found
    general, _ = Queue.objects.get_or_create(tenant_id=tenant_id, name=GENERAL)
    return general


def workable_queue_ids(actor: Actor) -> list[str]:
    """Give the queues whose tasks the actor may do."""
    return [str(pk) for pk in Queue.objects.workable_by(actor).order_by().distinct().values_list("id", flat=True)]
