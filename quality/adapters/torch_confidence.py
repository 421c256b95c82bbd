"""Training of the field-confidence model on torch: the same code on CPU and GPU, in double precision.

Double precision costs nothing at this size, and the exported model agrees with torch to the last digits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b, sha256
from platform import processor

import torch
from torch import Tensor, nn

from quality.domain.confidence import ConfidenceModel, rows_of
from quality.domain.features import Scaling, fit_scaling, logit
from quality.domain.ports import Device
from quality.domain.training import Dataset, FieldCase, LabelledExample, TrainedModel, TrainingConfig, ensure_trainable

BUCKETS = 128
CALIBRATED_FROM = 30
"""Least number of calibration labels from which temperature and shift are fitted; below, they are 1 and 0."""


def describe_device(wanted: str = "auto") -> Device:
    """Return the device for `wanted` ("auto", "cpu", "cuda", "mps"); auto selects the fastest one available."""
    runtime = f"torch {torch.__version__}"
    if wanted in ("auto", "cuda") and torch.cuda.is_available():
        properties = torch.cuda.get_device_properties(0)
        return Device("cuda", properties.name, properties.total_memory, runtime)
    if wanted == "mps" and torch.backends.mps.is_available():
        return Device("mps", "Apple GPU", 0, runtime)
    return Device("cpu", processor() or "CPU", 0, runtime)


@dataclass(frozen=True, slots=True)
class _Batch:
    """Cases as tensors: features n x f, confidence logits n, embedding rows n x 2."""

    features: Tensor
    odds: Tensor
    rows: Tensor

    def part(self, chosen: Tensor) -> "_Batch":
        return _Batch(self.features[chosen], self.odds[chosen], self.rows[chosen])


class _Network(nn.Module):
    """The model of quality.domain.confidence with gradients, initialised to the identity on the confidence."""

    def __init__(self, features: int, config: TrainingConfig) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(config.seed)
        inputs = features + 1 + 2 * config.width
        self.slope = nn.Parameter(torch.ones((), dtype=torch.float64))
        self.offset = nn.Parameter(torch.zeros((), dtype=torch.float64))
        self.embedding = nn.Parameter(_normal((BUCKETS, config.width), 0.1, generator))
        self.w1 = nn.Parameter(_normal((config.hidden, inputs), inputs**-0.5, generator))
        self.b1 = nn.Parameter(torch.zeros(config.hidden, dtype=torch.float64))
        self.w2 = nn.Parameter(torch.zeros(config.hidden, dtype=torch.float64))

    def forward(self, batch: _Batch) -> Tensor:
        embedded = self.embedding[batch.rows].flatten(1)
        inputs = torch.cat([batch.features, batch.odds[:, None] / 3.0, embedded], dim=1)
        hidden = torch.tanh(inputs @ self.w1.T + self.b1)
        result: Tensor = self.slope * batch.odds + self.offset + hidden @ self.w2
        return result


class TorchRuntime:
    """ModelRuntime on torch."""

    def __init__(self, device: str = "auto") -> None:
        """Choose the device once; "auto" selects CUDA if available."""
        self._device = describe_device(device)

    def device(self) -> Device:
        """Return the device that models run on."""
        return self._device

    def train(self, dataset: Dataset, config: TrainingConfig) -> TrainedModel:
        """Train a candidate on the training pool and calibrate it on the calibration pool.

        Raises TooFewExamples.
        """
        ensure_trainable(dataset)
        scaling = fit_scaling([example.features for example in dataset.train])
        batch, labels = self._tensors(dataset.train, scaling)
        network = _Network(len(scaling.names), config).to(self._device.kind)
        metrics = _fit(network, batch, labels, _validation_mask(dataset.train).to(self._device.kind), config)
        temperature, shift = 1.0, 0.0
        if len(dataset.calibrate) >= CALIBRATED_FROM:
            temperature, shift = _calibrate(network, *self._tensors(dataset.calibrate, scaling))
        weights = _export_model(network, scaling, temperature, shift).to_bytes()
        metrics |= {"temperature": temperature, "shift": shift, "features": float(len(scaling.names))}
        return TrainedModel(weights, sha256(weights).hexdigest(), self._device.kind, metrics)

    def predict(self, weights: bytes, cases: Sequence[FieldCase]) -> list[float]:
        """Return P(right) for each case in one batch; raises UnknownWeights."""
        if not cases:
            return []
        model = ConfidenceModel.from_bytes(weights)
        network = _load_network(model).to(self._device.kind)
        with torch.no_grad():
            batch = self._batch(cases, model.scaling, len(model.embedding))
            odds = network(batch) / model.temperature + model.shift
        probabilities: list[float] = torch.sigmoid(odds).tolist()
        return probabilities

    def _tensors(self, examples: Sequence[LabelledExample], scaling: Scaling) -> tuple[_Batch, Tensor]:
        labels = [float(example.right) for example in examples]
        return self._batch([example.case for example in examples], scaling), self._tensor(labels)

    def _batch(self, cases: Sequence[FieldCase], scaling: Scaling, buckets: int = BUCKETS) -> _Batch:
        features = self._tensor([scaling.vector(case.features) for case in cases])
        rows = torch.tensor([rows_of(case, buckets) for case in cases], device=self._device.kind)
        return _Batch(features, self._tensor([logit(case.confidence) for case in cases]), rows)

    def _tensor(self, values: Sequence[float] | Sequence[Sequence[float]]) -> Tensor:
        return torch.tensor(values, dtype=torch.float64, device=self._device.kind)


def _normal(shape: tuple[int, ...], deviation: float, generator: torch.Generator) -> Tensor:
    return torch.randn(shape, generator=generator, dtype=torch.float64) * deviation


def _validation_mask(examples: Sequence[LabelledExample]) -> Tensor:
    """Select one family in five, by a hash, as the validation set for early stopping."""
    digests = (blake2b(example.family.encode(), digest_size=1, person=b"stop").digest()[0] for example in examples)
    return torch.tensor([digest % 5 == 0 for digest in digests])


def _fit(
    network: _Network, batch: _Batch, labels: Tensor, held_back: Tensor, config: TrainingConfig
) -> dict[str, float]:
    """Train until the validation loss stops improving; restore the best weights, including the initial ones."""
    loss = nn.BCEWithLogitsLoss()
    watch = held_back if bool(held_back.any()) and not bool(held_back.all()) else torch.ones_like(held_back)
    learn = ~watch if bool((~watch).any()) else watch
    seen, watched = batch.part(learn), batch.part(watch)
    optimiser = torch.optim.AdamW(network.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay)
    best, best_epoch, kept = float("inf"), 0, network.state_dict()
    for epoch in range(config.epochs):
        with torch.no_grad():
            current = float(loss(network(watched), labels[watch]))
        if current < best:
            best, best_epoch = current, epoch
            kept = {name: value.clone() for name, value in network.state_dict().items()}
        elif epoch - best_epoch > config.patience:
            break
        optimiser.zero_grad()
        loss(network(seen), labels[learn]).backward()
        optimiser.step()
    network.load_state_dict(kept)
    return {"held_back_log_loss": best, "epochs": float(best_epoch)}


def _calibrate(network: _Network, batch: _Batch, labels: Tensor) -> tuple[float, float]:
    """Fit temperature and shift on the calibration pool (Platt scaling, with a slope between 1/4 and 4)."""
    with torch.no_grad():
        odds = network(batch)
    slope = torch.ones((), dtype=torch.float64, device=odds.device, requires_grad=True)
    shift = torch.zeros((), dtype=torch.float64, device=odds.device, requires_grad=True)
    optimiser = torch.optim.LBFGS([slope, shift], max_iter=60, line_search_fn="strong_wolfe")
    loss = nn.BCEWithLogitsLoss()

    def closure() -> float:
        optimiser.zero_grad()
        value = loss(odds * slope + shift, labels) + 0.5 * (shift**2 + (slope - 1) ** 2) / len(labels)
        value.backward()
        return float(value.detach())

    optimiser.step(closure)  # type: ignore[no-untyped-call]
    return 1.0 / min(4.0, max(0.25, float(slope.detach()))), float(shift.detach())


def _export_model(network: _Network, scaling: Scaling, temperature: float, shift: float) -> ConfidenceModel:
    arrays = {name: value.detach().cpu().tolist() for name, value in network.named_parameters()}
    return ConfidenceModel(
        scaling=scaling,
        slope=float(network.slope.detach()),
        offset=float(network.offset.detach()),
        embedding=tuple(map(tuple, arrays["embedding"])),
        w1=tuple(map(tuple, arrays["w1"])),
        b1=tuple(arrays["b1"]),
        w2=tuple(arrays["w2"]),
        temperature=temperature,
        shift=shift,
    )


def _load_network(model: ConfidenceModel) -> _Network:
    config = TrainingConfig(hidden=len(model.b1), width=len(model.embedding[0]))
    network = _Network(len(model.scaling.names), config)
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            parameter.data = torch.tensor(getattr(model, name), dtype=torch.float64)
    return network
