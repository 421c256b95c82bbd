"""LibreOffice renders an office file as a PDF: in a separate sandbox, without network, home folder or macros.

Only an office program lays out the exact pages of such a file. It is large and old, so it sees only itself, the
file and an empty folder. Its processes end with the sandbox, which has resource limits.
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

from ingestion.adapters.formats.office.precheck import EXIT_REFUSED
from ingestion.adapters.formats.office.profile import write_settings
from ingestion.adapters.formats.office.program import libreoffice_path, libreoffice_version
from ingestion.adapters.sandbox.launcher import bubblewrap_path, clean_environment, sandbox_command
from ingestion.adapters.sandbox.limits import SandboxLimits
from ingestion.domain import errors
from ingestion.domain.formats.registry import BY_MEDIA_TYPE
from ingestion.domain.ports import RenditionFailed

_RECIPE_VERSION = 6  # counts changes to the steps before and after rendering: older renditions are not used again
_MAX_PDF_BYTES = 256 * 2**20
_SYSTEM = ("/etc/libreoffice", "/etc/fonts", "/var/cache/fontconfig", "/usr/share/fonts")
_TMP_BYTES = 512 * 2**20  # bytes of its temporary folder, in memory
_START = "ingestion.adapters.formats.office.converter_child"
_OFFICE_OPTIONS = (
    "-env:UserInstallation=file:///profile --headless --norestore --nolockcheck --nodefault "
    "--convert-to pdf --outdir /output"
)
_MAX_OUTPUT_BYTES = 4096


@dataclass(frozen=True, slots=True)
class LibreOfficeRenderer:
    """Implementation of ports.PdfRenderer."""

    limits: SandboxLimits = field(
        default_factory=lambda: SandboxLimits(
            memory_bytes=4 * 2**30,
            page_cpu_seconds=90,
            total_cpu_seconds=120,
            output_bytes=_MAX_PDF_BYTES,
            open_files=512,
        )
    )
    wall_seconds: float = 240.0

    @property
    def version(self) -> str:
        """Version of the renderer."""
        return f"libreoffice {libreoffice_version()}, recipe {_RECIPE_VERSION}"

    def render(self, source: Path, folder: Path, media_type: str, password: str | None = None) -> Path:
        """Write the PDF below `folder`; raises RenditionFailed, and ReadingError for problems of the file."""
        program, office = bubblewrap_path(), libreoffice_path()
        if program is None or office is None:
            raise RenditionFailed
        output_folder, profile = folder / "output", folder / "profile"
        output_folder.mkdir()
        write_settings(profile)
        mounted = f"/in/document{BY_MEDIA_TYPE[media_type].suffixes[0]}"
        command = [
            *_sandbox(program, source, mounted, output_folder, profile),
            *(sys.executable, "-s", "-B", "-m", _START, json.dumps(asdict(self.limits)), media_type, mounted),
            *(office, *_OFFICE_OPTIONS.split(), mounted),
        ]
        try:
            self._run(command, folder / "refusal.json", password)
        finally:
            shutil.rmtree(profile, ignore_errors=True)
        return _only_pdf(output_folder)

    def _run(self, command: list[str], output: Path, password: str | None) -> None:
        with output.open("wb") as answer:
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
            raise RenditionFailed from late
        finally:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if process.returncode == EXIT_REFUSED:
            raise _refusal(output)
        if process.returncode:
            raise RenditionFailed


def _sandbox(program: str, source: Path, mounted: str, output_folder: Path, profile: Path) -> list[str]:
    """Return bubblewrap's command: the child sees the program's folders, one file, and two empty folders."""
    command = sandbox_command(program, tmp_bytes=_TMP_BYTES)
    for path in _SYSTEM:
        if Path(path).exists():
            command += ["--ro-bind", path, path]
    return [
        *command,
        "--ro-bind",
        str(source),
        mounted,
        "--bind",
        str(output_folder),
        "/output",
        "--bind",
        str(profile),
        "/profile",
    ]


def _only_pdf(output_folder: Path) -> Path:
    found = [path for path in output_folder.iterdir() if path.is_file() and not path.is_symlink()]
    if len(found) != 1 or not 0 < found[0].stat().st_size <= _MAX_PDF_BYTES:
        raise RenditionFailed
    with found[0].open("rb") as file:
        if not file.read(5).startswith(b"%PDF-"):
            raise RenditionFailed
    return found[0]


def _refusal(output: Path) -> errors.ReadingError:
    try:
        with output.open("rb") as file:
            answer = json.loads(file.read(_MAX_OUTPUT_BYTES))
        kind = errors.ERRORS_BY_CODE.get(str(answer["code"]), errors.CorruptFile)
        return kind(str(answer["message"])[:300])
    except (ValueError, KeyError, TypeError):
        return errors.CorruptFile("This document is damaged.")
