"""A name is data to show, whatever it holds: never a path, never an instruction to a terminal or a header."""

import os
import unicodedata
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from ingestion.domain.formats.intake import NAME_LENGTH, safe_filename
from tests.hostile.names import naughty

CORPUS = Path(os.environ["REFINERY_CORPUS"]) if os.environ.get("REFINERY_CORPUS") else None


@pytest.mark.parametrize("name", naughty(CORPUS), ids=lambda name: ascii(name)[:40])
def test_a_name_is_made_safe_to_show_once_and_for_all(name: str) -> None:
    """One part, of printable characters, not too long, known to every database; safe once, safe again."""
    shown = safe_filename(name)
    assert 0 < len(shown) <= NAME_LENGTH
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
def test_what_misleads_is_taken_out(name: str, shown: str) -> None:
    """The extension that counts is the one that shows."""
    assert safe_filename(name) == shown
