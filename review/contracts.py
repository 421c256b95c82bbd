"""Values that other apps exchange with review."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from review.domain.lifecycle import ReviewVerdict


@dataclass(frozen=True, slots=True)
class OpenedTask:
    """Opened task as Temporal needs it: its id and its due time."""

    task_id: UUID
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Lease:
    """Lease of a task: every write needs its token; it ends at `expires_at` without a heartbeat."""

    token: UUID
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ClaimedTask:
    """Task as returned by `claim_next` and `claim_task`."""

    task_id: UUID
    document_id: UUID
    lease: Lease


@dataclass(frozen=True, slots=True)
class FieldEdit:
    """Edit of one field by a reviewer; the unchanged value confirms the field."""

    field: str
    value: str
    page: int | None = None
    bbox: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """Verdict with its field edits; `confirm_values` refuses an approval of doubtful values that has no reason."""

    verdict: ReviewVerdict
    reason: str = ""
    edits: tuple[FieldEdit, ...] = ()
    confirm_values: bool = False


@dataclass(frozen=True, slots=True)
class SubmissionResult:
    """Resulting status of the document, and the time until which the decision can be undone."""

    document_id: UUID
    document_status: str
    undo_until: datetime
    examples: int = 0
    changed: tuple[str, ...] = field(default=())
