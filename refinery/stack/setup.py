"""Set-up: `python3 -m refinery.stack.setup run|test` installs what is missing, and only that.

Runs on the machine's own Python before anything is installed, so it uses the standard library alone.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

from refinery.stack.machine import missing, provide_tools
from refinery.stack.steps import ROOT, SetupError, do, say

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
CACHE = ROOT / ".cache"
FILES = {"run": ("web", "workers", "models", "stack"), "test": ("web", "workers", "models", "stack", "dev")}
CPU_TORCH = "https://download.pytorch.org/whl/cpu/"
PROBE_SECONDS = 3


def find_uv() -> str:
    """Find uv, or install it by pip into the cache, where no rule of the system's Python forbids it."""
    kept = (CACHE / "uv" / "bin" / "uv", CACHE / "uv-packages" / "bin" / "uv")
    for found in (shutil.which("uv"), *map(str, kept)):
        if found and Path(found).exists():
            return found
    try:
        do([sys.executable, "-m", "venv", str(CACHE / "uv")], "making a place for uv")
        do([str(CACHE / "uv" / "bin" / "python"), "-m", "pip", "install", "uv"], "installing uv by pip")
        return str(kept[0])
    except SetupError:  # Debian without python3-venv; pip alone will do
        target = str(CACHE / "uv-packages")
        do([sys.executable, "-m", "pip", "install", "--target", target, "uv"], "installing uv by pip")
        return str(kept[1])


def make_venv(uv: str) -> None:
    """Make .venv, or make it anew when its interpreter has gone."""
    if not PYTHON.exists():
        do([uv, "venv", "--clear", "--python", sys.executable, str(VENV)], "making .venv")


def torch_options() -> list[str]:
    """Choose the CPU build of torch where that can be had and no graphics card wants the other."""
    if platform.system() != "Linux" or platform.machine() != "x86_64" or shutil.which("nvidia-smi"):
        return []
    try:
        with urllib.request.urlopen(CPU_TORCH, timeout=PROBE_SECONDS):
            return ["--torch-backend", "cpu"]
    except OSError:
        return []


def install(uv: str, goal: str) -> None:
    """Install the pinned packages of `goal` in one pass; a stamp tells that it was done for these pins."""
    files = [ROOT / "requirements" / f"{name}.txt" for name in FILES[goal]]
    pins = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
    stamp = VENV / f"installed-for-{goal}"
    if stamp.exists() and stamp.read_text() == pins:
        return
    arguments = [part for path in files for part in ("-r", str(path))]
    # Compiled once here, not at every start of a process that may not write beside the packages: a sandboxed
    # child, or any where PYTHONDONTWRITEBYTECODE is set. It saves two of four seconds (measured).
    command = [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", str(PYTHON)]
    do([*command, *torch_options(), *arguments], f"installing the packages of {', '.join(FILES[goal])}")
    stamp.write_text(pins)


def fetch_temporal() -> None:
    """Have Temporal ready before it is needed; where it is there, the stack finds it by itself."""
    there = os.environ.get("TEMPORAL_ADDRESS") or shutil.which("temporal")
    if not there and not (CACHE / "temporal" / "temporal").exists():
        # Its own lines of progress are worth seeing: a build takes minutes.
        done = subprocess.run([str(PYTHON), "-m", "refinery.stack.temporal_binary"], cwd=ROOT, check=False)
        if done.returncode:
            message = "Temporal could not be had; the line above says why"
            raise SetupError(message)


def fetch_browser() -> None:
    """Let Playwright fetch its own browser where the machine's packages brought none."""
    if "Chromium" in missing("test"):
        try:
            do([str(VENV / "bin" / "playwright"), "install", "chromium"], "fetching Playwright's Chromium")
        except SetupError as problem:
            say(f"no browser for the end-to-end tests: {problem}")


def main(goal: str) -> int:
    """Set up for `goal`; the exit status."""
    if sys.version_info < (3, 11):  # noqa: UP036 - what `make` finds may be older
        print(f"refinery: needs Python 3.11 or newer, {sys.executable} is {platform.python_version()}")
        return 1
    try:
        provide_tools(goal)
        uv = find_uv()
        make_venv(uv)
        install(uv, goal)
        fetch_temporal()
        if goal == "test":
            fetch_browser()
    except SetupError as problem:
        print(f"refinery: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
