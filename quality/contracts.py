"""The values that other apps hand to quality: labels by humans travel down, never rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from refinery.types import TenantId, UserId


class LabelKind(StrEnum):
    """What a human made of the model's value."""

    CONFIRMED = "confirmed"
    CORRECTED = "corrected"


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
