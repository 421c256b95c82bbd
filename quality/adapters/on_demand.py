"""Torch runtime in a child process that starts at the first training and ends after the last: torch keeps 0.5 GB."""

from collections.abc import Sequence

from quality.domain.ports import Device
from quality.domain.training import Dataset, FieldCase, TrainedModel, TrainingConfig
from refinery.core.idle_process import IdleProcess


class TorchProcess:
    """ModelRuntime that runs quality.adapters.torch_confidence.TorchRuntime in a child process."""

    def __init__(self, process: IdleProcess) -> None:
        """Store the process, which others may use as well."""
        self._process = process

    def device(self) -> Device:
        """Return the device that models run on."""
        return self._process.run(_device)

    def train(self, dataset: Dataset, config: TrainingConfig) -> TrainedModel:
        """Train a candidate. Raises TooFewExamples, IdleProcessEnded."""
        return self._process.run(_train, dataset, config)

    def predict(self, weights: bytes, cases: Sequence[FieldCase]) -> list[float]:
        """Return P(right) for each case. Raises UnknownWeights, IdleProcessEnded."""
        return self._process.run(_predict, weights, cases)


def _device() -> Device:
    from quality.adapters.torch_confidence import TorchRuntime

    return TorchRuntime().device()


def _train(dataset: Dataset, config: TrainingConfig) -> TrainedModel:
    from quality.adapters.torch_confidence import TorchRuntime

    return TorchRuntime().train(dataset, config)


def _predict(weights: bytes, cases: Sequence[FieldCase]) -> list[float]:
    from quality.adapters.torch_confidence import TorchRuntime

    return TorchRuntime().predict(weights, cases)
