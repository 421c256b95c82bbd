"""Start of sandbox children: under bubblewrap where that works, else plain, always with limits."""

import json
import os
import shutil
import socket
import subprocess
import sys
from dataclasses import asdict
from functools import cache
from pathlib import Path

from ingestion.adapters.sandbox.limits import SandboxLimits

ROOT = Path(__file__).resolve().parents[3]
_MODULE = "ingestion.adapters.reader.child"
BUBBLEWRAP, PLAIN = "bubblewrap", "plain"
_PACKAGES = ("ingestion", "refinery")
_SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/alternatives")
_PROBE_SECONDS = 20
_MALLOC_SETTINGS = {  # of glibc: a page's images are freed and allocated many times, at a page fault for each 4 KiB
    "MALLOC_MMAP_THRESHOLD_": str(32 * 2**20),
    "MALLOC_TRIM_THRESHOLD_": str(128 * 2**20),
}


class SandboxRequired(OSError):
    """Hostile files are parsed under bubblewrap only, and it is not installed or may not make namespaces here."""

    def __init__(self) -> None:
        """Explain what to do."""
        super().__init__("bubblewrap does not work here: install it, and allow user namespaces to this process")


@cache
def bubblewrap_path() -> str | None:
    """Return bubblewrap's path if it is installed and this machine allows it to make a sandbox, else None."""
    program = shutil.which("bwrap")
    if program is None:
        return None
    try:
        probe = subprocess.run(  # noqa: S603 - fixed program and arguments
            [*readonly_sandbox_command(program), sys.executable, "-S", "-c", ""],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_PROBE_SECONDS,
            env=clean_environment(),
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return program if probe.returncode == 0 else None


def sandbox_kind() -> str:
    """Return the kind of sandbox for children: `bubblewrap`, or `plain` (limits only)."""
    return BUBBLEWRAP if bubblewrap_path() else PLAIN


def require_sandbox() -> None:
    """Raise SandboxRequired unless children can be started under bubblewrap."""
    if sandbox_kind() != BUBBLEWRAP:
        raise SandboxRequired


def start_sandbox(limits: SandboxLimits, kind: str) -> "tuple[subprocess.Popen[bytes], socket.socket]":
    """Start a fresh interpreter that can write nowhere; return it with the parent's end of its socket.

    The calling thread must outlive the child: the kernel ends the child with it. Raises OSError, also if bubblewrap is
    requested and does not work: a plain child never replaces it.
    """
    program = bubblewrap_path() if kind == BUBBLEWRAP else None
    if kind == BUBBLEWRAP and program is None:
        raise SandboxRequired
    ours, theirs = socket.socketpair()
    prefix = readonly_sandbox_command(program) if program else []
    parent = "0" if program else str(os.getpid())
    command = [*prefix, sys.executable, "-s", "-B", "-m", _MODULE, parent, json.dumps(asdict(limits))]
    try:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command,
            stdin=theirs.fileno(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env={**clean_environment(), **_MALLOC_SETTINGS},
            start_new_session=True,
        )
    except OSError:
        ours.close()
        raise
    finally:
        theirs.close()
    return process, ours


def clean_environment() -> dict[str, str]:
    """Return the child's environment: nothing of the parent's but the search path for programs."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LC_ALL": "C.UTF-8",
        "OMP_THREAD_LIMIT": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "ORT_DISABLE_TELEMETRY": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "MALLOC_ARENA_MAX": "2",
    }


def readonly_sandbox_command(program: str) -> list[str]:
    """Return bubblewrap's command for concurrent children: no place in it is writable.

    That includes /proc, where a process could change which one the kernel kills first when memory is short.
    """
    places = ("/tmp", "/dev", "/proc", "/")  # noqa: S108 - the sandbox's own; the root holds the mount points
    return [*sandbox_command(program), *(word for place in places for word in ("--remount-ro", place))]


def sandbox_command(program: str, tmp_bytes: int | None = None) -> list[str]:
    """Return bubblewrap's command: no network, no capabilities, only programs and two of our packages visible.

    `tmp_bytes` limits its temporary folder.
    """
    size = [] if tmp_bytes is None else ["--size", str(tmp_bytes)]
    options = "--unshare-all --cap-drop ALL --die-with-parent --new-session --proc /proc --dev /dev"
    command = [program, *options.split(), *size, "--tmpfs", "/tmp"]  # noqa: S108 - the sandbox's own
    for path in visible_places():
        if Path(path).is_symlink() and path in _SYSTEM:
            command += ["--symlink", str(Path(path).readlink()), path]
        elif Path(path).exists():
            command += ["--ro-bind", path, path]
    return [*command, "--chdir", str(ROOT)]


def visible_places() -> tuple[str, ...]:
    """Return the files and folders that a child needs: the system's programs, the interpreter, two of our packages."""
    interpreter = {sys.prefix, sys.base_prefix, str(Path(sys.executable).resolve().parent.parent)}
    ours = [str(ROOT / package) for package in _PACKAGES]
    return (*_SYSTEM, *sorted(interpreter - {"/usr"}), *ours)
