"""Programs: started in a separate process group each, and stopped by group.

A separate group keeps the terminal's Ctrl-C away, so that only the manager decides on the order in which
programs stop, and lets the children of a program be ended with it.
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

# Patterns of output lines to show on the console as well as in the log file: structured and plain logs.
WARNING_PATTERN = r'"level": ?"(warning|error|critical)"|\b(WARNING|ERROR|CRITICAL|FATAL)\b|level=(WARN|ERROR)'


@dataclass(frozen=True, slots=True)
class Program:
    """Long-running process: command, account, and the signal that asks it to end."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    folder: Path = ROOT
    account: str | None = None  # another account to run as; only root can use it
    stop_signal: signal.Signals = signal.SIGTERM
    grace_seconds: float = 15.0
    foundation: bool = False  # other programs depend on it: it stops after them
    warning_pattern: str = WARNING_PATTERN
    niceness: int = 0


class SubprocessUser(TypedDict, total=False):
    """Keyword arguments that make a subprocess run as another user."""

    user: int
    group: int
    extra_groups: list[str | int]


def subprocess_user(account: str | None) -> SubprocessUser:
    """Look up `account`; None is the current user."""
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
        **subprocess_user(program.account),
    )


def signal_group(group: int, number: signal.Signals) -> None:
    """Send a signal to a process group, which may have ended already."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def stop_process(process: subprocess.Popen[bytes], program: Program) -> None:
    """Ask `process` to end, wait for its grace period, then kill its group."""
    if process.poll() is None:
        process.send_signal(program.stop_signal)
        with suppress(subprocess.TimeoutExpired):
            process.wait(program.grace_seconds)
    signal_group(process.pid, signal.SIGKILL)
    process.wait()
