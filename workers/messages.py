"""Messages between workflows and activities: ids, codes and numbers; new fields need defaults."""

from dataclasses import dataclass
from typing import Final

STALE: Final = "stale"
POISON: Final = "poison"
INFRASTRUCTURE: Final = "infrastructure"
UNEXPECTED: Final = "unexpected"
TOO_FEW_EXAMPLES: Final = "too_few_examples"
ARCHIVE: Final = "archive"
MAIL: Final = "mail"
SPLIT: Final = "SPLIT"
PASSWORD_ERRORS: Final = frozenset({"needs_password", "wrong_password"})
QUARANTINE_ERRORS: Final = frozenset({"resource_limit", POISON})


@dataclass(frozen=True, slots=True)
class DocumentInput:
    """One run of one document."""

    tenant: str
    document: str
    run: int


@dataclass(frozen=True, slots=True)
class BeginResult:
    """Result of `begin`: `scan` requests the virus scanner first, `container_kind` marks a file with files inside.

    `container_kind` is `archive` if the file has no pages itself, `mail` if it also has pages to read.
    `pages_ready` means that the pages exist already, as in a child document of a split file.
    """

    status: str
    scan: bool = False
    container_kind: str = ""
    pages_ready: bool = False


@dataclass(frozen=True, slots=True)
class ScanOutcome:
    """Verdict of the scanner; `signature` is empty when nothing was found."""

    signature: str = ""


@dataclass(frozen=True, slots=True)
class OriginalInput:
    """Original file of a run; `sealed` is a password encrypted with our own key, empty for none."""

    document_input: DocumentInput
    sealed: str = ""


@dataclass(frozen=True, slots=True)
class ReadPagesResult:
    """Page count, failed page count and attachment count of a file.

    `needs_third_engine` requests a third engine for doubted lines.
    """

    pages: int
    failed: int = 0
    attachments: int = 0
    needs_third_engine: bool = False


@dataclass(frozen=True, slots=True)
class ThirdEngineResult:
    """Number of lines that a third engine read, and of words that it changed."""

    lines: int = 0
    changed: int = 0


@dataclass(frozen=True, slots=True)
class DocumentFailure:
    """End of a run without a result; `code` is a typed failure of the API."""

    document_input: DocumentInput
    code: str
    detail: str = ""
    quarantine: bool = False


@dataclass(frozen=True, slots=True)
class PasswordWaitInput:
    """Request for a password; `wrong` means that one was tried."""

    document_input: DocumentInput
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class AssessResult:
    """Route of the document, and its status."""

    decision: str
    status: str


@dataclass(frozen=True, slots=True)
class HumanWaitState:
    """State that the workflow waits in: `next_step` (remind, escalate or empty) is due in `wait_seconds`.

    `done` means that the document is decided and the decision is final. Without `wait_seconds` only a signal ends
    the wait.
    """

    status: str
    done: bool = False
    task_id: str = ""
    next_step: str = ""
    wait_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class ReminderInput:
    """Task that is nearly due or overdue."""

    document_input: DocumentInput
    task_id: str
    step: str


@dataclass(frozen=True, slots=True)
class WebhookInput:
    """One delivery of one event."""

    tenant: str
    delivery: str


@dataclass(frozen=True, slots=True)
class WebhookAttempt:
    """Result of one delivery attempt."""

    delivered: bool
    final: bool = False


@dataclass(frozen=True, slots=True)
class TrainingInput:
    """One training run of a tenant."""

    tenant: str
    training: str


@dataclass(frozen=True, slots=True)
class TrainResult:
    """Result of a training run."""

    status: str
    model: str = ""


@dataclass(frozen=True, slots=True)
class TrainingFailure:
    """Reason why a training run could not complete."""

    training_input: TrainingInput
    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ExportInput:
    """One export of one document."""

    tenant: str
    artefact: str


@dataclass(frozen=True, slots=True)
class ExportFailure:
    """Reason why an export could not be made."""

    export_input: ExportInput
    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class RegionInput:
    """One region of a page that a caller waits for."""

    tenant: str
    region: str


@dataclass(frozen=True, slots=True)
class RegionFailure:
    """Reason why a region could not be read."""

    region_input: RegionInput
    code: str


EVERY_LINE = "every"  # value of `third_engine`: every line, not only the doubted ones


@dataclass(frozen=True, slots=True)
class ReprocessingInput:
    """One reprocessing run of a document.

    `third_engine` is "" for no third engine, `doubted` for doubted lines, or `every` for a complete reading with it.
    `sealed` is a password encrypted with our own key, empty for none.
    """

    tenant: str
    reprocessing: str
    third_engine: str = ""
    sealed: str = ""


@dataclass(frozen=True, slots=True)
class ReprocessingFailure:
    """Reason why the document could not be reprocessed."""

    reprocessing_input: ReprocessingInput
    code: str
