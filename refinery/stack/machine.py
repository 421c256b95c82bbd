"""System packages: missing ones are installed by apt if permitted, and reported otherwise.

Nothing here is fatal: without Tesseract the ONNX engine reads, without bubblewrap a plain child process parses.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from refinery.stack.steps import SetupError, run_command, say

SBIN = "/usr/sbin"  # not on every user's PATH
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def _has_tesseract() -> bool:
    if not shutil.which("tesseract"):
        return False
    listed = subprocess.run(["tesseract", "--list-langs"], check=False, capture_output=True, text=True)
    return "eng" in listed.stdout.split()


def _has_browser() -> bool:
    # Ubuntu's chromium-browser may be a stub that asks for a snap; it does not count.
    return any((path := shutil.which(name)) and _browser_runs(path) for name in BROWSERS) or _has_playwrights()


def _browser_runs(browser: str) -> bool:
    return subprocess.run([browser, "--version"], check=False, capture_output=True).returncode == 0


def _has_playwrights() -> bool:
    mac = Path.home() / "Library" / "Caches"
    named = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    places = [Path(named)] if named else [mac / "ms-playwright", Path.home() / ".cache" / "ms-playwright"]
    return any(list(place.glob("chromium*")) for place in places)


def _has_clamd() -> bool:
    return bool(shutil.which("clamd", path=f"{os.environ.get('PATH', os.defpath)}:{SBIN}"))


def has_office() -> bool:
    """Return whether LibreOffice is installed."""
    return bool(shutil.which("soffice") or shutil.which("libreoffice"))


def _has_pip() -> bool:
    return bool(shutil.which("uv") or importlib.util.find_spec("ensurepip") or importlib.util.find_spec("pip"))


# The smallest set that renders texts, workbooks and slides: no window, no Java, no database.
OFFICE_PACKAGES = (
    "libreoffice-writer-nogui",
    "libreoffice-calc-nogui",
    "libreoffice-impress-nogui",
    "libreoffice-math-nogui",
    "fonts-liberation",
    "fonts-crosextra-carlito",
    "fonts-crosextra-caladea",
)

# Required tool -> how to detect it, and the Debian packages that contain it.
ToolRequirement = tuple[Callable[[], bool], tuple[str, ...]]
RUN_REQUIREMENTS: dict[str, ToolRequirement] = {
    "Tesseract with English": (_has_tesseract, ("tesseract-ocr", "tesseract-ocr-eng")),
    "bubblewrap": (lambda: platform.system() != "Linux" or bool(shutil.which("bwrap")), ("bubblewrap",)),
    "pip": (_has_pip, ("python3-venv",)),
}
TEST_REQUIREMENTS: dict[str, ToolRequirement] = {
    "Chromium": (_has_browser, ("chromium",)),
    "ClamAV's scanner": (_has_clamd, ("clamav-daemon",)),
    "LibreOffice": (has_office, OFFICE_PACKAGES),
}


def missing_tools(goal: str) -> dict[str, tuple[str, ...]]:
    """Return the tools that `goal` (run or test) lacks on this machine, with the packages that contain them."""
    needs = {**RUN_REQUIREMENTS, **(TEST_REQUIREMENTS if goal == "test" else {})}
    return {name: packages for name, (there, packages) in needs.items() if not there()}


def privileged(program: str) -> list[str] | None:
    """Return the start of a package manager's command that will not ask for a password, if there is one."""
    if not shutil.which(program):
        return None
    if os.geteuid() == 0:
        return [program]
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], check=False, capture_output=True).returncode == 0
    ):
        return ["sudo", "-n", program]
    return None


def _install(apt: list[str], packages: list[str]) -> None:
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    command = [*apt, "install", "--yes", "--no-install-recommends", *packages]
    try:
        run_command(command, f"installing {', '.join(packages)} by apt", **quiet)
    except SetupError:  # the package lists of a fresh machine are missing or outdated
        run_command([*apt, "update"], "refreshing apt's lists", **quiet)
        run_command(command, f"installing {', '.join(packages)} by apt", **quiet)


def provide_tools(goal: str) -> None:
    """Install the missing tools of `goal`, or print their names and how to install them."""
    lacking = missing_tools(goal)
    if not lacking:
        return
    packages = [package for group in lacking.values() for package in group]
    apt = privileged("apt-get")
    if apt:
        try:
            _install(apt, packages)
        except SetupError as problem:
            say(str(problem))
    for name, wanted in missing_tools(goal).items():
        say(f"missing: {name} (packages {' '.join(wanted)}); going on without it")
