"""What Linux tells of a process and its children, looked at from outside."""

import ctypes
import gc
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PAGE_SIZE = os.sysconf("SC_PAGE_SIZE")
MODULE = b"ingestion.adapters.reader.child"
PROC = Path("/proc")
_FILTERED = 2
_FILE_SIZE = "Max file size"


@dataclass(frozen=True, slots=True)
class Process:
    """One look at a process: memory at its peak, and how much the kernel lets it write to a file, in bytes.

    `parses` says that it runs the child's module, `filtered` that the kernel refuses it system calls, `network`
    names its network namespace.
    """

    pid: int
    started: float
    cpu_seconds: float
    memory: int
    may_write: float
    parses: bool
    filtered: bool
    network: str


def family(pid: int) -> Iterator[Process]:
    """Give a process and all that came of it, as far as they still live."""
    process = look_at(pid)
    if process is not None:
        yield process
    for child in _children(pid):
        yield from family(child)


def look_at(pid: int) -> Process | None:
    """Look at one process; None when it is gone."""
    place = PROC / str(pid)
    try:
        ticks = (place / "stat").read_text().rpartition(")")[2].split()
        status = dict(
            line.split(":\t", 1) for line in (place / "status").read_text().splitlines() if ":\t" in line
        )
        limits = (place / "limits").read_text().splitlines()
        command = (place / "cmdline").read_bytes().split(b"\0")
        network = str((place / "ns" / "net").readlink())
    except OSError:
        return None
    if "VmHWM" not in status:  # a zombie has no memory any more
        return None
    return Process(
        pid=pid,
        started=int(ticks[19]) / TICKS,
        cpu_seconds=(int(ticks[11]) + int(ticks[12])) / TICKS,
        memory=int(status["VmHWM"].split()[0]) * 1024,
        may_write=float(
            next(line for line in limits if line.startswith(_FILE_SIZE)).split()[3].replace("unlimited", "inf")
        ),
        parses=MODULE in command and b"python" in command[0],
        filtered=int(status["Seccomp"]) == _FILTERED,
        network=network,
    )


def alive(process: Process) -> bool:
    """Say whether this very process, and no other that got its number, still runs or waits to be buried."""
    try:
        ticks = (PROC / str(process.pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return False
    return int(ticks[19]) / TICKS == process.started


def own_memory() -> int:
    """Give the memory that this process holds, in bytes, without what its allocator keeps for later.

    Nor with what it maps of files, libraries above all: the kernel takes that away and brings it back as it likes.
    """
    gc.collect()
    if hasattr(libc := ctypes.CDLL(None), "malloc_trim"):
        libc.malloc_trim(0)
    resident, shared = (PROC / "self" / "statm").read_text().split()[1:3]
    return (int(resident) - int(shared)) * PAGE_SIZE


def own_children() -> set[int]:
    """Give the numbers of this process's children."""
    return set(_children(os.getpid()))


def _children(pid: int) -> list[int]:
    found: list[int] = []
    try:
        tasks = list((PROC / str(pid) / "task").iterdir())
    except OSError:
        return found
    for task in tasks:
        try:
            found += [int(child) for child in (task / "children").read_text().split()]
        except OSError:
            continue
    return found
