"""A program to run: how it is started in a process group of its own, and how it is stopped.

A group of its own keeps the terminal's Ctrl-C away, so that the manager alone decides on the order in which
things stop, and lets a child's own children be ended with it.
"""

import os
import pwd
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TypedDict

ROOT = Path(__file__).resolve().parent.parent.parent

# What a line of output must hold to be worth showing beside the log file: structured logs and plain ones.
ALARM = r'"level": ?"(warning|error|critical)"|\b(WARNING|ERROR|CRITICAL|FATAL)\b|level=(WARN|ERROR)'


@dataclass(frozen=True, slots=True)
class Program:
    """One long-running process: what to run, as whom, and which signal asks it to end."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    folder: Path = ROOT
    account: str | None = None  # another user to become; only root can ask for it
    stop_signal: signal.Signals = signal.SIGTERM
    grace_seconds: float = 15.0
    foundation: bool = False  # others stand on it: it stops when they have stopped
    alarm: str = ALARM
    niceness: int = 0


class Identity(TypedDict, total=False):
    """The keywords of a subprocess that make it run as another user."""

    user: int
    group: int
    extra_groups: list[str | int]


def identity(account: str | None) -> Identity:
    """Look up `account`; None stands for this user itself."""
    if account is None:
        return {}
    entry = pwd.getpwnam(account)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def launch(program: Program, output: IO[bytes] | int) -> subprocess.Popen[bytes]:
    """Start `program` with both its streams going to `output`."""
    return subprocess.Popen(
        program.command,
        env=dict(program.environment),
        cwd=program.folder,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        process_group=0,
        **identity(program.account),
    )


def signal_group(group: int, number: signal.Signals) -> None:
    """Send a signal to a whole process group that may be gone already."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def halt(process: subprocess.Popen[bytes], program: Program) -> None:
    """Ask `process` to end, wait for its grace, then end its whole group."""
    if process.poll() is None:
        process.send_signal(program.stop_signal)
        with suppress(subprocess.TimeoutExpired):
            process.wait(program.grace_seconds)
    signal_group(process.pid, signal.SIGKILL)
    process.wait()
