"""The confidences of the model in charge: the tenant's champion, before the first one the reader's estimate."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from typing import Final

from django.core.files.storage import default_storage

from ingestion.domain.schemas.fields import ExtractedField
from quality.domain.confidence import ConfidenceModel, UnknownWeights
from quality.domain.training import FieldCase
from quality.models import ModelVersion
from refinery.core.types import TenantId

FIELD_CONFIDENCE: Final = "field-confidence"
PRIOR: Final = "prior"
READER_CONFIDENCE: Final = "reader_confidence"
"""The feature that keeps the reader's own estimate: a model learns from it, never from another model's word."""


@dataclass(frozen=True, slots=True)
class Champion:
    """The model in charge; `model` is None for the reader's own estimate."""

    version: str
    model: ConfidenceModel | None = None


def champion_of(tenant_id: TenantId) -> Champion:
    """Find the tenant's champion; raises UnknownWeights when its stored weights are not what was promoted."""
    row = champion_row(tenant_id)
    return Champion(str(row), _load(row.blob_key, row.sha256)) if row else Champion(PRIOR)


def champion_row(tenant_id: TenantId) -> ModelVersion | None:
    """Find the row of the model in charge."""
    return ModelVersion.objects.filter(tenant_id=tenant_id, name=FIELD_CONFIDENCE, state="champion").first()


def read_weights(blob_key: str, expected: str) -> bytes:
    """Read weights and check them against their hash; raises UnknownWeights."""
    with default_storage.open(blob_key, "rb") as stored:
        weights: bytes = stored.read()
    if sha256(weights).hexdigest() != expected:
        message = "the weights are not those that were stored"
        raise UnknownWeights(message)
    return weights


@lru_cache(maxsize=64)
def _load(blob_key: str, expected: str) -> ConfidenceModel:
    return ConfidenceModel.from_bytes(read_weights(blob_key, expected))


def with_confidence(
    fields: Sequence[ExtractedField], schema_key: str, champion: Champion
) -> tuple[ExtractedField, ...]:
    """Give the fields with the champion's confidences; the reader's own stays among the features."""
    return tuple(_judged(found, schema_key, champion) for found in fields)


def _judged(found: ExtractedField, schema_key: str, champion: Champion) -> ExtractedField:
    features = {**found.features, READER_CONFIDENCE: found.confidence}
    if champion.model is None:
        return replace(found, features=features)
    case = FieldCase(schema_key, found.name, found.confidence, found.features)
    return replace(found, features=features, confidence=round(champion.model.probability(case), 4))
