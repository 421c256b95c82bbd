"""The torch runtime, loaded when the first training comes: before that it costs neither time nor memory."""

from collections.abc import Sequence
from functools import cached_property

from quality.domain.ports import Device, ModelRuntime
from quality.domain.training import Dataset, FieldCase, TrainedModel, TrainingConfig


class OnDemandRuntime:
    """A ModelRuntime that becomes quality.adapters.torch_confidence.TorchConfidence at its first use."""

    @cached_property
    def _runtime(self) -> ModelRuntime:
        from quality.adapters.torch_confidence import TorchConfidence

        return TorchConfidence()

    def device(self) -> Device:
        """Say where models run."""
        return self._runtime.device()

    def train(self, dataset: Dataset, config: TrainingConfig) -> TrainedModel:
        """Train a candidate. Raises TooFewExamples."""
        return self._runtime.train(dataset, config)

    def predict(self, weights: bytes, cases: Sequence[FieldCase]) -> list[float]:
        """Give P(right) for each case. Raises UnknownWeights."""
        return self._runtime.predict(weights, cases)
