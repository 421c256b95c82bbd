"""Registry of file formats: every entry of `entries`, discovered automatically, and the values derived from them."""

from importlib import import_module
from pathlib import PurePosixPath
from pkgutil import iter_modules

from ingestion.domain.formats import entries
from ingestion.domain.formats.file_format import FileFormat, FormatKind


def _entries() -> list[FileFormat]:
    modules = (import_module(f"{entries.__name__}.{found.name}") for found in iter_modules(entries.__path__))
    found = [file_format for module in modules for file_format in module.FORMATS]
    return sorted(found, key=lambda file_format: list(FormatKind).index(file_format.kind))


def _of(*kinds: FormatKind) -> frozenset[str]:
    return frozenset(file_format.media_type for file_format in FORMATS if file_format.kind in kinds)


FORMATS = tuple(_entries())
BY_PRECEDENCE = sorted(FORMATS, key=lambda file_format: file_format.precedence)
BY_MEDIA_TYPE = {file_format.media_type: file_format for file_format in FORMATS}
BY_SUFFIX = {suffix: file_format.media_type for file_format in FORMATS for suffix in file_format.suffixes}
_BY_DECLARED = {
    name: file_format.media_type for file_format in FORMATS for name in (file_format.media_type, *file_format.aliases)
}

OFFICE = _of(FormatKind.OFFICE)
"""Types whose pages are rendered by an office program."""
ZIPPED_OFFICE = frozenset(file_format.media_type for file_format in FORMATS if file_format.zip_package)
"""Office files and books that are ZIP packages."""
ARCHIVES = _of(FormatKind.ARCHIVE)
MAILS = _of(FormatKind.MAIL)

READABLE_SUFFIXES = tuple(BY_SUFFIX)
"""Suffixes of readable files, for a browser's file dialog; the bytes decide."""


def promised_type(filename: str, declared_type: str) -> str | None:
    """Return the type that a name indicates; the declared type if the name has no suffix."""
    suffix = PurePosixPath(filename).suffix
    return BY_SUFFIX.get(suffix) if suffix else _BY_DECLARED.get(declared_type)


def list_formats() -> str:
    """Return the names of all formats, by kind, as a text for people."""
    named = ((kind, [one.name for one in FORMATS if one.kind is kind]) for kind in FormatKind)
    *first, last = (kind if names == [kind] else f"{kind} ({', '.join(names)})" for kind, names in named)
    return f"{', '.join(first)} and {last}"
