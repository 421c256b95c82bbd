"""Values that other apps exchange with ingestion."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from refinery.core.types import BoundingBox, TenantId

FIRST_RUN: Final = 1


@dataclass(frozen=True, slots=True)
class RunRef:
    """One run of one document: the only input of its workflow in Temporal."""

    tenant_id: TenantId
    document_id: UUID
    run: int

    @property
    def workflow_id(self) -> str:
        """Return the business key of the run's workflow."""
        return f"doc/{self.document_id}/{self.run}"


@dataclass(frozen=True, slots=True)
class IngestOptions:
    """Options of an upload; an empty `schema` means that Refinery classifies the file."""

    schema: str = ""
    external_id: str = ""
    metadata: dict[str, Any] = field(default_factory=dict)
    batch_id: UUID | None = None
    priority: int = 0
    supersedes_id: UUID | None = None
    webhook_url: str = ""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """Facts of a file that the intake rules need: its first and last bytes, size in bytes and SHA-256."""

    head: bytes
    size: int
    sha256: str
    tail: bytes = b""


@dataclass(frozen=True, slots=True)
class AdmittedUpload:
    """Result of an upload: `duplicate_of` if the same bytes were stored before, `batch_id` for archives."""

    document_id: UUID
    status: str
    duplicate_of: UUID | None = None
    batch_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class RegionRequest:
    """Region of a page to read again; an empty `engine` combines the usual ones."""

    document_id: UUID
    page: int
    bbox: BoundingBox
    engine: str = ""


@dataclass(frozen=True, slots=True)
class RegionSource:
    """Source of a region reading: the original, and the page image for originals that cannot be opened.

    `rotation` counts the quarter turns by which a person has rotated the page; its image is already rotated.
    `quarter_turns` counts the turns that the page, as shown, still needs for its words to be upright.
    """

    blob_key: str
    media_type: str
    page: int
    bbox: BoundingBox
    engines: tuple[str, ...]
    image_key: str
    image_type: str
    rotation: int = 0
    quarter_turns: int = 0


@dataclass(frozen=True, slots=True)
class ReprocessingOptions:
    """Options of reprocessing: a mode, and engines that replace the usual ones."""

    mode: str = "standard"
    engines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BulkReprocessingResult:
    """Result of a bulk request: reprocessing runs by document, refusals by document, and the number of
    documents left.
    """

    started: dict[UUID, UUID]
    refused: dict[UUID, str]
    remaining: int = 0


@dataclass(frozen=True, slots=True)
class BulkChoiceResult:
    """Result of a bulk choice: reprocessing runs applied or dropped, refused, and the number left."""

    done: tuple[UUID, ...]
    refused: dict[UUID, str] = field(default_factory=dict)
    remaining: int = 0


@dataclass(frozen=True, slots=True)
class ReprocessingRef:
    """Reprocessing run, by tenant and id."""

    tenant_id: TenantId
    reprocessing_id: UUID


@dataclass(frozen=True, slots=True)
class ReprocessingSource:
    """Source of a reprocessing run: `base_run` is the run to compare with; the pages are written to the next run."""

    reprocessing_id: UUID
    tenant_id: TenantId
    document_id: UUID
    base_run: int
    fence: int
    blob_key: str
    media_type: str
    options: ReprocessingOptions
    pages: int
    pages_done: int
    rotations: Mapping[int, int] = field(default_factory=dict)
