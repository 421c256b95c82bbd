"""Set-up: `python3 -m refinery.stack.setup run|test` installs only missing software.

Runs on the system's Python before anything is installed, so it uses only the standard library.
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

from refinery.stack.machine import missing_tools, provide_tools
from refinery.stack.steps import ROOT, SetupError, run_command, say

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
CACHE = ROOT / ".cache"
FILES = {"run": ("web", "workers", "models", "stack"), "test": ("web", "workers", "models", "stack", "dev")}
CPU_TORCH = "https://download.pytorch.org/whl/cpu/"
PROBE_SECONDS = 3


def find_uv() -> str:
    """Find uv, or install it by pip into the cache, unless the system's Python forbids that."""
    kept = (CACHE / "uv" / "bin" / "uv", CACHE / "uv-packages" / "bin" / "uv")
    for found in (shutil.which("uv"), *map(str, kept)):
        if found and Path(found).exists():
            return found
    try:
        run_command([sys.executable, "-m", "venv", str(CACHE / "uv")], "creating a folder for uv")
        run_command([str(CACHE / "uv" / "bin" / "python"), "-m", "pip", "install", "uv"], "installing uv by pip")
        return str(kept[0])
    except SetupError:  # Debian without python3-venv; pip is enough
        target = str(CACHE / "uv-packages")
        run_command([sys.executable, "-m", "pip", "install", "--target", target, "uv"], "installing uv by pip")
        return str(kept[1])


def make_venv(uv: str) -> None:
    """Create .venv, or recreate it if its interpreter is missing."""
    if not PYTHON.exists():
        run_command([uv, "venv", "--clear", "--python", sys.executable, str(VENV)], "making .venv")


def torch_options() -> list[str]:
    """Return the options for the CPU build of torch, if it is available and no graphics card needs the other."""
    if platform.system() != "Linux" or platform.machine() != "x86_64" or shutil.which("nvidia-smi"):
        return []
    try:
        with urllib.request.urlopen(CPU_TORCH, timeout=PROBE_SECONDS):
            return ["--torch-backend", "cpu"]
    except OSError:
        return []


def install(uv: str, goal: str) -> None:
    """Install the pinned packages of `goal` in one pass; a stamp records that it was done for these pins."""
    files = [ROOT / "requirements" / f"{name}.txt" for name in FILES[goal]]
    pins = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
    stamp = VENV / f"installed-for-{goal}"
    if stamp.exists() and stamp.read_text() == pins:
        return
    arguments = [part for path in files for part in ("-r", str(path))]
    # Compiled once here, not at every start of a process that cannot write next to the packages: a sandboxed
    # child, or any with PYTHONDONTWRITEBYTECODE set. It saves two of four seconds (measured).
    command = [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", str(PYTHON)]
    run_command([*command, *torch_options(), *arguments], f"installing the packages of {', '.join(FILES[goal])}")
    stamp.write_text(pins)


def fetch_temporal() -> None:
    """Fetch Temporal in advance; if it is present, the stack finds it without help."""
    there = os.environ.get("TEMPORAL_ADDRESS") or shutil.which("temporal")
    if not there and not (CACHE / "temporal" / "temporal").exists():
        # Show its own progress: a build takes minutes.
        done = subprocess.run([str(PYTHON), "-m", "refinery.stack.temporal_binary"], cwd=ROOT, check=False)
        if done.returncode:
            message = "Temporal could not be installed; see the line above"
            raise SetupError(message)


def fetch_browser() -> None:
    """Let Playwright download its own browser if the system packages contain none."""
    if "Chromium" in missing_tools("test"):
        try:
            run_command([str(VENV / "bin" / "playwright"), "install", "chromium"], "fetching Playwright's Chromium")
        except SetupError as problem:
            say(f"no browser for the end-to-end tests: {problem}")


def main(goal: str) -> int:
    """Set up for `goal` and return the exit status."""
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
