"""A tenant with a row of everything, each text of it carrying the tenant's mark: for tests of the wall."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from ingestion.models import LeftOutFile, RegionReading, XmlInvoice
from quality.models import Certificate, Evaluation, ModelVersion, TrainingExample, TrainingRun
from refinery.core.database.ids import new_id
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from refinery.core.webhooks.models import WebhookDelivery, WebhookEndpoint
from review.models import Artefact, Comment, Correction, Draft, Rereading
from tests.factories.documents import Sheet, make_batch, make_document, make_queue, make_schema, make_task
from tests.factories.people import House, make_house, make_team


@dataclass(frozen=True, slots=True)
class World:
    """A furnished tenant: `ids` fills the parameters of addresses, by the parameters' names."""

    house: House
    ids: dict[str, Any]

    @property
    def secrets(self) -> set[str]:
        """What must never be seen from another tenant: the mark, and every id."""
        return {self.house.slug, str(self.house.tenant_id)} | {
            str(value) for value in self.ids.values() if isinstance(value, UUID)
        }


def make_world(mark: str) -> World:
    """Furnish a tenant whose slug is its mark."""
    house = make_house(mark)
    batch = make_batch(house, f"{mark} batch")
    fields = (Sheet("total", f"{mark} 120.00", 0.7, needs_human=True), Sheet("invoice_number", f"{mark}-1"))
    document = make_document(
        house, fields=fields, filename=f"{mark}.pdf", external_id=f"{mark}-ext", batch=batch,
        schema_key=f"{mark}-schema", metadata={"note": mark},
    )  # fmt: skip
    queue = make_queue(house, f"{mark} queue", team=make_team(house, f"{mark} team", Role.REVIEWER))
    task = make_task(house, document, queue=queue)
    schema = make_schema(house, f"{mark}-schema", title=f"{mark} schema")
    ids = {
        "document_id": document.id, "batch_id": batch.id, "task_id": task.id, "queue_id": queue.id,
        "key_id": house.key(Role.VIEWER).id, "schema_id": schema.id, "key": schema.key,
    }  # fmt: skip
    with tenant_scope(house.tenant_id):
        ids |= _outside(house, mark) | _learned(house, mark, document.id, task.id) | _remarks(house, mark, ids)
    return World(house, ids)


def _outside(house: House, mark: str) -> dict[str, Any]:
    tenant = {"tenant_id": house.tenant_id}
    endpoint = WebhookEndpoint.objects.create(**tenant, url=f"https://{mark}.example/hook", secret=f"whsec_{mark}")
    delivery = WebhookDelivery.objects.create(
        **tenant, endpoint=endpoint, url=endpoint.url, event="document.completed", payload={"mark": mark}
    )
    return {"webhook_id": endpoint.id, "delivery_id": delivery.id}


def _learned(house: House, mark: str, document_id: UUID, task_id: UUID) -> dict[str, Any]:
    tenant = {"tenant_id": house.tenant_id}
    model = ModelVersion.objects.create(**tenant, name="field-confidence", number=1, card={"note": mark})
    TrainingRun.objects.create(**tenant, name="field-confidence", status="done", detail=mark, candidate=model)
    Evaluation.objects.create(**tenant, model=model, data_hash="0" * 64, examples=1, metrics={"note": mark})
    Certificate.objects.create(
        **tenant, schema_key=f"{mark}-schema", promise=0.05, threshold=0.9, accepted=1, errors=0, rule_set=mark
    )
    TrainingExample.objects.create(
        **tenant, document_id=document_id, task_id=task_id, run=1, schema_key=f"{mark}-schema", field="total",
        kind="corrected", model_prediction=mark, expert_correction=mark, confidence=0.5, reviewer_role="reviewer",
        pool="train", family=mark,
    )  # fmt: skip
    return {"model_id": model.id}


def _remarks(house: House, mark: str, ids: dict[str, Any]) -> dict[str, Any]:
    tenant, person = {"tenant_id": house.tenant_id}, house.user(Role.REVIEWER).pk
    Draft.objects.create(**tenant, task_id=ids["task_id"], user_id=person, values={"total": mark})
    Comment.objects.create(**tenant, document_id=ids["document_id"], author_id=person, text=mark)
    Correction.objects.create(
        **tenant, task_id=ids["task_id"], document_id=ids["document_id"], run=1, field="total", kind="corrected",
        before=mark, after=mark, reviewer_id=person,
    )  # fmt: skip
    place = f"{house.tenant_id}/{new_id()}"
    default_storage.save(place, ContentFile(mark.encode()))
    artefact = Artefact.objects.create(
        **tenant, document_id=ids["document_id"], run=1, format="pdf", status="done", media_type="application/pdf",
        blob_key=place, detail=mark,
    )  # fmt: skip
    region = RegionReading.objects.create(
        **tenant, document_id=ids["document_id"], run=1, page=1, bbox=[0.1, 0.1, 0.2, 0.2], status="done",
        text=mark, requested_by_id=person, expires_at=timezone.now() + timedelta(minutes=10),
    )  # fmt: skip
    XmlInvoice.objects.create(
        **tenant, document_id=ids["document_id"], run=1, name=mark, sha256="0" * 64, blob_key=place,
        facts={"number": mark},
    )  # fmt: skip
    LeftOutFile.objects.create(**tenant, document_id=ids["document_id"], part=1, name=mark, why="litter")
    rereading = Rereading.objects.create(
        **tenant, document_id=ids["document_id"], base_run=1, mode="thorough", status="ready", pages=1,
        fields=[{"name": "total", "value": mark, "confidence": 0.5}],
    )  # fmt: skip
    return {"artefact_id": artefact.id, "region_id": region.id, "rereading_id": rereading.id}
