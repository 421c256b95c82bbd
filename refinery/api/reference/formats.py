"""Reference page of the file formats, from their registry."""

from collections.abc import Iterator

from ingestion.domain.formats.file_format import FileFormat, FormatKind
from ingestion.domain.formats.registry import FORMATS
from refinery.api.markdown import code_list, table

INTRODUCTION = """# File formats

Formats that are read, by kind. The type is detected by the content; name and declared type count only where the content
proves nothing. [Formats](../formats.md) explains office files, notes and limitations;
[How to add a format](../howto/add-a-format.md) explains the registry.
"""
HEADER = ("Format", "Suffixes", "Media type", "Also declared as", "How it becomes pages")


def render() -> str:
    """Return the page."""
    parts = [INTRODUCTION]
    for kind in FormatKind:
        rows = [tuple(_row(file_format)) for file_format in FORMATS if file_format.kind is kind]
        title = f"{kind[0].upper()}{kind[1:]}"
        parts.append(f"## {title}\n\n{table(HEADER, rows)}\n")
    return "\n".join(parts)


def _row(file_format: FileFormat) -> Iterator[str]:
    yield file_format.label or file_format.name
    yield code_list(file_format.suffixes)
    yield f"`{file_format.media_type}`"
    yield code_list(file_format.aliases)
    yield file_format.note
