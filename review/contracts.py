"""Values that cross review's border."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from refinery.core.types import TenantId
from review.domain.lifecycle import Verdict


@dataclass(frozen=True, slots=True)
class OpenedTask:
    """A task as the engine needs it: which, and until when."""

    task_id: UUID
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Lease:
    """A claim on a task: the token is needed for every write, and lives until `expires_at` without a heartbeat."""

    token: UUID
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ClaimedTask:
    """What `next` and `claim` hand out."""

    task_id: UUID
    document_id: UUID
    lease: Lease


@dataclass(frozen=True, slots=True)
class FieldEdit:
    """A reviewer's word on one field: the same value as before confirms it."""

    field: str
    value: str
    page: int | None = None
    bbox: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """A decision with its edits."""

    verdict: Verdict
    reason: str = ""
    edits: tuple[FieldEdit, ...] = ()


@dataclass(frozen=True, slots=True)
class Submitted:
    """What a decision made of the document, and until when it can be undone."""

    document_id: UUID
    document_status: str
    undo_until: datetime
    examples: int = 0
    changed: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Means:
    """What a document is read again with: a mode, and the engines where it shall not be the usual ones."""

    mode: str = "standard"
    engines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AskedMany:
    """What became of asking for many documents: candidates by document, refusals by document, documents left."""

    asked: dict[UUID, UUID]
    refused: dict[UUID, str]
    left: int = 0


@dataclass(frozen=True, slots=True)
class ChosenMany:
    """What became of choosing between readings of many documents: taken or dropped, refused, and left."""

    done: tuple[UUID, ...]
    refused: dict[UUID, str] = field(default_factory=dict)
    left: int = 0


@dataclass(frozen=True, slots=True)
class CandidateRef:
    """A candidate, by its tenant and its id."""

    tenant_id: TenantId
    rereading_id: UUID


@dataclass(frozen=True, slots=True)
class CandidateSource:
    """What a worker reads a candidate from: `base_run` is what stands, it writes the run after it."""

    rereading_id: UUID
    tenant_id: TenantId
    document_id: UUID
    base_run: int
    fence: int
    blob_key: str
    media_type: str
    means: Means
    pages: int
    pages_done: int
    turns: Mapping[int, int] = field(default_factory=dict)
