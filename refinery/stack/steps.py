"""Output and commands of the set-up; only the standard library, and compatible with older Pythons."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SHOWN_LINES = 15


class SetupError(Exception):
    """Fatal error of the set-up; its first line says what failed."""


def say(text: str) -> None:
    """Print a step."""
    print(f"[ set-up ] {text}", flush=True)


def run_command(command: list[str], why: str, **environment: str) -> None:
    """Run a command; its output is shown only if it fails, as a SetupError."""
    say(why)
    started = time.monotonic()
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        tail = "\n".join(done.stdout.strip().splitlines()[-SHOWN_LINES:])
        message = f"{' '.join(command[:4])} failed after {time.monotonic() - started:.0f} s:\n{tail}"
        raise SetupError(message)
