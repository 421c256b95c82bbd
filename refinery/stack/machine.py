"""The machine's own packages: what is missing is installed by apt where that is allowed, and named where not.

Nothing here is fatal: without Tesseract the ONNX engine reads, without bubblewrap a plain child process parses.
"""

from __future__ import annotations

import ctypes.util
import importlib.util
import os
import platform
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from refinery.stack.steps import SetupError, do, say

SBIN = "/usr/sbin"  # not on everybody's PATH
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def _has_tesseract() -> bool:
    if not shutil.which("tesseract"):
        return False
    listed = subprocess.run(["tesseract", "--list-langs"], check=False, capture_output=True, text=True)
    return "eng" in listed.stdout.split()


def _has_browser() -> bool:
    # Ubuntu's chromium-browser may be a note that asks for a snap; it does not count.
    return any((path := shutil.which(name)) and _answers(path) for name in BROWSERS) or _has_playwrights()


def _answers(browser: str) -> bool:
    return subprocess.run([browser, "--version"], check=False, capture_output=True).returncode == 0


def _has_playwrights() -> bool:
    mac = Path.home() / "Library" / "Caches"
    named = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    places = [Path(named)] if named else [mac / "ms-playwright", Path.home() / ".cache" / "ms-playwright"]
    return any(list(place.glob("chromium*")) for place in places)


def _has_clamd() -> bool:
    return bool(shutil.which("clamd", path=f"{os.environ.get('PATH', os.defpath)}:{SBIN}"))


def _has_office() -> bool:
    return bool(shutil.which("soffice") or shutil.which("libreoffice"))


def _has_pip() -> bool:
    return bool(shutil.which("uv") or importlib.util.find_spec("ensurepip") or importlib.util.find_spec("pip"))


# The smallest set that makes pages of texts, workbooks and slides: no window, no Java, no database.
OFFICE_PACKAGES = (
    "libreoffice-writer-nogui",
    "libreoffice-calc-nogui",
    "libreoffice-impress-nogui",
    "libreoffice-math-nogui",
    "fonts-liberation",
    "fonts-crosextra-carlito",
    "fonts-crosextra-caladea",
)

# What must be there -> how to tell, and Debian's packages that bring it.
Need = tuple[Callable[[], bool], tuple[str, ...]]
RUN: dict[str, Need] = {
    "Tesseract with English": (_has_tesseract, ("tesseract-ocr", "tesseract-ocr-eng")),
    "bubblewrap": (lambda: platform.system() != "Linux" or bool(shutil.which("bwrap")), ("bubblewrap",)),
    "libmagic": (lambda: bool(ctypes.util.find_library("magic")), ("libmagic1",)),
    "pip": (_has_pip, ("python3-venv",)),
}
TEST: dict[str, Need] = {
    "Chromium": (_has_browser, ("chromium",)),
    "ClamAV's scanner": (_has_clamd, ("clamav-daemon",)),
    "LibreOffice": (_has_office, OFFICE_PACKAGES),
}


def missing(goal: str) -> dict[str, tuple[str, ...]]:
    """Name what `goal` (run or test) lacks on this machine, with the packages that bring it."""
    needs = {**RUN, **(TEST if goal == "test" else {})}
    return {name: packages for name, (there, packages) in needs.items() if not there()}


def _apt() -> list[str] | None:
    """Give the start of an apt-get command that will not ask for a password, if there is one."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return ["apt-get"]
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], check=False, capture_output=True).returncode == 0
    ):
        return ["sudo", "-n", "apt-get"]
    return None


def _install(apt: list[str], packages: list[str]) -> None:
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    command = [*apt, "install", "--yes", "--no-install-recommends", *packages]
    try:
        do(command, f"installing {', '.join(packages)} by apt", **quiet)
    except SetupError:  # the lists of a fresh machine are empty or old
        do([*apt, "update"], "refreshing apt's lists", **quiet)
        do(command, f"installing {', '.join(packages)} by apt", **quiet)


def provide_tools(goal: str) -> None:
    """Install what `goal` lacks, or say what is missing and how to get it."""
    lacking = missing(goal)
    if not lacking:
        return
    packages = [package for group in lacking.values() for package in group]
    apt = _apt()
    if apt:
        try:
            _install(apt, packages)
        except SetupError as problem:
            say(str(problem))
    for name, wanted in missing(goal).items():
        say(f"missing: {name} (packages {' '.join(wanted)}); going on without it")
