"""Tesseract's program: whether it is installed, its version and its languages."""

import re
import shutil
import subprocess
from functools import cache

_SECONDS_TO = 20


@cache
def tesseract_path() -> str | None:
    """Return Tesseract's path, None if it is not installed."""
    return shutil.which("tesseract")


@cache
def tesseract_version() -> str | None:
    """Return Tesseract's version, None if it is not installed or does not run."""
    found = re.search(r"tesseract v?(\S+)", _output_of("--version"))
    return found.group(1) if found else None


@cache
def tesseract_languages() -> tuple[str, ...]:
    """Return the languages that are installed for Tesseract."""
    lines = _output_of("--list-langs").splitlines()[1:]
    return tuple(sorted(line.strip() for line in lines if line.strip() and line.strip() != "osd"))


def _output_of(option: str) -> str:
    program = tesseract_path()
    if program is None:
        return ""
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program and option
            [program, option], capture_output=True, text=True, timeout=_SECONDS_TO, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout or done.stderr
