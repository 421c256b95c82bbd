"""Openers of archives."""

from collections.abc import Iterator

from ingestion.adapters.formats.containers.contained_file import ContainerItem
from ingestion.adapters.formats.file_to_open import ContainerOpener, FileToOpen
from ingestion.domain.formats.entries.archives import TAR, TGZ, ZIP


def _zip(file: FileToOpen) -> Iterator[ContainerItem]:
    from ingestion.adapters.formats.containers.zip import open_zip

    return open_zip(file.path, file.depth, file.limits, file.password)


def _tar(file: FileToOpen) -> Iterator[ContainerItem]:
    from ingestion.adapters.formats.containers.tar import open_tar

    return open_tar(file.path, file.media_type, file.depth, file.limits)


CONTAINER_OPENERS: dict[str, ContainerOpener] = {ZIP: _zip, TAR: _tar, TGZ: _tar}
