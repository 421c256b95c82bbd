"""Torch runtime that is loaded at the first training, so that it costs no time or memory before."""

from collections.abc import Sequence
from functools import cached_property

from quality.domain.ports import Device, ModelRuntime
from quality.domain.training import Dataset, FieldCase, TrainedModel, TrainingConfig


class LazyTorchRuntime:
    """ModelRuntime that loads quality.adapters.torch_confidence.TorchRuntime on first use."""

    @cached_property
    def _runtime(self) -> ModelRuntime:
        from quality.adapters.torch_confidence import TorchRuntime

        return TorchRuntime()

    def device(self) -> Device:
        """Return the device that models run on."""
        return self._runtime.device()

    def train(self, dataset: Dataset, config: TrainingConfig) -> TrainedModel:
        """Train a candidate. Raises TooFewExamples."""
        return self._runtime.train(dataset, config)

    def predict(self, weights: bytes, cases: Sequence[FieldCase]) -> list[float]:
        """Return P(right) for each case. Raises UnknownWeights."""
        return self._runtime.predict(weights, cases)
