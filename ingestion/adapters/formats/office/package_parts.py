"""Parts of an Office Open XML package (ECMA-376 part 2): found by their type, and replaced."""

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from lxml import etree

_TYPES = "[Content_Types].xml"
_BYTES_TO = 4 * 2**20


def parts_of_type(archive: ZipFile, kind: str) -> list[str]:
    """Return the names of a package's parts of a type, such as "styles" or "worksheet", in the archive's order.

    Raises KeyError, ValueError or lxml's errors for a damaged package.
    """
    if archive.getinfo(_TYPES).file_size > _BYTES_TO:
        message = "The list of types is too long."
        raise ValueError(message)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(archive.read(_TYPES), parser)
    named = {
        each.get("PartName", "").lstrip("/").lower()
        for each in root.iter("{*}Override")
        if each.get("ContentType", "").endswith((f"spreadsheetml.{kind}+xml", f"ms-excel.{kind}+xml"))
    }
    return [name for name in archive.namelist() if name.lower() in named]


def repack(archive: ZipFile, changed: Mapping[str, bytes]) -> bytes:
    """Return the archive with other bytes for the `changed` members, and all other members as they are."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=1) as made:
        for info in archive.infolist():
            made.writestr(info.filename, changed.get(info.filename) or archive.read(info))
    return out.getvalue()
