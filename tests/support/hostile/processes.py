"""Facts about a process and its children, read from /proc."""

import ctypes
import gc
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PAGE_SIZE = os.sysconf("SC_PAGE_SIZE")
CHILD_MODULE = b"ingestion.adapters.reader.child"
PROC = Path("/proc")
SECCOMP_FILTER_MODE = 2
_FILE_SIZE = "Max file size"


@dataclass(frozen=True, slots=True)
class ProcessSnapshot:
    """Snapshot of a process: peak memory and the kernel's file size limit, in bytes.

    `is_parser` marks a process that runs the child module, `has_seccomp_filter` one whose system calls the kernel
    filters, `network` is its network namespace.
    """

    pid: int
    started: float
    cpu_seconds: float
    memory: int
    file_size_limit: float
    is_parser: bool
    has_seccomp_filter: bool
    network: str


def process_tree(pid: int) -> Iterator[ProcessSnapshot]:
    """Yield a process and all its descendants that are still running."""
    process = snapshot(pid)
    if process is not None:
        yield process
    for child in _children(pid):
        yield from process_tree(child)


def snapshot(pid: int) -> ProcessSnapshot | None:
    """Return a snapshot of a process; None if it has ended."""
    place = PROC / str(pid)
    try:
        ticks = (place / "stat").read_text().rpartition(")")[2].split()
        status = dict(line.split(":\t", 1) for line in (place / "status").read_text().splitlines() if ":\t" in line)
        limits = (place / "limits").read_text().splitlines()
        command = (place / "cmdline").read_bytes().split(b"\0")
        network = str((place / "ns" / "net").readlink())
    except OSError:
        return None
    if "VmHWM" not in status:  # a zombie has no memory
        return None
    return ProcessSnapshot(
        pid=pid,
        started=int(ticks[19]) / TICKS,
        cpu_seconds=(int(ticks[11]) + int(ticks[12])) / TICKS,
        memory=int(status["VmHWM"].split()[0]) * 1024,
        file_size_limit=float(
            next(line for line in limits if line.startswith(_FILE_SIZE)).split()[3].replace("unlimited", "inf")
        ),
        is_parser=CHILD_MODULE in command and b"python" in command[0],
        has_seccomp_filter=int(status["Seccomp"]) == SECCOMP_FILTER_MODE,
        network=network,
    )


def is_alive(process: ProcessSnapshot) -> bool:
    """Return whether this process still exists (a zombie included), and not another one with a reused pid."""
    try:
        ticks = (PROC / str(process.pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return False
    return int(ticks[19]) / TICKS == process.started


def own_memory() -> int:
    """Return the resident memory of this process in bytes, without freed memory that the allocator keeps.

    Mapped files, mainly libraries, are excluded: the kernel evicts and reloads them at any time.
    """
    gc.collect()
    if hasattr(libc := ctypes.CDLL(None), "malloc_trim"):
        libc.malloc_trim(0)
    resident, shared = (PROC / "self" / "statm").read_text().split()[1:3]
    return (int(resident) - int(shared)) * PAGE_SIZE


def child_pids() -> set[int]:
    """Return the pids of this process's children."""
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
