"""Search for the Temporal binary: the first of four places with a working one is used.

PATH; the project's cache folder; the Python SDK's own download (into the cache); a build with Go (into the cache).
Later tags than the one named here cannot be built by `go install`: their go.mod has a replace line.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from refinery.stack.errors import StackError, run_reporting_errors
from refinery.stack.program import ROOT

CACHE = ROOT / ".cache" / "temporal"
GO_MODULE = "github.com/temporalio/cli/cmd/temporal@v1.5.1"
SDK_DOWNLOAD = [sys.executable, "-m", "refinery.stack.sdk_download"]
DOWNLOAD_SECONDS = 120
BUILD_SECONDS = 1800

ReportStep = Callable[[str], None]


def binary_runs(binary: Path) -> bool:
    """Return whether `binary` is a Temporal command line that runs on this machine."""
    try:
        done = subprocess.run([binary, "--version"], check=False, capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and done.stdout.startswith("temporal version")


def _on_path(_: Path, __: ReportStep) -> Path | None:
    found = shutil.which("temporal")
    return Path(found) if found else None


def _cached(cache: Path, _: ReportStep) -> Path | None:
    return cache / "temporal"


def _log_run(command: list[str], log: Path, seconds: float, **environment: str) -> None:
    """Run a command that may fail; the caller checks its result."""
    with log.open("wb") as output, suppress(subprocess.TimeoutExpired):
        subprocess.run(
            command, check=False, env=os.environ | environment, stdout=output, stderr=output, timeout=seconds
        )


def _downloaded(cache: Path, say: ReportStep) -> Path | None:
    """Download the development server by the SDK; it is stored in the cache under a fixed name."""
    say("fetching Temporal by its Python SDK")
    folder = cache / "download"
    folder.mkdir(parents=True, exist_ok=True)
    _log_run([*SDK_DOWNLOAD, str(folder)], cache / "download.log", DOWNLOAD_SECONDS)
    for found in folder.iterdir():
        if binary_runs(found):
            return found.replace(cache / "temporal")
    return None


def _built(cache: Path, say: ReportStep) -> Path | None:
    """Build it with Go, in a temporary folder first, so that an aborted build is never used."""
    if not shutil.which("go"):
        return None
    say("building Temporal with Go: about five minutes on two cores, once")
    folder = cache / "build"
    folder.mkdir(parents=True, exist_ok=True)
    _log_run(["go", "install", GO_MODULE], cache / "build.log", BUILD_SECONDS, GOBIN=str(folder))
    made = folder / "temporal"
    return made.replace(cache / "temporal") if binary_runs(made) else None


def find_temporal(say: ReportStep = print, cache: Path = CACHE) -> Path:
    """Find or fetch the program, report which one is used, and return its path. Raises StackError if there is none."""
    places: dict[str, Callable[[Path, ReportStep], Path | None]] = {
        "on PATH": _on_path,
        "in the cache": _cached,
        "downloaded by the SDK": _downloaded,
        "built with Go": _built,
    }
    for where, look in places.items():
        found = look(cache, say)
        if found and binary_runs(found):
            say(f"Temporal: {found} ({where})")
            return found
    message = (
        f"there is no Temporal: set TEMPORAL_ADDRESS, or put `temporal` on PATH, or install Go (see {cache}/*.log)"
    )
    raise StackError(message)


if __name__ == "__main__":
    sys.exit(run_reporting_errors(find_temporal))
