"""Factory of a tenant with a row in every table, all texts marked with its slug, for tenant isolation tests."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from ingestion.models import Artefact, RegionReading, ReprocessingRun, SkippedContainerFile, XmlInvoice
from quality.models import Certificate, Evaluation, ModelVersion, TrainingExample, TrainingRun
from refinery.core.database.ids import new_id
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.grants import Access
from refinery.core.tenancy.roles import Role
from refinery.core.webhooks.models import WebhookDelivery, WebhookEndpoint
from review.models import Comment, Correction, Draft
from tests.support.factories.documents import FieldSample, make_batch, make_document, make_queue, make_schema, make_task
from tests.support.factories.grants import grant
from tests.support.factories.tenants import TenantFixture, make_team, make_tenant


@dataclass(frozen=True, slots=True)
class PopulatedTenant:
    """Populated tenant; `ids` maps URL parameter names to the ids of its rows."""

    tenant: TenantFixture
    ids: dict[str, Any]

    @property
    def secrets(self) -> set[str]:
        """Return the values that no other tenant may see: the mark and every id."""
        return {self.tenant.slug, str(self.tenant.tenant_id)} | {
            str(value) for value in self.ids.values() if isinstance(value, UUID)
        }


def make_populated_tenant(mark: str) -> PopulatedTenant:
    """Create a populated tenant whose slug is `mark`."""
    tenant = make_tenant(mark)
    batch = make_batch(tenant, f"{mark} batch")
    fields = (FieldSample("total", f"{mark} 120.00", 0.7, needs_human=True), FieldSample("invoice_number", f"{mark}-1"))
    document = make_document(
        tenant,
        fields=fields,
        filename=f"{mark}.pdf",
        external_id=f"{mark}-ext",
        batch=batch,
        schema_key=f"{mark}-schema",
        metadata={"note": mark},
    )
    team = make_team(tenant, f"{mark} team", Role.REVIEWER)
    queue = make_queue(tenant, f"{mark} queue", team=team)
    task = make_task(tenant, document, queue=queue)
    schema = make_schema(tenant, f"{mark}-schema", title=f"{mark} schema")
    ids = {
        "document_id": document.id,
        "batch_id": batch.id,
        "task_id": task.id,
        "queue_id": queue.id,
        "key_id": tenant.create_key(Role.VIEWER).id,
        "schema_id": schema.id,
        "key": schema.key,
        "grantee_id": team.id,
    }
    for target in (batch, document, queue):
        grant(tenant, target, team, Access.VIEW)
    with tenant_scope(tenant.tenant_id):
        ids |= (
            _external_rows(tenant, mark)
            | _training_rows(tenant, mark, document.id, task.id)
            | _comment_rows(tenant, mark, ids)
        )
    return PopulatedTenant(tenant, ids)


def _external_rows(tenant: TenantFixture, mark: str) -> dict[str, Any]:
    tenant_key = {"tenant_id": tenant.tenant_id}
    endpoint = WebhookEndpoint.objects.create(**tenant_key, url=f"https://{mark}.example/hook", secret=f"whsec_{mark}")
    delivery = WebhookDelivery.objects.create(
        **tenant_key, endpoint=endpoint, url=endpoint.url, event="document.completed", payload={"mark": mark}
    )
    return {"webhook_id": endpoint.id, "delivery_id": delivery.id}


def _training_rows(tenant: TenantFixture, mark: str, document_id: UUID, task_id: UUID) -> dict[str, Any]:
    tenant_key = {"tenant_id": tenant.tenant_id}
    model = ModelVersion.objects.create(**tenant_key, name="field-confidence", number=1, card={"note": mark})
    TrainingRun.objects.create(**tenant_key, name="field-confidence", status="done", detail=mark, candidate=model)
    Evaluation.objects.create(**tenant_key, model=model, data_hash="0" * 64, examples=1, metrics={"note": mark})
    Certificate.objects.create(
        **tenant_key, schema_key=f"{mark}-schema", promise=0.05, threshold=0.9, accepted=1, errors=0, rule_set=mark
    )
    TrainingExample.objects.create(
        **tenant_key,
        document_id=document_id,
        task_id=task_id,
        run=1,
        schema_key=f"{mark}-schema",
        field="total",
        kind="corrected",
        model_prediction=mark,
        expert_correction=mark,
        confidence=0.5,
        reviewer_role="reviewer",
        pool="train",
        family=mark,
    )
    return {"model_id": model.id}


def _comment_rows(tenant: TenantFixture, mark: str, ids: dict[str, Any]) -> dict[str, Any]:
    tenant_key, person = {"tenant_id": tenant.tenant_id}, tenant.user(Role.REVIEWER).pk
    Draft.objects.create(**tenant_key, task_id=ids["task_id"], user_id=person, values={"total": mark})
    Comment.objects.create(**tenant_key, document_id=ids["document_id"], author_id=person, text=mark)
    Correction.objects.create(
        **tenant_key,
        task_id=ids["task_id"],
        document_id=ids["document_id"],
        run=1,
        field="total",
        kind="corrected",
        before=mark,
        after=mark,
        reviewer_id=person,
    )
    place = f"{tenant.tenant_id}/{new_id()}"
    default_storage.save(place, ContentFile(mark.encode()))
    artefact = Artefact.objects.create(
        **tenant_key,
        document_id=ids["document_id"],
        run=1,
        format="pdf",
        status="done",
        media_type="application/pdf",
        blob_key=place,
        detail=mark,
    )
    region = RegionReading.objects.create(
        **tenant_key,
        document_id=ids["document_id"],
        run=1,
        page=1,
        bbox=[0.1, 0.1, 0.2, 0.2],
        status="done",
        text=mark,
        requested_by_id=person,
        expires_at=timezone.now() + timedelta(minutes=10),
    )
    XmlInvoice.objects.create(
        **tenant_key,
        document_id=ids["document_id"],
        run=1,
        name=mark,
        sha256="0" * 64,
        blob_key=place,
        facts={"number": mark},
    )
    SkippedContainerFile.objects.create(
        **tenant_key, document_id=ids["document_id"], part=1, name=mark, reason="litter"
    )
    reprocessing = ReprocessingRun.objects.create(
        **tenant_key,
        document_id=ids["document_id"],
        base_run=1,
        mode="thorough",
        status="ready",
        pages=1,
        fields=[{"name": "total", "value": mark, "confidence": 0.5}],
    )
    return {"artefact_id": artefact.id, "region_id": region.id, "reprocessing_id": reprocessing.id}
