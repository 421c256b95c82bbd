"""Argument of openers, and the types of openers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ingestion.adapters.formats.containers.contained_file import ContainerItem
from ingestion.adapters.formats.page_source import PageSource
from ingestion.domain.formats.containers import ContainerLimits


@dataclass(frozen=True, slots=True)
class FileToOpen:
    """File and the type that its bytes proved; `generated` if it was rendered here from another file.

    `depth` counts the containers around its content, itself included: 1 for one that was uploaded.
    """

    path: Path
    media_type: str
    password: str | None = field(default=None, repr=False)
    generated: bool = False
    depth: int = 1
    limits: ContainerLimits = field(default_factory=ContainerLimits)


PageOpener = Callable[[FileToOpen], PageSource]
ContainerOpener = Callable[[FileToOpen], Iterator[ContainerItem]]
