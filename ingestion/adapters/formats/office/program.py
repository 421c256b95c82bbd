"""LibreOffice's program: whether it is installed, and its version."""

import re
import shutil
import subprocess
from functools import cache

from ingestion.adapters.sandbox.launcher import bubblewrap_path

_SECONDS_TO = 60
_NAMES = ("soffice", "libreoffice")


@cache
def libreoffice_path() -> str | None:
    """Return LibreOffice's path, None if it is not installed."""
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


@cache
def libreoffice_version() -> str | None:
    """Return LibreOffice's version, None if it is not installed or does not run."""
    program = libreoffice_path()
    if program is None:
        return None
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program and option
            [program, "--version"], capture_output=True, text=True, timeout=_SECONDS_TO, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r"LibreOffice(?:Dev)? (\d[\w.]*)", done.stdout)
    return found.group(1) if found else None


def office_kind() -> str:
    """Return what renders office files here: `libreoffice`, in a sandbox; or `text`, from their text only."""
    return "libreoffice" if bubblewrap_path() and libreoffice_version() else "text"
