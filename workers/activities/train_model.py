"""Training: the long step on the gpu queue, its records on the io queue."""

from uuid import UUID

from temporalio import activity

from quality.domain.ports import ModelRuntime
from quality.services.model_training import fail_training, run_training
from refinery.core.types import TenantId
from workers.activities.heartbeat import beating
from workers.messages import Trained, TrainingFailure, TrainingOrder


class TrainingActivities:
    """Trains; one at a time."""

    def __init__(self, runtime: ModelRuntime) -> None:
        """Take the runtime that models are trained on."""
        self._runtime = runtime

    @activity.defn
    def train(self, order: TrainingOrder) -> Trained:
        """Train a candidate and measure it beside the champion."""
        with beating():
            outcome = run_training(TenantId(UUID(order.tenant)), UUID(order.training), self._runtime)
        return Trained(outcome.status, str(outcome.candidate_id or ""))


class TrainingRecords:
    """Writes down what a training run came to when it could not end well."""

    @activity.defn(name="give_up_training")
    def give_up(self, failure: TrainingFailure) -> str:
        """Give the run's last status."""
        return fail_training(
            TenantId(UUID(failure.order.tenant)), UUID(failure.order.training), failure.code, failure.detail
        )
