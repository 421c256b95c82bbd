"""Confidences of the tenant's champion; without a champion, the reader's own estimate."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from typing import Final

from django.db.models import QuerySet

from ingestion.blobs import open_blob
from ingestion.domain.errors import DamagedFile
from ingestion.domain.schemas.fields import ExtractedField
from quality.domain.confidence import ConfidenceModel, UnknownWeights
from quality.domain.training import FieldCase
from quality.models import ModelVersion
from refinery.core.tenancy.compiled_queries import compiled_query
from refinery.core.types import TenantId

FIELD_CONFIDENCE: Final = "field-confidence"
PRIOR: Final = "prior"
ALTERED_WEIGHTS: Final = "the weights differ from those that were stored"
READER_CONFIDENCE: Final = "reader_confidence"
"""Feature with the reader's own estimate, so that a model never learns from another model's output."""


@dataclass(frozen=True, slots=True)
class Champion:
    """Champion, an ingestion.domain.ports.FieldConfidenceModel; `model` None keeps the reader's estimate."""

    version: str
    model: ConfidenceModel | None = None

    def with_confidence(self, fields: Sequence[ExtractedField], schema_key: str) -> tuple[ExtractedField, ...]:
        """Return the fields with the champion's confidences; the reader's estimate stays among the features."""
        return tuple(self._with_confidence(found, schema_key) for found in fields)

    def _with_confidence(self, found: ExtractedField, schema_key: str) -> ExtractedField:
        features = {**found.features, READER_CONFIDENCE: found.confidence}
        if self.model is None:
            return replace(found, features=features)
        case = FieldCase(schema_key, found.name, found.confidence, found.features)
        return replace(found, features=features, confidence=round(self.model.probability(case), 4))


def load_champion(tenant_id: TenantId) -> Champion:
    """Load the tenant's champion; raises UnknownWeights when its stored weights are not the promoted ones."""
    row = champion_row(tenant_id)
    return Champion(str(row), _load(row.blob_key, row.sha256)) if row else Champion(PRIOR)


def champion_row(tenant_id: TenantId) -> ModelVersion | None:
    """Return the champion's row."""
    return _champions.first(tenant_id)


@compiled_query
def _champions(tenant_id: TenantId) -> "QuerySet[ModelVersion]":
    return ModelVersion.objects.filter(tenant_id=tenant_id, name=FIELD_CONFIDENCE, state="champion").order_by("id")[:1]


def read_weights(blob_key: str, expected: str) -> bytes:
    """Read weights and verify their hash; raises UnknownWeights."""
    try:
        with open_blob(blob_key) as stored:
            weights: bytes = stored.read()
    except DamagedFile as reason:
        raise UnknownWeights(ALTERED_WEIGHTS) from reason
    if sha256(weights).hexdigest() != expected:
        raise UnknownWeights(ALTERED_WEIGHTS)
    return weights


@lru_cache(maxsize=64)
def _load(blob_key: str, expected: str) -> ConfidenceModel:
    return ConfidenceModel.from_bytes(read_weights(blob_key, expected))
