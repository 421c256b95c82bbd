"""State of the installation of LibreOffice that `make run` starts in the background, in a file of the data folder.

The stack writes it, and the web process shows it to operators. Without the file no installation was needed.
"""

import os
import time
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Final

NOT_NEEDED: Final = "not needed"
MAX_WAIT_SECONDS: Final = 20 * 60


class OfficeInstall(StrEnum):
    """State of the installation."""

    INSTALLING = "installing"
    INSTALLED = "installed"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    NOT_PERMITTED = "not permitted"  # neither root nor sudo without a password, or no known package manager
    NO_SANDBOX = "no sandbox"  # without bubblewrap no office program is started
    OFF = "off"


def write_office_install(var: Path, state: OfficeInstall, process: int = 0) -> None:
    """Store the state; `process` is the one that installs."""
    place = _place(var)
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = place.with_suffix(".new")
    beside.write_text(f"{process} {state}")
    beside.replace(place)


def forget_office_install(var: Path) -> None:
    """Delete the state: LibreOffice is here, and the workers report it."""
    _place(var).unlink(missing_ok=True)


def office_install(var: Path) -> str:
    """Return the state; `not needed` if there is none."""
    try:
        process, _, state = _place(var).read_text().partition(" ")
        found = OfficeInstall(state)
    except (OSError, ValueError):
        return NOT_NEEDED
    if found is OfficeInstall.INSTALLING and not _is_alive(process):
        return OfficeInstall.INTERRUPTED.value
    return found.value


def is_office_awaited(var: Path) -> bool:
    """Return whether office files should wait for the installation, which takes minutes."""
    if office_install(var) != OfficeInstall.INSTALLING:
        return False
    return time.time() - _place(var).stat().st_mtime < MAX_WAIT_SECONDS


def _place(var: Path) -> Path:
    return var / "run" / "office-install"


def _is_alive(process: str) -> bool:
    with suppress(ProcessLookupError, ValueError):
        try:
            os.kill(int(process), 0)
        except PermissionError:
            return True
        return True
    return False
