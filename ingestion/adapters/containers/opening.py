"""Open a container by the type that its bytes proved."""

from collections.abc import Iterator
from pathlib import Path

from ingestion.adapters.containers.held import Found
from ingestion.domain.containers import EML, MSG, ZIP, ContainerLimits
from ingestion.domain.errors import UnsupportedFile
from ingestion.domain.intake import PDF
from ingestion.domain.tars import TAR, TGZ


def open_container(
    path: Path, media_type: str, depth: int, limits: ContainerLimits, password: str | None = None
) -> Iterator[Found]:
    """Give what is in a container, in the order of its parts; raises ReadingError subclasses.

    `depth` counts the containers around its content, itself included: 1 for one that was uploaded.
    """
    if media_type == ZIP:
        from ingestion.adapters.containers.zipped import open_zip

        return open_zip(path, depth, limits, password)
    if media_type in {TAR, TGZ}:
        from ingestion.adapters.containers.tarred import open_tar

        return open_tar(path, media_type, depth, limits)
    if media_type == EML:
        from ingestion.adapters.containers.eml import read_eml
        from ingestion.adapters.containers.letter import attachments

        return attachments(read_eml(path, depth, limits), limits)
    if media_type == MSG:
        from ingestion.adapters.containers.letter import attachments
        from ingestion.adapters.containers.outlook import read_msg

        return attachments(read_msg(path, depth, limits), limits)
    if media_type == PDF:
        from ingestion.adapters.containers.portfolio import open_portfolio

        return open_portfolio(path, depth, limits, password)
    raise UnsupportedFile(f"{media_type} is no container.")
