"""LibreOffice's program: whether it is installed, and its version."""

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

from ingestion.adapters.sandbox.launcher import bubblewrap_path

_SECONDS_TO = 60
_NAMES = ("soffice", "libreoffice")


class ProgramFailed(RuntimeError):
    """LibreOffice does not run, perhaps because it is only just being installed."""


def libreoffice_path() -> str | None:
    """Return LibreOffice's path, None if it is not installed; looked up each time, as it may be installed later.

    Links are resolved: they may be outside the folders that its sandbox sees.
    """
    return next((str(Path(path).resolve()) for name in _NAMES if (path := shutil.which(name))), None)


def libreoffice_version() -> str | None:
    """Return LibreOffice's version, None if it is not installed or does not run."""
    program = libreoffice_path()
    try:
        return _version(program) if program else None
    except ProgramFailed:
        return None


@cache
def _version(program: str) -> str:
    """Ask for the version once; raises ProgramFailed, which is not kept."""
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program and option
            [program, "--version"], capture_output=True, text=True, timeout=_SECONDS_TO, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise ProgramFailed from problem
    found = re.search(r"LibreOffice(?:Dev)? (\d[\w.]*)", done.stdout)
    if found is None:
        raise ProgramFailed
    return found.group(1)


def office_kind() -> str:
    """Return what renders office files here: `libreoffice`, in a sandbox; or `text`, from their text only."""
    return "libreoffice" if bubblewrap_path() and libreoffice_version() else "text"
