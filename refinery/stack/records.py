"""What runs, written down, so that a start after a killed run finds and ends what that run left behind.

A number alone proves nothing, since numbers are used again: a process is ours when it began at the recorded
moment with the recorded command line.
"""

import json
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from refinery.stack.program import Program, signal_group

CLOCK_SECONDS = 2.0  # start times are ticks since boot: an adjusted clock moves them a little
LEFTOVER_GRACE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Record:
    """One started process, leader of a group of its own."""

    name: str
    pid: int
    started: float
    command: list[str]
    stop_signal: int
    foundation: bool

    def process(self) -> psutil.Process | None:
        """Find the process itself, if it still lives."""
        try:
            found = psutil.Process(self.pid)
            ours = abs(found.create_time() - self.started) < CLOCK_SECONDS and self._runs_in(found)
        except psutil.Error:
            return None
        return found if ours else None

    def _runs_in(self, found: psutil.Process) -> bool:
        """Compare the arguments alone: some interpreters start themselves again under another name."""
        arguments = self.command[1:]
        return not arguments or found.cmdline()[-len(arguments) :] == arguments

    def orphans(self) -> list[psutil.Process]:
        """Find what is left of its group when the leader itself is gone."""
        if psutil.pid_exists(self.pid):
            return []
        return [one for one in psutil.process_iter() if self._is_member(one)]

    def _is_member(self, one: psutil.Process) -> bool:
        try:
            in_group = os.getpgid(one.pid) == self.pid
            return in_group and one.create_time() >= self.started - CLOCK_SECONDS
        except (OSError, psutil.Error):
            return False


def remember(folder: Path, program: Program, pid: int) -> None:
    """Write down a process that has just been started."""
    with suppress(psutil.Error):
        process = psutil.Process(pid)
        record = Record(
            program.name,
            pid,
            process.create_time(),
            # As it was asked for: what the system tells of a command line can be empty this early.
            list(program.command),
            int(program.stop_signal),
            program.foundation,
        )
        fresh = folder / f".{program.name}.new"
        fresh.write_text(json.dumps(asdict(record)))
        fresh.replace(folder / f"{program.name}.json")


def forget(folder: Path, name: str) -> None:
    """Strike out a process that has ended."""
    (folder / f"{name}.json").unlink(missing_ok=True)


def _read(path: Path) -> Record | None:
    try:
        return Record(**json.loads(path.read_text()))
    except (ValueError, TypeError, OSError):
        return None


def _end(records: list[Record]) -> list[str]:
    """End these processes together; answer the names of those that still ran."""
    living = {record.name: found for record in records if (found := record.process())}
    for record in records:
        if found := living.get(record.name):
            with suppress(psutil.Error):
                found.send_signal(record.stop_signal)
    _, stubborn = psutil.wait_procs(list(living.values()), timeout=LEFTOVER_GRACE_SECONDS)
    for record in records:
        if living.get(record.name) in stubborn or record.orphans():
            signal_group(record.pid, signal.SIGKILL)
    psutil.wait_procs(stubborn, timeout=LEFTOVER_GRACE_SECONDS)
    return list(living)


def clear_leftovers(folder: Path, say: Callable[[str], None]) -> None:
    """End what an earlier, killed run left running, upper things first, and say so."""
    found = {path: record for path in sorted(folder.glob("*.json")) if (record := _read(path))}
    upper = [record for record in found.values() if not record.foundation]
    names = _end(upper) + _end([record for record in found.values() if record.foundation])
    for path in folder.glob("*.json"):
        path.unlink(missing_ok=True)
    if names:
        say(f"ended what a killed run left behind: {', '.join(names)}")
