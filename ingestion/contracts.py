"""Values that cross ingestion's border."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from refinery.core.types import BoundingBox, TenantId


@dataclass(frozen=True, slots=True)
class RunRef:
    """One run of one document: all that travels to the engine."""

    tenant_id: TenantId
    document_id: UUID
    run: int

    @property
    def workflow_id(self) -> str:
        """The business key of the run's workflow."""
        return f"doc/{self.document_id}/{self.run}"


@dataclass(frozen=True, slots=True)
class IngestOptions:
    """What an uploader may say of a file; `schema` empty means that Refinery classifies it."""

    schema: str = ""
    external_id: str = ""
    metadata: dict[str, Any] = field(default_factory=dict)
    batch_id: UUID | None = None
    priority: int = 0
    supersedes_id: UUID | None = None
    webhook_url: str = ""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What the rules see of a file: its first and last bytes, its size in bytes and its SHA-256."""

    head: bytes
    size: int
    sha256: str
    tail: bytes = b""


@dataclass(frozen=True, slots=True)
class AdmittedUpload:
    """What became of an upload: `duplicate_of` when the same bytes were there before, `batch_id` for archives."""

    document_id: UUID
    status: str
    duplicate_of: UUID | None = None
    batch_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class RegionRequest:
    """A part of a page that shall be read again; `engine` empty means the usual ones together."""

    document_id: UUID
    page: int
    bbox: BoundingBox
    engine: str = ""


@dataclass(frozen=True, slots=True)
class RegionSource:
    """What a worker reads a region from: the original, and the page's picture where the original stays shut.

    `turn` are the quarters by which a person has turned the page: its picture is turned already. `lie` are those
    by which the page, as it is shown, has to be turned for its words to stand upright.
    """

    blob_key: str
    media_type: str
    page: int
    bbox: BoundingBox
    engines: tuple[str, ...]
    image_key: str
    image_type: str
    turn: int = 0
    lie: int = 0
