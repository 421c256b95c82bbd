"""A mail as the page that its reader saw: its head, its text, its pictures, the names of what is attached."""

from pathlib import Path

from ingestion.adapters.containers.letter import letter_parts
from ingestion.adapters.written.typescript import Typescript
from ingestion.domain.containers import EML, ContainerLimits


def letter_page(path: Path, media_type: str) -> Typescript:
    """Lay out a mail; raises CorruptFile, TooLarge, PolicyViolation."""
    if media_type == EML:
        from ingestion.adapters.containers.eml import read_eml as read
    else:
        from ingestion.adapters.containers.outlook import read_msg as read
    return Typescript(letter_parts(read(path, 1, ContainerLimits())))
