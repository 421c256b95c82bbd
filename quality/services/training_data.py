"""Labels as the learner sees them: rows become values, each in its pool."""

from quality.domain.pools import Pool
from quality.domain.training import Dataset, LabelKind, TrainingExample, build_dataset
from quality.models import TrainingExample as Row
from quality.services.champion import READER_CONFIDENCE
from refinery.core.types import TenantId


def dataset_of(tenant_id: TenantId) -> Dataset:
    """Gather all of a tenant's labels."""
    rows = Row.objects.filter(tenant_id=tenant_id).order_by("id")
    return build_dataset(example_of(row) for row in rows.iterator(chunk_size=2000))


def example_of(row: Row) -> TrainingExample:
    """Read one label; what the reader itself claimed is what the next model starts from."""
    features = dict(row.features)
    claimed = features.pop(READER_CONFIDENCE, row.confidence)
    return TrainingExample(
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
