"""What travels between workflows and activities: ids, codes and numbers; new members get defaults."""

from dataclasses import dataclass
from typing import Final

STALE: Final = "stale"
POISON: Final = "poison"
INFRASTRUCTURE: Final = "infrastructure"
UNEXPECTED: Final = "unexpected"
TOO_FEW: Final = "too_few_examples"
ARCHIVE: Final = "archive"
MAIL: Final = "mail"
SPLIT: Final = "SPLIT"
PASSWORD: Final = frozenset({"needs_password", "wrong_password"})
QUARANTINE: Final = frozenset({"resource_limit", POISON})


@dataclass(frozen=True, slots=True)
class DocumentOrder:
    """One run of one document."""

    tenant: str
    document: str
    run: int


@dataclass(frozen=True, slots=True)
class Begun:
    """Where the document stands: `scan` asks for the virus scanner first, `box` says that it holds files.

    `box` is `archive` where these are all that there is to it, `mail` where pages are to be read as well. `ready`
    says that its pages are there already: it is a part of a file that was read.
    """

    status: str
    scan: bool = False
    box: str = ""
    ready: bool = False


@dataclass(frozen=True, slots=True)
class ScanAnswer:
    """The scanner's verdict: `signature` is empty when nothing was found."""

    signature: str = ""


@dataclass(frozen=True, slots=True)
class ReadOrder:
    """Read the run's original; `sealed` is a password under our own key, empty for none."""

    order: DocumentOrder
    sealed: str = ""


@dataclass(frozen=True, slots=True)
class PagesRead:
    """How many pages the file has, how many of them could not be read, and how many files were seen in it.

    `look_again` asks for a third engine on the lines that stay in doubt.
    """

    pages: int
    failed: int = 0
    attachments: int = 0
    look_again: bool = False


@dataclass(frozen=True, slots=True)
class LinesRead:
    """How many lines a third engine was shown, and how many words changed over it."""

    lines: int = 0
    changed: int = 0


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ends that nothing came out of: `code` is a typed failure of the API."""

    order: DocumentOrder
    code: str
    detail: str = ""
    quarantine: bool = False


@dataclass(frozen=True, slots=True)
class PasswordWait:
    """Ask people for a password; `wrong` says that one was tried."""

    order: DocumentOrder
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class Assessed:
    """The router's word and where the document went."""

    decision: str
    status: str


@dataclass(frozen=True, slots=True)
class Desk:
    """What the workflow waits for: `step` (remind, escalate or nothing) falls due in `wait_seconds`.

    `done` says that the document is decided and can no longer be undone; None waits for a signal alone.
    """

    status: str
    done: bool = False
    task: str = ""
    step: str = ""
    wait_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Reminder:
    """A task whose time runs out, or has."""

    order: DocumentOrder
    task: str
    step: str


@dataclass(frozen=True, slots=True)
class WebhookOrder:
    """One delivery of one event."""

    tenant: str
    delivery: str


@dataclass(frozen=True, slots=True)
class WebhookTry:
    """What became of one try."""

    delivered: bool
    final: bool = False


@dataclass(frozen=True, slots=True)
class TrainingOrder:
    """One training run of a tenant."""

    tenant: str
    training: str


@dataclass(frozen=True, slots=True)
class Trained:
    """What a training run came to."""

    status: str
    model: str = ""


@dataclass(frozen=True, slots=True)
class TrainingFailure:
    """Why a training run could not end well."""

    order: TrainingOrder
    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ExportOrder:
    """One export of one document."""

    tenant: str
    artefact: str


@dataclass(frozen=True, slots=True)
class ExportFailure:
    """Why an export could not be made."""

    order: ExportOrder
    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class RegionOrder:
    """One part of a page that someone waits for."""

    tenant: str
    region: str


@dataclass(frozen=True, slots=True)
class RegionFailure:
    """Why a region could not be read."""

    order: RegionOrder
    code: str


EVERY = "every"  # line of a candidate's pages is shown to a third engine


@dataclass(frozen=True, slots=True)
class CandidateOrder:
    """One document read again by other means.

    `third` says what a third engine is shown: "" nothing, `doubted` lines, or `every` one: its own reading.
    `sealed` is a password under our own key, empty for none.
    """

    tenant: str
    rereading: str
    third: str = ""
    sealed: str = ""


@dataclass(frozen=True, slots=True)
class CandidateFailure:
    """Why it could not be read."""

    order: CandidateOrder
    code: str
