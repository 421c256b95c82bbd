"""One hostile file, and how its reading may end."""

from collections.abc import Callable
from dataclasses import dataclass

from ingestion.domain import errors

PAGES = "pages"
FILES = "files"  # what a container ends in
TYPED = frozenset(
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
DAMAGED = frozenset({PAGES, "corrupt", "empty"})
"""What may become of broken bytes that a parser repairs or does not."""
ANYHOW = TYPED | {PAGES, FILES}


@dataclass(frozen=True, slots=True)
class Specimen:
    """A file by its maker, so that listing costs nothing; `filename` is what its sender calls it.

    `ends` names the ways in which its reading may end: `pages`, `files`, or the code of a typed error. `slow`
    ones take longer to make or to read than a test run may wait for; `first` ones are read by every test run.
    """

    case: str
    name: str
    filename: str
    make: Callable[[], bytes]
    ends: frozenset[str]
    slow: bool = False
    first: bool = False

    def __str__(self) -> str:
        """Name it."""
        return f"{self.case}-{self.name}"


def one_of(*ends: str) -> frozenset[str]:
    """Give the ways in which a reading may end."""
    return frozenset(ends)
