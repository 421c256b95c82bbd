"""The whole program, started by a benchmark on a free port in a temporary folder, and stopped after it."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from refinery.stack.ports import free_ports
from refinery.stack.program import ROOT

READY_LINE = "Refinery is up"
MACHINE = "whole machine"
BUSY = ("user", "nice", "system", "irq", "softirq")
STOP_SECONDS = 90
SETTLE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class RunningProgram:
    """Running program: its address, its data folder, its processes by name."""

    url: str
    folder: Path

    def processes(self) -> dict[str, psutil.Process]:
        """Find web, relay, workers, PostgreSQL and Temporal by the files that the stack writes."""
        records = (json.loads(path.read_text()) for path in (self.folder / "run").glob("*.json"))
        return {record["name"]: psutil.Process(record["pid"]) for record in records}

    def environment(self) -> dict[str, str]:
        """Return the environment of the web process, for programs on the same data."""
        return self.processes()["web"].environ()

    def python(self, module: str, *arguments: str) -> str:
        """Run a module in the program's environment and return its output."""
        command = [sys.executable, "-m", module, *arguments]
        done = subprocess.run(command, env=self.environment(), cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
        return done.stdout

    def cpu_seconds(self) -> dict[str, float]:
        """Return the CPU time that each program has used so far, and under MACHINE that of the whole machine.

        Children are counted with their program where the kernel reports them. It does not report readers, because they
        are killed in a sandbox: their use is that of MACHINE less all programs.
        """
        used = {name: _cpu_of_tree(process) for name, process in self.processes().items()}
        times = psutil.cpu_times()
        return used | {MACHINE: sum(getattr(times, kind, 0.0) for kind in BUSY)}

    def keys(self, role: str, count: int = 1) -> list[str]:
        """Create API keys of the tenant demo, without its rate limit."""
        printed = self.python("benchmarks.keys", "--role", role, "--count", str(count))
        return printed.split()


def cpu_spent(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    """Return the CPU time between two measurements, including programs that started in between."""
    return {name: used - before.get(name, 0.0) for name, used in sorted(after.items())}


def _cpu_of_tree(process: psutil.Process) -> float:
    """Sum a process and its living descendants, each with the children that it has reaped."""
    total = 0.0
    for one in (process, *process.children(recursive=True)):
        try:
            times = one.cpu_times()
        except psutil.Error:
            continue
        total += sum(times[:4])  # user, system, and the same of its ended children
    return total


@contextmanager
def running_program() -> Iterator[RunningProgram]:
    """Start the program, wait until it is ready and idle, and stop it afterwards."""
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        port = free_ports(1)[0]
        environment = {**os.environ, "REFINERY_VAR": str(folder / "var"), "REFINERY_PORT": str(port)}
        environment.pop("DATABASE_URL", None)
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.program"],
            env=environment,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            _wait_until_ready(process)
            time.sleep(SETTLE_SECONDS)  # workers load their engines after the web process answers
            yield RunningProgram(f"http://127.0.0.1:{port}", folder / "var")
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=STOP_SECONDS)


def _wait_until_ready(process: "subprocess.Popen[str]") -> None:
    said = []
    for line in process.stdout or ():
        said.append(line)
        if line.startswith(READY_LINE):
            return
    message = "the program did not start:\n" + "".join(said[-10:])
    raise RuntimeError(message)
