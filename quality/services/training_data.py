"""Conversion of stored labels to training data, each in its pool."""

from quality.domain.pools import Pool
from quality.domain.training import Dataset, LabelKind, LabelledExample, build_dataset
from quality.models import TrainingExample as Row
from quality.services.champion import READER_CONFIDENCE
from refinery.core.types import TenantId


def load_dataset(tenant_id: TenantId) -> Dataset:
    """Load all of a tenant's labels."""
    rows = Row.objects.filter(tenant_id=tenant_id).order_by("id")
    return build_dataset(to_labelled_example(row) for row in rows.iterator(chunk_size=2000))


def to_labelled_example(row: Row) -> LabelledExample:
    """Convert one label; its confidence is the reader's own estimate, the input of the next model."""
    features = dict(row.features)
    claimed = features.pop(READER_CONFIDENCE, row.confidence)
    return LabelledExample(
        id=str(row.id),
        kind=LabelKind(row.kind),
        document=str(row.document_id),
        schema=row.schema_key,
        field=row.field,
        model_prediction=row.model_prediction,
        expert_correction=row.expert_correction,
        confidence=claimed,
        features=features,
        model_version=row.model_version,
        reviewer_role=row.reviewer_role,
        pool=Pool(row.pool),
        family=row.family,
        created_at=row.created_at,
    )
