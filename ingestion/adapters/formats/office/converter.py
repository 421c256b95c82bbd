"""LibreOffice makes a PDF of an office file: in a sandbox of its own, without a network, a home or macros.

The true pages of such a file are those that an office program lays out. It is a large and old one, so it sees
nothing but itself, the file and an empty folder; its processes end with it, and it ends at its limits.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from ingestion.adapters.formats.office.precheck import REFUSED
from ingestion.adapters.formats.office.program import libreoffice_path, libreoffice_version
from ingestion.adapters.sandbox.launcher import bubblewrap_path, clean_environment, sandboxed
from ingestion.adapters.sandbox.limits import ChildLimits
from ingestion.domain import errors
from ingestion.domain.formats.office import SUFFIXES
from ingestion.domain.ports import NotMade

_MANNER = 5  # counts what is done to a file before or after: what was made otherwise is not used again
_MADE_TO = 256 * 2**20
_SYSTEM = ("/etc/libreoffice", "/etc/fonts", "/var/cache/fontconfig", "/usr/share/fonts")
_ROOM = 512 * 2**20  # bytes of its temporary folder, in memory
_START = "ingestion.adapters.formats.office.converter_child"
_REFUSALS = {
    kind.code: kind
    for kind in (
        errors.CorruptFile, errors.UnsupportedFile, errors.TooLarge, errors.PolicyViolation, errors.NeedsPassword,
        errors.WrongPassword,
    )
}  # fmt: skip
_SAID_TO = 4096
_SETTINGS = (
    ("/org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "2"),
    ("/org.openoffice.Office.Calc/Content/Update", "Link", "2"),
    ("/org.openoffice.Office.Common/Misc", "FirstRun", "false"),
    ("/org.openoffice.Office.Common/Java/VirtualMachine", "Enable", "false"),
)


@dataclass(frozen=True, slots=True)
class LibreOffice:
    """Implements ports.PaperMaker."""

    limits: ChildLimits = field(
        default_factory=lambda: ChildLimits(
            memory=4 * 2**30, page_cpu_seconds=90, life_cpu_seconds=120, output=_MADE_TO, open_files=512
        )
    )
    wall_seconds: float = 240.0

    @property
    def version(self) -> str:
        """Name what makes the pages."""
        return f"libreoffice {libreoffice_version()}, manner {_MANNER}"

    def make(self, source: Path, folder: Path, media_type: str, password: str | None = None) -> Path:
        """Write the PDF below `folder`; raises NotMade, and ReadingError for what is wrong with the file."""
        program, office = bubblewrap_path(), libreoffice_path()
        if program is None or office is None:
            raise NotMade
        made, profile = folder / "made", folder / "profile"
        made.mkdir()
        _write_settings(profile)
        shown = f"/in/document{SUFFIXES[media_type]}"
        command = [
            *_sandbox(program, source, shown, made, profile),
            sys.executable, "-s", "-B", "-m", _START, json.dumps(asdict(self.limits)), media_type, shown,
            office, "-env:UserInstallation=file:///profile", "--headless", "--norestore", "--nolockcheck",
            "--nodefault", "--convert-to", "pdf", "--outdir", "/made", shown,
        ]  # fmt: skip
        try:
            self._run(command, folder / "said", password)
        finally:
            shutil.rmtree(profile, ignore_errors=True)
        return _only_pdf(made)

    def _run(self, command: list[str], said: Path, password: str | None) -> None:
        with said.open("wb") as answer:
            process = subprocess.Popen(  # noqa: S603 - bubblewrap, our own module and the office program
                command,
                stdin=subprocess.PIPE,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                env={**clean_environment(), "HOME": "/profile"},
                start_new_session=True,
            )
        try:
            process.communicate((password or "").encode(), timeout=self.wall_seconds)
        except subprocess.TimeoutExpired as late:
            raise NotMade from late
        finally:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if process.returncode == REFUSED:
            raise _refusal(said)
        if process.returncode:
            raise NotMade


def _sandbox(program: str, source: Path, shown: str, made: Path, profile: Path) -> list[str]:
    """Give bubblewrap's command: what a child sees, the program's own folders, one file, two empty ones."""
    command = sandboxed(program, room=_ROOM)
    for path in _SYSTEM:
        if Path(path).exists():
            command += ["--ro-bind", path, path]
    return [
        *command,
        "--ro-bind",
        str(source),
        shown,
        "--bind",
        str(made),
        "/made",
        "--bind",
        str(profile),
        "/profile",
    ]


def _write_settings(profile: Path) -> None:
    """Write the settings of a new user: no macro runs, no link is followed, nothing is asked."""
    place = profile / "user" / "registrymodifications.xcu"
    place.parent.mkdir(parents=True)
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    place.write_text(
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{items}</oor:items>',
        encoding="utf-8",
    )


def _only_pdf(made: Path) -> Path:
    found = [path for path in made.iterdir() if path.is_file() and not path.is_symlink()]
    if len(found) != 1 or not 0 < found[0].stat().st_size <= _MADE_TO:
        raise NotMade
    with found[0].open("rb") as file:
        if not file.read(5).startswith(b"%PDF-"):
            raise NotMade
    return found[0]


def _refusal(said: Path) -> errors.ReadingError:
    try:
        with said.open("rb") as file:
            answer = json.loads(file.read(_SAID_TO))
        kind = _REFUSALS.get(str(answer["code"]), errors.CorruptFile)
        return kind(str(answer["message"])[:300])
    except (ValueError, KeyError, TypeError):
        return errors.CorruptFile("This document is damaged.")
