"""Training activities: the long step on the gpu queue, its records on the io queue."""

from uuid import UUID

from temporalio import activity

from quality.domain.ports import ModelRuntime
from quality.services.model_training import fail_training, run_training
from refinery.core.types import TenantId
from workers.activities.heartbeat import heartbeats
from workers.messages import TrainingFailure, TrainingInput, TrainResult


class TrainingActivities:
    """Activity that trains models, one at a time."""

    def __init__(self, runtime: ModelRuntime) -> None:
        """Store the runtime for training."""
        self._runtime = runtime

    @activity.defn
    def train(self, training_input: TrainingInput) -> TrainResult:
        """Train a candidate and evaluate it against the champion."""
        with heartbeats():
            outcome = run_training(TenantId(UUID(training_input.tenant)), UUID(training_input.training), self._runtime)
        return TrainResult(outcome.status, str(outcome.candidate_id or ""))


class TrainingRecords:
    """Database activity of training runs that could not complete."""

    @activity.defn(name="give_up_training")
    def give_up(self, failure: TrainingFailure) -> str:
        """Record the failure and return the run's final status."""
        return fail_training(
            TenantId(UUID(failure.training_input.tenant)),
            UUID(failure.training_input.training),
            failure.code,
            failure.detail,
        )
