"""Opening of any file as pages, or as a container, by the type that its bytes proved."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from ingestion.adapters.formats import openers
from ingestion.adapters.formats.containers.contained_file import ContainerItem
from ingestion.adapters.formats.file_to_open import ContainerOpener, FileToOpen, PageOpener
from ingestion.adapters.formats.page_source import PageSource
from ingestion.domain.errors import CorruptFile, EmptyFile, UnsupportedFile
from ingestion.domain.formats.containers import ContainerLimits
from ingestion.domain.formats.intake import sniff_media_type
from ingestion.domain.formats.registry import BY_MEDIA_TYPE
from ingestion.domain.formats.signatures import unread_type_name

_HEAD = 4096
OPENER_MODULES = [import_module(f"{openers.__name__}.{found.name}") for found in iter_modules(openers.__path__)]
PAGE_OPENERS: dict[str, PageOpener] = {
    media_type: opener
    for module in OPENER_MODULES
    for media_type, opener in getattr(module, "PAGE_OPENERS", {}).items()
}
CONTAINER_OPENERS: dict[str, ContainerOpener] = {
    media_type: opener
    for module in OPENER_MODULES
    for media_type, opener in getattr(module, "CONTAINER_OPENERS", {}).items()
}


def open_source(path: Path, media_type: str, password: str | None = None, *, generated: bool = False) -> PageSource:
    """Open a file as pages; `generated` if it was rendered here from another file.

    The first bytes are checked again: only PDF files reach MuPDF, which would open HTML, fonts and archives
    as well. Raises ReadingError subclasses.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head:
        raise EmptyFile("The file is empty.")
    if _needs_proof(media_type, head) and sniff_media_type(head) != media_type:
        raise CorruptFile("The file is not what it says it is.")
    opener = PAGE_OPENERS.get(media_type)
    if opener:
        return opener(FileToOpen(path, media_type, password, generated))
    other = unread_type_name(head)
    if other:
        raise UnsupportedFile(f"This is {other}, which is not supported.")
    raise UnsupportedFile("The type of this file cannot be detected.")


def open_container(
    path: Path, media_type: str, depth: int, limits: ContainerLimits, password: str | None = None
) -> Iterator[ContainerItem]:
    """Return the items in a container, in the order of its parts; raises ReadingError subclasses.

    `depth` counts the containers around its content, itself included: 1 for one that was uploaded.
    """
    opener = CONTAINER_OPENERS.get(media_type)
    if opener is None:
        raise UnsupportedFile(f"{media_type} is not a container.")
    return opener(FileToOpen(path, media_type, password, depth=depth, limits=limits))


def _needs_proof(media_type: str, head: bytes) -> bool:
    """Return whether the first bytes prove files of this type: always, or in the form that this file has."""
    found = BY_MEDIA_TYPE.get(media_type)
    return found is not None and found.proves is not None and (found.detects is None or found.proves(head))
