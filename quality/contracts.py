"""Values that other apps pass to quality: labels from people, as values instead of database rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from quality.domain.training import LabelKind
from refinery.core.types import TenantId, UserId

__all__ = ["ExpertLabel", "LabelKind", "ReviewLabels"]


@dataclass(frozen=True, slots=True)
class ExpertLabel:
    """Label of one field: `value` is the correct value as printed, empty when the field is absent."""

    field: str
    kind: LabelKind
    value: str


@dataclass(frozen=True, slots=True)
class ReviewLabels:
    """All labels of one submit, with its document, run, reviewer, role and task."""

    tenant_id: TenantId
    document_id: UUID
    run: int
    labels: Sequence[ExpertLabel]
    reviewer_id: UserId
    reviewer_role: str
    task_id: UUID | None = None
