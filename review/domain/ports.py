"""What review needs from outside, as protocols."""

from typing import Protocol

from review.domain.exporting import ExportFacts


class ArtefactMaker(Protocol):
    """Makes one form of export. Raises ValueError when the facts do not fit the form."""

    def make(self, facts: ExportFacts) -> bytes:
        """Give the file's bytes."""
        ...
