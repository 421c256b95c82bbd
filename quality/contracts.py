"""The values that other apps hand to quality: labels by humans travel down, never rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from quality.domain.training import LabelKind
from refinery.core.types import TenantId, UserId

__all__ = ["ExpertLabel", "LabelKind", "Labelling"]


@dataclass(frozen=True, slots=True)
class ExpertLabel:
    """One field as a human left it: `value` is the right one as printed, empty when the field is not there."""

    field: str
    kind: LabelKind
    value: str


@dataclass(frozen=True, slots=True)
class Labelling:
    """All labels of one submit: which document and run, by whom, in which role, from which task."""

    tenant_id: TenantId
    document_id: UUID
    run: int
    labels: Sequence[ExpertLabel]
    reviewer_id: UserId
    reviewer_role: str
    task_id: UUID | None = None
