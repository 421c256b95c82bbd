"""File names are data to display: never a path, a terminal escape or a header."""

import os
import unicodedata
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from ingestion.domain.formats.intake import MAX_FILENAME_LENGTH, safe_filename
from tests.support.hostile.names import hostile_names

CORPUS = Path(os.environ["REFINERY_CORPUS"]) if os.environ.get("REFINERY_CORPUS") else None


@pytest.mark.parametrize("name", hostile_names(CORPUS), ids=lambda name: ascii(name)[:40])
def test_safe_filename_hostile_name_is_displayable_and_idempotent(name: str) -> None:
    """One path component of printable characters, limited in length, storable in every database; idempotent."""
    shown = safe_filename(name)
    assert 0 < len(shown) <= MAX_FILENAME_LENGTH
    assert shown not in {".", ".."}
    assert "\\" not in shown
    assert PurePosixPath(shown).parts == (shown,)
    assert PureWindowsPath(shown).name == shown or ":" in shown
    assert not [character for character in shown if unicodedata.category(character).startswith("C")]
    assert shown.splitlines() == [shown]
    assert shown.encode().decode() == shown
    assert safe_filename(shown) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system32\\cmd.exe", "cmd.exe"),
        ("invoice.pdf\0.exe", "invoice.pdf.exe"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a\r\nb.pdf", "a b.pdf"),
        ("..", "document"),
        ("", "document"),
    ],
)
def test_safe_filename_removes_misleading_characters(name: str, shown: str) -> None:
    """The displayed extension is the effective one."""
    assert safe_filename(name) == shown
