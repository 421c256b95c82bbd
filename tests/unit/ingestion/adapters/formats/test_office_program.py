"""LibreOffice is found as soon as it is installed, without a restart of the worker."""

import os
from pathlib import Path

import pytest

from ingestion.adapters.formats.office import program
from ingestion.adapters.formats.office.converter import LibreOfficeRenderer
from ingestion.adapters.formats.office.program import libreoffice_path, libreoffice_version
from ingestion.adapters.reader import environment
from ingestion.domain.ports import ReadingOptions

NAME = "office-of-this-test"
VERSION_PROGRAM = "#!/bin/sh\necho LibreOffice 99.1.2.3 40\n"


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of programs on a machine without an office program."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    monkeypatch.setattr(program, "_NAMES", (NAME,))
    return folder


def install(folder: Path, text: str) -> None:
    (folder / NAME).write_text(text)
    (folder / NAME).chmod(0o755)


def test_office_program_installed_later_is_found(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "bubblewrap_path", lambda: "/usr/bin/bwrap")
    renderer, options = LibreOfficeRenderer(), ReadingOptions("application/msword")
    assert (libreoffice_path(), libreoffice_version()) == (None, None)
    before, fingerprint = environment.describe_environment(), environment.reading_fingerprint(options)
    install(programs, "#!/bin/sh\nexit 1\n")  # half installed
    assert (libreoffice_path(), libreoffice_version()) == (str(programs / NAME), None)
    install(programs, VERSION_PROGRAM)
    assert libreoffice_version() == "99.1.2.3"
    assert "libreoffice 99.1.2.3" in renderer.version
    assert "libreoffice" not in before.version
    assert "libreoffice 99.1.2.3" in environment.describe_environment().version
    assert environment.reading_fingerprint(options) != fingerprint


def test_office_version_is_asked_once(programs: Path, tmp_path: Path) -> None:
    install(programs, f"#!/bin/sh\necho asked >> {tmp_path}/asked\necho LibreOffice 24.8.1.2\n")
    assert [libreoffice_version() for _ in range(3)] == ["24.8.1.2"] * 3
    assert (tmp_path / "asked").read_text() == "asked\n"
