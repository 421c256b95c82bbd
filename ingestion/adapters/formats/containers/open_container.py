"""Open a container by the type that its bytes proved."""

from collections.abc import Iterator
from pathlib import Path

from ingestion.adapters.formats.containers.contained_file import Found
from ingestion.domain.errors import UnsupportedFile
from ingestion.domain.formats.containers import EML, MSG, ZIP, ContainerLimits
from ingestion.domain.formats.intake import PDF
from ingestion.domain.formats.tar import TAR, TGZ


def open_container(
    path: Path, media_type: str, depth: int, limits: ContainerLimits, password: str | None = None
) -> Iterator[Found]:
    """Give what is in a container, in the order of its parts; raises ReadingError subclasses.

    `depth` counts the containers around its content, itself included: 1 for one that was uploaded.
    """
    if media_type == ZIP:
        from ingestion.adapters.formats.containers.zip import open_zip

        return open_zip(path, depth, limits, password)
    if media_type in {TAR, TGZ}:
        from ingestion.adapters.formats.containers.tar import open_tar

        return open_tar(path, media_type, depth, limits)
    if media_type == EML:
        from ingestion.adapters.formats.containers.eml import read_eml
        from ingestion.adapters.formats.containers.mail import attachments

        return attachments(read_eml(path, depth, limits), limits)
    if media_type == MSG:
        from ingestion.adapters.formats.containers.mail import attachments
        from ingestion.adapters.formats.containers.outlook import read_msg

        return attachments(read_msg(path, depth, limits), limits)
    if media_type == PDF:
        from ingestion.adapters.formats.containers.pdf_portfolio import open_portfolio

        return open_portfolio(path, depth, limits, password)
    raise UnsupportedFile(f"{media_type} is no container.")
