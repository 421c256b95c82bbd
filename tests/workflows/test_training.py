"""Training on Temporal: started by the outbox, compared with the champion, promoted, rolled back."""

from hashlib import sha256
from typing import Any

import pytest

from quality.domain.confidence import ConfidenceModel
from quality.domain.features import Scaling
from quality.domain.ports import Device
from quality.domain.training import Dataset, FieldCase, TrainedModel, TrainingConfig, ensure_trainable
from quality.models import Certificate, Evaluation, ModelVersion, TrainingExample, TrainingRun
from quality.services.champion import load_champion
from quality.services.model_promotion import CannotPromote, promote_model, roll_back
from quality.services.model_training import (
    MIN_LABELS,
    MIN_LABELS_PER_KIND,
    NotEnoughLabels,
    TrainingInProgress,
    request_training,
)
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Role
from tests.support.factories.documents import make_document
from tests.support.ingest_harness import IngestHarness, make_ingest_harness
from tests.workflows.temporal_harness import TemporalHarness
from workers import queues
from workers.activities.train_model import TrainingActivities

BASE_MODEL = ConfidenceModel(
    scaling=Scaling((), (), ()), slope=1.0, offset=0.0, embedding=((0.0,),), w1=((0.0, 0.0, 0.0),), b1=(0.0,), w2=(0.0,)
)


class FixedRuntime:
    """ModelRuntime that trains at once; its model returns the reader's confidence, slightly lower each time."""

    def __init__(self) -> None:
        """Start without trainings."""
        self.trained = 0

    def device(self) -> Device:
        """Return the device."""
        return Device("cpu", "none")

    def train(self, dataset: Dataset, config: TrainingConfig) -> TrainedModel:
        """Return a new model on each call; raise TooFewExamples if needed."""
        ensure_trainable(dataset)
        self.trained += 1
        model = ConfidenceModel(
            BASE_MODEL.scaling,
            1.0,
            -0.1 * self.trained,
            BASE_MODEL.embedding,
            BASE_MODEL.w1,
            BASE_MODEL.b1,
            BASE_MODEL.w2,
        )
        weights = model.to_bytes()
        return TrainedModel(weights, sha256(weights).hexdigest(), "cpu", {"epochs": 1.0})

    def predict(self, weights: bytes, cases: Any) -> list[float]:  # noqa: ANN401 - a sequence of cases
        """Return the model's predictions."""
        model = ConfidenceModel.from_bytes(weights)
        return [model.probability(case) for case in cases if isinstance(case, FieldCase)]


@pytest.fixture
def ingest(harness: TemporalHarness) -> IngestHarness:
    """Return a tenant with a harness that can train."""
    harness.add_worker(queues.GPU, TrainingActivities(FixedRuntime()).train)
    return make_ingest_harness()


def label_fields(ingest: IngestHarness, count: int, *, wrong: int, pool: str = "train") -> None:
    """Create human labels for `count` fields."""
    document = make_document(ingest.tenant)
    with tenant_scope(ingest.tenant_id):
        TrainingExample.objects.bulk_create(
            TrainingExample(
                tenant_id=ingest.tenant_id,
                document=document,
                run=1,
                schema_key="invoice",
                field=f"{pool}-{number}",
                kind="corrected" if number < wrong else "confirmed",
                confidence=0.4 if number < wrong else 0.9,
                features={"ocr_mean": number / count},
                reviewer_role="reviewer",
                pool=pool,
                family=f"{pool}-{number}",
            )
            for number in range(count)
        )


def ask_for_training(ingest: IngestHarness) -> TrainingRun:
    """Request a training as a manager."""
    with tenant_scope(ingest.tenant_id):
        return request_training(actor=manager_actor(ingest))


def manager_actor(ingest: IngestHarness) -> Actor:
    """Return an actor who may train and promote."""
    return ingest.tenant.actor(Role.MANAGER)


def train(harness: TemporalHarness, ingest: IngestHarness) -> ModelVersion:
    """Train and return the candidate."""
    run = ask_for_training(ingest)
    assert harness.result(f"train/{ingest.tenant_id}/{run.id}") == "done"
    with tenant_scope(ingest.tenant_id):
        return ModelVersion.objects.latest("number")


def test_training_with_too_few_labels_reports_missing_ones(ingest: IngestHarness) -> None:
    """The refusal reports how many labels are missing."""
    label_fields(ingest, MIN_LABELS - 2, wrong=0)
    with pytest.raises(NotEnoughLabels) as refusal:
        ask_for_training(ingest)
    assert (refusal.value.labels, refusal.value.confirmed, refusal.value.corrected) == (2, 0, MIN_LABELS_PER_KIND)


def test_training_candidate_is_measured_promoted_and_rolled_back(
    harness: TemporalHarness, ingest: IngestHarness
) -> None:
    """Candidate and champion are measured on the same labels; promotion ends promises; rollback works."""
    label_fields(ingest, 30, wrong=6)
    label_fields(ingest, 60, wrong=10, pool="audit")
    first = train(harness, ingest)
    assert first.state == "candidate"
    assert first.metrics["champion_name"] == "prior"
    assert first.metrics["candidate"]["examples"] == 60
    with tenant_scope(ingest.tenant_id):
        Certificate.objects.create(
            tenant_id=ingest.tenant_id,
            schema_key="invoice",
            promise=0.1,
            threshold=0.1,
            accepted=40,
            errors=0,
            rule_set="1",
        )
        promote_model(actor=manager_actor(ingest), model_id=first.id)
        assert Certificate.objects.get().state == "void"
        assert load_champion(ingest.tenant_id).version == "field-confidence/1"
        with pytest.raises(CannotPromote):
            promote_model(actor=manager_actor(ingest), model_id=first.id)
    second = train(harness, ingest)
    assert second.metrics["champion_name"] == "field-confidence/1"
    with tenant_scope(ingest.tenant_id):
        assert Evaluation.objects.filter(model=first).count() == 1
        promote_model(actor=manager_actor(ingest), model_id=second.id)
        back = roll_back(actor=manager_actor(ingest))
        assert back
        assert back.number == 1
        assert roll_back(actor=manager_actor(ingest)) is None
        assert load_champion(ingest.tenant_id).version == "prior"


def test_training_second_request_is_refused(committed_db: None) -> None:
    """A second request during a waiting one is refused."""
    ingest = make_ingest_harness()
    label_fields(ingest, 30, wrong=6)
    ask_for_training(ingest)
    with pytest.raises(TrainingInProgress):
        ask_for_training(ingest)


def test_training_failure_gives_reason(harness: TemporalHarness, ingest: IngestHarness) -> None:
    """The labels are removed before the training begins."""
    label_fields(ingest, 30, wrong=6)
    with tenant_scope(ingest.tenant_id):
        run = TrainingRun.objects.create(tenant_id=ingest.tenant_id, name="field-confidence")
        TrainingExample.objects.all().delete()
    order = {"tenant": str(ingest.tenant_id), "training": str(run.id)}
    workflow_id = f"train/{ingest.tenant_id}/{run.id}"
    harness.call(harness.client.start_workflow("training", order, id=workflow_id, task_queue=queues.IO))
    assert harness.result(workflow_id) == "failed"
    with tenant_scope(ingest.tenant_id):
        assert "labels" in TrainingRun.objects.get().detail
