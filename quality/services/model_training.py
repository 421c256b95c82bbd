"""Training of models: request a training, run it, and store the candidate with its evaluation."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from ingestion.blobs import model_key, store_content
from quality.domain.ports import ModelRuntime
from quality.domain.training import Dataset, LabelKind, TrainedModel, TrainingConfig
from quality.models import ModelVersion, TrainingExample, TrainingRun
from quality.services.champion import FIELD_CONFIDENCE
from quality.services.model_evaluation import Comparison, compare_models, save_evaluations
from quality.services.training_data import load_dataset
from refinery.core.audit.services import record_event
from refinery.core.database.scope import tenant_scope
from refinery.core.outbox.services import OutgoingMessage, enqueue
from refinery.core.tenancy.actor import Actor, system_actor
from refinery.core.tenancy.roles import Permission
from refinery.core.types import TenantId

MIN_LABELS: Final = 10  # enough to try; the held-out examples show whether it learned anything
MIN_LABELS_PER_KIND: Final = 1


class NotEnoughLabels(ValueError):
    """Too few labels to train; the counts say how many labels, confirmed and corrected ones are missing."""

    def __init__(self, labels: int, confirmed: int, corrected: int) -> None:
        """Store how many are missing, each 0 when there are enough."""
        super().__init__(f"{labels} more labels are needed: {confirmed} more confirmed, {corrected} more corrected")
        self.labels, self.confirmed, self.corrected = labels, confirmed, corrected


class TrainingInProgress(Exception):
    """A training of this tenant is queued or running."""


@dataclass(frozen=True, slots=True)
class TrainingOutcome:
    """Result of a training run: done with a candidate, or failed."""

    status: str
    candidate_id: UUID | None = None


def request_training(*, actor: Actor) -> TrainingRun:
    """Queue a training; raises NotAllowed, NotEnoughLabels, TrainingInProgress."""
    actor.require(Permission.MODEL_TRAIN)
    _require_enough_labels(actor.tenant_id)
    try:
        with transaction.atomic():
            run = TrainingRun.objects.create(
                tenant_id=actor.tenant_id, name=FIELD_CONFIDENCE, requested_by_id=actor.user_id
            )
    except IntegrityError as reason:
        raise TrainingInProgress from reason
    workflow_id = f"train/{actor.tenant_id}/{run.id}"
    payload = {"workflow": "training", "id": workflow_id, "tenant": str(actor.tenant_id), "training": str(run.id)}
    enqueue(OutgoingMessage("workflow.start", payload, actor.tenant_id), key=workflow_id)
    record_event(actor.audit, "training.requested", "training", run.id)
    return run


def labels_missing(tenant_id: TenantId) -> NotEnoughLabels | None:
    """Return the number of labels missing for a training; None when there are enough."""
    rows = TrainingExample.objects.filter(tenant_id=tenant_id, pool="train")
    total = rows.count()
    corrected = rows.filter(kind=LabelKind.CORRECTED.value).count()
    missing = [max(0, MIN_LABELS - total), *(max(0, MIN_LABELS_PER_KIND - n) for n in (total - corrected, corrected))]
    return NotEnoughLabels(*missing) if any(missing) else None


def _require_enough_labels(tenant_id: TenantId) -> None:
    missing = labels_missing(tenant_id)
    if missing:
        raise missing


def run_training(
    tenant_id: TenantId, run_id: UUID, runtime: ModelRuntime, config: TrainingConfig | None = None
) -> TrainingOutcome:
    """Train, evaluate and store a candidate; raises TooFewExamples. A run that has ended is not changed."""
    config = config or TrainingConfig()
    with tenant_scope(tenant_id):
        run = TrainingRun.objects.select_for_update().get(tenant_id=tenant_id, id=run_id)
        if run.status not in {"queued", "running"}:
            return TrainingOutcome(run.status, run.candidate_id)
        TrainingRun.objects.filter(pk=run.pk).update(status="running")
        dataset = load_dataset(tenant_id)
    trained = runtime.train(dataset, config)
    key = model_key(tenant_id, trained.sha256)
    store_content(key, ContentFile(trained.weights))
    with tenant_scope(tenant_id):
        comparison = compare_models(tenant_id, trained.weights, dataset, runtime)
        candidate = _save_candidate(tenant_id, run, trained, key, dataset, comparison, config)
    return TrainingOutcome("done", candidate.id)


def _save_candidate(
    tenant_id: TenantId,
    run: TrainingRun,
    trained: TrainedModel,
    key: str,
    dataset: Dataset,
    comparison: Comparison,
    config: TrainingConfig,
) -> ModelVersion:
    now = timezone.now()
    newest = ModelVersion.objects.filter(tenant_id=tenant_id, name=run.name).aggregate(newest=Max("number"))
    candidate = ModelVersion.objects.create(
        tenant_id=tenant_id,
        name=run.name,
        number=(newest["newest"] or 0) + 1,
        blob_key=key,
        sha256=trained.sha256,
        data_hash=dataset.sha256,
        examples=len(dataset),
        metrics={**comparison.as_json(), "training": dict(trained.metrics)},
        card=_card(dataset, trained, config, now),
        trained_by_id=run.requested_by_id,
    )
    save_evaluations(candidate, comparison)
    TrainingRun.objects.filter(pk=run.pk).update(status="done", finished_at=now, candidate=candidate, detail="")
    record_event(system_actor(tenant_id), "model.trained", "model", candidate.id, number=candidate.number)
    return candidate


def _card(dataset: Dataset, trained: TrainedModel, config: TrainingConfig, at: datetime) -> dict[str, Any]:
    return {
        "predicts": "the probability that a field's value is right",
        "data": {
            "sha256": dataset.sha256,
            "train": len(dataset.train),
            "calibrate": len(dataset.calibrate),
            "audit": len(dataset.audit),
        },
        "config": asdict(config),
        "device": trained.device,
        "trained_at": at.isoformat(),
        "limits": "Knows the kinds of documents that its labels came from; measured on families it has not seen.",
    }


def fail_training(tenant_id: TenantId, run_id: UUID, code: str, detail: str) -> str:
    """Record why a run failed and return its status; a run that is done is not changed."""
    with tenant_scope(tenant_id):
        rows = TrainingRun.objects.filter(tenant_id=tenant_id, id=run_id, status__in=["queued", "running"])
        if rows.update(status="failed", finished_at=timezone.now(), detail=(detail or code)[:300]):
            record_event(system_actor(tenant_id), "training.failed", "training", run_id, code=code)
        return TrainingRun.objects.values_list("status", flat=True).get(tenant_id=tenant_id, id=run_id)
