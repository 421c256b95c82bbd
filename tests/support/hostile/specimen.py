"""A hostile file with its allowed outcomes."""

from collections.abc import Callable
from dataclasses import dataclass

from ingestion.domain import errors

PAGES = "pages"
FILES = "files"  # the outcome of a container
TYPED_ERRORS = frozenset(
    kind.code
    for kind in (
        errors.CorruptFile,
        errors.EmptyFile,
        errors.UnsupportedFile,
        errors.TooLarge,
        errors.PolicyViolation,
        errors.NeedsPassword,
        errors.ResourceLimit,
    )
)
DAMAGED_FILE_ENDS = frozenset({PAGES, "corrupt", "empty"})
"""Allowed outcomes of damaged bytes that a parser may or may not repair."""
ANY_END = TYPED_ERRORS | {PAGES, FILES}


@dataclass(frozen=True, slots=True)
class Specimen:
    """Specimen: a file with a function that makes it, so that listing is cheap; `filename` is the sender's name.

    `ends` are the allowed outcomes: `pages`, `files`, or the code of a typed error. `slow` specimens take longer
    to make or read than a test run may take; `first` specimens are read in every test run.
    """

    case: str
    name: str
    filename: str
    make: Callable[[], bytes]
    ends: frozenset[str]
    slow: bool = False
    first: bool = False

    def __str__(self) -> str:
        """Return its name."""
        return f"{self.case}-{self.name}"


def allowed_ends(*ends: str) -> frozenset[str]:
    """Return the allowed outcomes as a set."""
    return frozenset(ends)
