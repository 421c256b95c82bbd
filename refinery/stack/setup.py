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
TORCH = "torch"
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


def has_cpu_torch() -> bool:
    """Return whether the CPU build of torch is available, and no graphics card needs the other."""
    if platform.system() != "Linux" or platform.machine() != "x86_64" or shutil.which("nvidia-smi"):
        return False
    try:
        with urllib.request.urlopen(CPU_TORCH, timeout=PROBE_SECONDS):
            return True
    except OSError:
        return False


def requirement_file(name: str) -> Path:
    """Return the file of the pins called `name`."""
    return ROOT / "requirements" / f"{name}.txt"


def pinned_torch() -> str:
    """Return the requirement of torch without its hashes: those of the CPU build are not on the package index."""
    lines = requirement_file(TORCH).read_text().splitlines()
    return next(line.split()[0] for line in lines if line.startswith("torch=="))


def install(uv: str, goal: str) -> None:
    """Install the pinned packages of `goal`; a stamp records that it was done for these pins."""
    pins = hashlib.sha256(b"".join(requirement_file(name).read_bytes() for name in (*FILES[goal], TORCH))).hexdigest()
    stamp = VENV / f"installed-for-{goal}"
    if not stamp.exists() or stamp.read_text() != pins:
        install_packages(uv, goal)
        stamp.write_text(pins)


def install_packages(uv: str, goal: str) -> None:
    """Install every file in one pass that checks the hashes; the CPU build of torch follows in a second."""
    # Compiled once here, not at every start of a process that cannot write next to the packages: a sandboxed
    # child, or any with PYTHONDONTWRITEBYTECODE set. It saves two of four seconds (measured).
    command = [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", str(PYTHON)]
    cpu = has_cpu_torch()
    files = FILES[goal] if cpu else (*FILES[goal], TORCH)
    arguments = [part for name in files for part in ("-r", str(requirement_file(name)))]
    run_command([*command, "--require-hashes", *arguments], f"installing the packages of {', '.join(files)}")
    if cpu:
        options = ["--no-deps", "--torch-backend", "cpu"]
        run_command([*command, *options, pinned_torch()], "installing the CPU build of torch")


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
