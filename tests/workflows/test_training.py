"""A training on the real engine: asked for by the outbox, measured beside the champion, taken, taken back."""

from hashlib import sha256
from typing import Any

import pytest

from quality.domain.confidence import ConfidenceModel
from quality.domain.features import Scaling
from quality.domain.ports import Device
from quality.domain.training import Dataset, FieldCase, TrainedModel, TrainingConfig, ensure_trainable
from quality.models import Certificate, Evaluation, ModelVersion, TrainingExample, TrainingRun
from quality.services.champion import champion_of
from quality.services.model_promotion import CannotPromote, promote_model, roll_back
from quality.services.model_training import (
    LEAST,
    LEAST_OF_A_KIND,
    NotEnoughLabels,
    TrainingUnderWay,
    request_training,
)
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Role
from tests.factories.documents import make_document
from tests.workflows.papers import Office, open_office
from tests.workflows.plant import Plant
from workers import queues
from workers.activities.train_model import TrainingActivities

ONE = ConfidenceModel(
    scaling=Scaling((), (), ()),
    slope=1.0,
    offset=0.0,
    embedding=((0.0,),),
    w1=((0.0, 0.0, 0.0),),
    b1=(0.0,),
    w2=(0.0,),
)


class FixedRuntime:
    """A ModelRuntime that trains at once: its model believes the reader, a little less each time."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self.trained = 0

    def device(self) -> Device:
        """Say where it runs."""
        return Device("cpu", "none")

    def train(self, dataset: Dataset, config: TrainingConfig) -> TrainedModel:
        """Give another model each time; raises TooFewExamples."""
        ensure_trainable(dataset)
        self.trained += 1
        model = ConfidenceModel(ONE.scaling, 1.0, -0.1 * self.trained, ONE.embedding, ONE.w1, ONE.b1, ONE.w2)
        weights = model.to_bytes()
        return TrainedModel(weights, sha256(weights).hexdigest(), "cpu", {"epochs": 1.0})

    def predict(self, weights: bytes, cases: Any) -> list[float]:  # noqa: ANN401 - a sequence of cases
        """Ask the model itself."""
        model = ConfidenceModel.from_bytes(weights)
        return [model.probability(case) for case in cases if isinstance(case, FieldCase)]


@pytest.fixture
def office(plant: Plant) -> Office:
    """A tenant beside a plant that can train."""
    plant.work(queues.GPU, TrainingActivities(FixedRuntime()).train)
    return open_office()


def label(office: Office, count: int, *, wrong: int, pool: str = "train") -> None:
    """Let people have spoken of so many fields."""
    document = make_document(office.house)
    with tenant_scope(office.tenant_id):
        TrainingExample.objects.bulk_create(
            TrainingExample(
                tenant_id=office.tenant_id,
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


def ask(office: Office) -> TrainingRun:
    """Ask for a training, as a manager."""
    with tenant_scope(office.tenant_id):
        return request_training(actor=manager(office))


def manager(office: Office) -> Actor:
    """Give who may train and promote."""
    return office.house.actor(Role.MANAGER)


def trained(plant: Plant, office: Office) -> ModelVersion:
    """Train and give the candidate."""
    run = ask(office)
    assert plant.result(f"train/{office.tenant_id}/{run.id}") == "done"
    with tenant_scope(office.tenant_id):
        return ModelVersion.objects.latest("number")


def test_too_few_labels_are_refused_with_what_is_missing(office: Office) -> None:
    """The refusal counts what is still needed."""
    label(office, LEAST - 2, wrong=0)
    with pytest.raises(NotEnoughLabels) as refusal:
        ask(office)
    assert (refusal.value.labels, refusal.value.confirmed, refusal.value.corrected) == (2, 0, LEAST_OF_A_KIND)


def test_a_candidate_is_trained_measured_and_put_in_charge(plant: Plant, office: Office) -> None:
    """Its figures stand beside the champion's on the same labels; promotion ends promises; a step back works."""
    label(office, 30, wrong=6)
    label(office, 60, wrong=10, pool="audit")
    first = trained(plant, office)
    assert first.state == "candidate"
    assert first.metrics["champion_name"] == "prior"
    assert first.metrics["candidate"]["examples"] == 60
    with tenant_scope(office.tenant_id):
        Certificate.objects.create(
            tenant_id=office.tenant_id,
            schema_key="invoice",
            promise=0.1,
            threshold=0.1,
            accepted=40,
            errors=0,
            rule_set="1",
        )
        promote_model(actor=manager(office), model_id=first.id)
        assert Certificate.objects.get().state == "void"
        assert champion_of(office.tenant_id).version == "field-confidence/1"
        with pytest.raises(CannotPromote):
            promote_model(actor=manager(office), model_id=first.id)
    second = trained(plant, office)
    assert second.metrics["champion_name"] == "field-confidence/1"
    with tenant_scope(office.tenant_id):
        assert Evaluation.objects.filter(model=first).count() == 1
        promote_model(actor=manager(office), model_id=second.id)
        back = roll_back(actor=manager(office))
        assert back
        assert back.number == 1
        assert roll_back(actor=manager(office)) is None
        assert champion_of(office.tenant_id).version == "prior"


def test_one_training_at_a_time(committed_db: None) -> None:
    """A second request while one waits is refused."""
    office = open_office()
    label(office, 30, wrong=6)
    ask(office)
    with pytest.raises(TrainingUnderWay):
        ask(office)


def test_a_run_that_cannot_end_well_says_why(plant: Plant, office: Office) -> None:
    """The labels were taken back before the training began."""
    label(office, 30, wrong=6)
    with tenant_scope(office.tenant_id):
        run = TrainingRun.objects.create(tenant_id=office.tenant_id, name="field-confidence")
        TrainingExample.objects.all().delete()
    order = {"tenant": str(office.tenant_id), "training": str(run.id)}
    workflow_id = f"train/{office.tenant_id}/{run.id}"
    plant.call(plant.client.start_workflow("training", order, id=workflow_id, task_queue=queues.IO))
    assert plant.result(workflow_id) == "failed"
    with tenant_scope(office.tenant_id):
        assert "labels" in TrainingRun.objects.get().detail
