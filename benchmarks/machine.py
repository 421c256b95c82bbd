"""Machine that a figure was measured on, without which it is meaningless."""

import os
import platform
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psutil

from refinery.stack.postgres import BINARIES


@dataclass(frozen=True, slots=True)
class Machine:
    """The machine and the versions that figures depend on."""

    cpu: str
    cores: int
    memory_gib: float
    system: str
    python: str
    postgres: str

    def line(self) -> str:
        """Return the description on one line."""
        return (
            f"{self.cpu}, {self.cores} cores, {self.memory_gib:.0f} GiB; {self.system}; "
            f"Python {self.python}, {self.postgres}"
        )


def describe() -> Machine:
    """Describe this machine."""
    return Machine(
        cpu=_cpu(),
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        memory_gib=psutil.virtual_memory().total / 2**30,
        system=f"{platform.system()} {platform.release()}",
        python=platform.python_version(),
        postgres=_postgres(),
    )


def load() -> float:
    """Return the load of the last minute: above the number of cores, figures are those of a busy machine."""
    return os.getloadavg()[0]


def _cpu() -> str:
    try:
        found = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    except OSError:
        found = None
    return found[1].strip() if found else platform.processor() or platform.machine()


def _postgres() -> str:
    done = subprocess.run([BINARIES / "postgres", "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"\d+(\.\d+)?", done.stdout)
    return f"PostgreSQL {found[0]} (embedded)" if found else "PostgreSQL unknown"
