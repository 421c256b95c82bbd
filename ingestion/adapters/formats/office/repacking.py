"""Repacking of an office file with changed members."""

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile


def repack(archive: ZipFile, changed: Mapping[str, bytes]) -> bytes:
    """Return the archive with other bytes for the `changed` members, and all other members as they are."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=1) as made:
        for info in archive.infolist():
            made.writestr(info.filename, changed.get(info.filename) or archive.read(info))
    return out.getvalue()
