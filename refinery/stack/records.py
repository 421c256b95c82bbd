"""Records of running processes, so that a start after a killed run finds and ends its leftovers.

A process id proves nothing, since ids are reused: a process is ours if it started at the recorded time with the
recorded command line.
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

CLOCK_TOLERANCE_SECONDS = 2.0  # start times are ticks since boot: clock adjustments shift them slightly
LEFTOVER_GRACE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class ProcessRecord:
    """Started process, leader of its process group."""

    name: str
    pid: int
    started: float
    command: list[str]
    stop_signal: int
    foundation: bool

    def process(self) -> psutil.Process | None:
        """Return the process itself, if it is still running."""
        try:
            found = psutil.Process(self.pid)
            ours = abs(found.create_time() - self.started) < CLOCK_TOLERANCE_SECONDS and self._runs_in(found)
        except psutil.Error:
            return None
        return found if ours else None

    def _runs_in(self, found: psutil.Process) -> bool:
        """Compare only the arguments: some interpreters restart themselves under another name."""
        arguments = self.command[1:]
        return not arguments or found.cmdline()[-len(arguments) :] == arguments

    def orphans(self) -> list[psutil.Process]:
        """Return the remaining members of its group if the leader itself has ended."""
        if psutil.pid_exists(self.pid):
            return []
        return [one for one in psutil.process_iter() if self._is_member(one)]

    def _is_member(self, process: psutil.Process) -> bool:
        try:
            in_group = os.getpgid(process.pid) == self.pid
            return in_group and process.create_time() >= self.started - CLOCK_TOLERANCE_SECONDS
        except (OSError, psutil.Error):
            return False


def write_record(folder: Path, program: Program, pid: int) -> None:
    """Write the record of a process that has just been started."""
    with suppress(psutil.Error):
        process = psutil.Process(pid)
        record = ProcessRecord(
            program.name,
            pid,
            process.create_time(),
            # The requested command: what the system reports can be empty this early.
            list(program.command),
            int(program.stop_signal),
            program.foundation,
        )
        fresh = folder / f".{program.name}.new"
        fresh.write_text(json.dumps(asdict(record)))
        fresh.replace(folder / f"{program.name}.json")


def delete_record(folder: Path, name: str) -> None:
    """Delete the record of a process that has ended."""
    (folder / f"{name}.json").unlink(missing_ok=True)


def _read(path: Path) -> ProcessRecord | None:
    try:
        return ProcessRecord(**json.loads(path.read_text()))
    except (ValueError, TypeError, OSError):
        return None


def _stop_processes(records: list[ProcessRecord]) -> list[str]:
    """End these processes together; returns the names of those that were still running."""
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


def stop_leftovers(folder: Path, report: Callable[[str], None]) -> None:
    """End processes that a killed run left behind, dependent ones first, and report them."""
    found = {path: record for path in sorted(folder.glob("*.json")) if (record := _read(path))}
    upper = [record for record in found.values() if not record.foundation]
    names = _stop_processes(upper) + _stop_processes([record for record in found.values() if record.foundation])
    for path in folder.glob("*.json"):
        path.unlink(missing_ok=True)
    if names:
        report(f"stopped processes that a killed run left behind: {', '.join(names)}")
