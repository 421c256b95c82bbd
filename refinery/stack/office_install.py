"""Installation of LibreOffice in the background, where packages may be installed: `make run` does not wait for it.

The workers look for it at each office file, so it is used as soon as it is there.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ingestion.adapters.sandbox.launcher import bubblewrap_path
from refinery.core.web.office_install import OfficeInstall, forget_office_install, write_office_install
from refinery.stack.machine import OFFICE_PACKAGES, has_office, privileged
from refinery.stack.program import ROOT
from refinery.stack.steps import SetupError, run_command, say

SETTING = "REFINERY_INSTALL_OFFICE"
_NO = frozenset({"0", "no", "off", "false"})
_LOWEST_PRIORITY = 19
_RPM_PACKAGES = ("libreoffice-writer", "libreoffice-calc", "libreoffice-impress", "libreoffice-math")


@dataclass(frozen=True, slots=True)
class PackageManager:
    """Package manager of a distribution: how it installs without questions and recommendations, and its packages."""

    program: str
    install: tuple[str, ...]
    packages: tuple[str, ...]
    refresh: tuple[str, ...] = ()


MANAGERS = (
    PackageManager(
        "apt-get",
        ("-o", "DPkg::Lock::Timeout=600", "install", "--yes", "--no-install-recommends"),
        OFFICE_PACKAGES,
        ("update",),
    ),
    PackageManager("dnf", ("install", "--assumeyes", "--setopt=install_weak_deps=False"), _RPM_PACKAGES),
    PackageManager("zypper", ("--non-interactive", "install", "--no-recommends"), _RPM_PACKAGES),
    PackageManager("apk", ("add",), (*_RPM_PACKAGES[:3], "font-liberation"), ("update",)),
    PackageManager("pacman", ("--sync", "--noconfirm", "--needed"), ("libreoffice-still", "ttf-liberation")),
)


def start_office_install(var: Path, step: Callable[[str], None]) -> None:
    """Start the installation as a process that outlives this one, or store and say why it is not started."""
    if has_office():
        forget_office_install(var)
        return
    obstacle = _obstacle()
    if obstacle:
        write_office_install(var, obstacle)
        return
    log = var / "log" / "office-install.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    write_office_install(var, OfficeInstall.INSTALLING, os.getpid())  # the process replaces it by its own state
    with log.open("ab") as output:
        subprocess.Popen(
            [sys.executable, "-m", "refinery.stack.office_install", str(var)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # a package manager that is killed leaves packages half configured
        )
    step(f"LibreOffice is being installed in the background ({log}); {SETTING}=no prevents it")


def _obstacle() -> OfficeInstall | None:
    if os.environ.get(SETTING, "").strip().lower() in _NO:
        return OfficeInstall.OFF
    if bubblewrap_path() is None:
        return OfficeInstall.NO_SANDBOX
    return None if find_manager() else OfficeInstall.NOT_PERMITTED


def find_manager() -> tuple[PackageManager, list[str]] | None:
    """Return the first package manager that may be used, with the start of its command."""
    found = ((manager, privileged(manager.program)) for manager in MANAGERS if shutil.which(manager.program))
    return next(((manager, command) for manager, command in found if command), None)


def install_office(var: Path) -> OfficeInstall:
    """Install LibreOffice, store the state, and return it."""
    write_office_install(var, OfficeInstall.INSTALLING, os.getpid())
    found = find_manager()
    if found:
        try:
            _install(*found)
        except SetupError as problem:
            say(str(problem))
    state = OfficeInstall.INSTALLED if has_office() else OfficeInstall.FAILED
    write_office_install(var, state)
    say(f"LibreOffice: {state}")
    return state


def _install(manager: PackageManager, command: list[str]) -> None:
    """Install the packages; once more with fresh package lists if that fails."""
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    wanted = [*command, *manager.install, *manager.packages]
    try:
        run_command(wanted, f"installing LibreOffice by {manager.program}", **quiet)
    except SetupError:
        if not manager.refresh:
            raise
        run_command([*command, *manager.refresh], "refreshing the package lists", **quiet)
        run_command(wanted, f"installing LibreOffice by {manager.program}", **quiet)


if __name__ == "__main__":
    os.nice(_LOWEST_PRIORITY)
    sys.exit(install_office(Path(sys.argv[1])) is not OfficeInstall.INSTALLED)
