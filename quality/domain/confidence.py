"""The field-confidence model for inference: P(this field's value is right), in plain Python.

It corrects the confidence of a reader: logit = slope x logit(confidence) + offset + a small network over named
features and over embeddings of schema and field. It is trained on torch (quality.adapters.torch_confidence), stored
as JSON, and evaluated here in about ten microseconds, so that only the trainer loads torch.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, tanh
from operator import mul
from typing import Any

from quality.domain.features import Scaling, bucket, logit
from quality.domain.training import FieldCase

FORMAT = "refinery.field-confidence/1"

Matrix = tuple[tuple[float, ...], ...]
Vector = tuple[float, ...]


class UnknownWeights(ValueError):
    """The bytes are not a field-confidence model of this format."""


@dataclass(frozen=True, slots=True)
class ConfidenceModel:
    """A trained model. Shapes: `embedding` buckets x width; `w1` hidden x inputs; `b1`, `w2` hidden."""

    scaling: Scaling
    slope: float
    offset: float
    embedding: Matrix
    w1: Matrix
    b1: Vector
    w2: Vector
    temperature: float = 1.0
    shift: float = 0.0

    def probability(self, case: FieldCase) -> float:
        """Return P(the value is right), 0..1."""
        return sigmoid(self.log_odds(case) / self.temperature + self.shift)

    def log_odds(self, case: FieldCase) -> float:
        """Return the log odds before calibration."""
        inputs = self.inputs(case)
        hidden = (tanh(sum(map(mul, row, inputs)) + bias) for row, bias in zip(self.w1, self.b1, strict=True))
        correction = sum(weight * value for weight, value in zip(self.w2, hidden, strict=True))
        return self.slope * logit(case.confidence) + self.offset + correction

    def inputs(self, case: FieldCase) -> list[float]:
        """Return the network's inputs: scaled features, confidence, embeddings of the schema and of its field."""
        schema_row, field_row = rows_of(case, len(self.embedding))
        return [
            *self.scaling.vector(case.features),
            logit(case.confidence) / 3.0,
            *self.embedding[schema_row],
            *self.embedding[field_row],
        ]

    def to_bytes(self) -> bytes:
        """Serialise the model as JSON, which contains no code."""
        content = {
            "format": FORMAT,
            "names": self.scaling.names,
            "means": self.scaling.means,
            "scales": self.scaling.scales,
            "slope": self.slope,
            "offset": self.offset,
            "embedding": self.embedding,
            "w1": self.w1,
            "b1": self.b1,
            "w2": self.w2,
            "temperature": self.temperature,
            "shift": self.shift,
        }
        return json.dumps(content, separators=(",", ":")).encode("ascii")

    @classmethod
    def from_bytes(cls, weights: bytes) -> "ConfidenceModel":
        """Deserialise a model; raises UnknownWeights for other formats and for shapes that do not match."""
        try:
            model = cls._from_json(json.loads(weights))
            model.probability(FieldCase("", "", 0.5, {}))
        except (ValueError, TypeError, KeyError, ZeroDivisionError) as error:
            raise UnknownWeights(str(error)[:80]) from error
        return model

    @classmethod
    def _from_json(cls, content: dict[str, Any]) -> "ConfidenceModel":
        if content["format"] != FORMAT:
            raise UnknownWeights(str(content["format"]))
        return cls(
            scaling=Scaling(tuple(content["names"]), _row(content["means"]), _row(content["scales"])),
            slope=float(content["slope"]),
            offset=float(content["offset"]),
            embedding=_rows(content["embedding"]),
            w1=_rows(content["w1"]),
            b1=_row(content["b1"]),
            w2=_row(content["w2"]),
            temperature=float(content["temperature"]),
            shift=float(content["shift"]),
        )


def rows_of(case: FieldCase, buckets: int) -> tuple[int, int]:
    """Return the embedding rows of a case: one for its schema, one for its field within the schema."""
    return bucket((case.schema,), buckets), bucket((case.schema, case.field), buckets)


def sigmoid(value: float) -> float:
    """Convert log odds to a probability without overflow."""
    if value >= 0:
        return 1.0 / (1.0 + exp(-value))
    grown = exp(value)
    return grown / (1.0 + grown)


def _row(values: Sequence[float]) -> Vector:
    return tuple(float(value) for value in values)


def _rows(values: Sequence[Sequence[float]]) -> Matrix:
    return tuple(_row(row) for row in values)
