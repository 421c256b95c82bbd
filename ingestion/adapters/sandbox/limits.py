"""Resource limits of a sandbox child, which it sets before it loads a parser and cannot raise again."""

import ctypes
import os
import resource
import signal
import sys
from dataclasses import dataclass, replace
from typing import Final

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
BACKGROUND_NICENESS: Final = 5


@dataclass(frozen=True, slots=True)
class SandboxLimits:
    """Memory and output in bytes; processor seconds for one page, and for the child's whole life.

    Startup has no time limit, because a busy machine may delay it: processor time is granted with each page.

    A page that uses up its time ends within a minute, including the opening of its file. Once a child has died over a
    document, each of its pages gets at most `retry_cpu_seconds`, several times the need of the hardest regular page,
    so that many endless pages do not take many times as long as one.

    A document of more than `max_pages` pages is refused, because pages left out would be missed.

    `niceness` lowers the child's priority: displaying pages for people has precedence over reading. A child of a pool
    that people and documents share lowers it itself when its request is a document.
    """

    memory_bytes: int = 3 * 2**30
    page_cpu_seconds: int = 40
    retry_cpu_seconds: int = 12
    total_cpu_seconds: int = 4 * 3600
    output_bytes: int = 0
    open_files: int = 64
    niceness: int = BACKGROUND_NICENESS
    max_pages: int = 2000

    def for_retry(self) -> "SandboxLimits":
        """Return the limits for reading a document over which another child died."""
        return replace(self, page_cpu_seconds=min(self.page_cpu_seconds, self.retry_cpu_seconds))


def apply_limits(limits: SandboxLimits) -> None:
    """Set the limits of this process and its descendants, except for the time of a page."""
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, limits.output_bytes)
    _limit(resource.RLIMIT_NOFILE, limits.open_files)
    _limit(resource.RLIMIT_CPU, limits.total_cpu_seconds)
    _limit(resource.RLIMIT_AS, limits.memory_bytes)
    os.nice(limits.niceness)


def lower_priority(niceness: int) -> None:
    """Set the niceness of this process, unless it is that nice already."""
    os.setpriority(os.PRIO_PROCESS, 0, max(niceness, os.getpriority(os.PRIO_PROCESS, 0)))


def grant_page_cpu(limits: SandboxLimits) -> None:
    """Grant processor time to the next page; the kernel ends the process when it is used up (SIGXCPU)."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + 1 + limits.page_cpu_seconds
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _limit(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
    try:
        resource.setrlimit(kind, (allowed, allowed))
    except (ValueError, OSError):  # macOS refuses RLIMIT_AS; the parent's time-out applies there
        return


def die_with_parent(parent: int) -> None:
    """Make the kernel end this process when the thread that started it ends, and deny new privileges."""
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if parent and os.getppid() != parent:  # the parent ended before the request was made
        os._exit(1)
