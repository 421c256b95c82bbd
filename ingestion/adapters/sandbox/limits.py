"""What the child may use, set by itself before it loads a parser; none of it can be raised again."""

import ctypes
import os
import resource
import signal
import sys
from dataclasses import dataclass, replace

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """Memory and output in bytes; processor seconds for one page, and for the child's whole life.

    To be born takes as long as it takes, on a busy machine too: the time of a page is granted with the page.

    A page that has all its time to itself ends within a minute, the opening of its file included. Once a child has
    died over a document each of its pages is allowed no more than `hurried_cpu_seconds`, which is several times
    what the hardest honest page takes: many pages that never end do not take many times as long as one.

    A document of more than `pages` pages is refused, for what is left out of one would be missed.

    `behind` is how far the child steps back for others: people who look at pages go before pages that are read.
    """

    memory: int = 3 * 2**30
    page_cpu_seconds: int = 40
    hurried_cpu_seconds: int = 12
    life_cpu_seconds: int = 4 * 3600
    output: int = 0
    open_files: int = 64
    behind: int = 5
    pages: int = 2000

    def hurried(self) -> "ChildLimits":
        """Give the limits of who reads a document over which another one died."""
        return replace(self, page_cpu_seconds=min(self.page_cpu_seconds, self.hurried_cpu_seconds))


def apply_limits(limits: ChildLimits) -> None:
    """Set the limits of this process and of what it starts, but for what a page may take."""
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, limits.output)
    _limit(resource.RLIMIT_NOFILE, limits.open_files)
    _limit(resource.RLIMIT_CPU, limits.life_cpu_seconds)
    _limit(resource.RLIMIT_AS, limits.memory)
    os.nice(limits.behind)


def grant_page(limits: ChildLimits) -> None:
    """Give the next page its share of processor time; past it the kernel ends the process (SIGXCPU)."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + 1 + limits.page_cpu_seconds
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _limit(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
    try:
        resource.setrlimit(kind, (allowed, allowed))
    except (ValueError, OSError):  # macOS refuses RLIMIT_AS; the parent's backstop holds there
        return


def die_with_parent(parent: int) -> None:
    """Ask the kernel to end this process when the thread that started it ends, and to grant no new rights."""
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if parent and os.getppid() != parent:  # it ended before the request was made
        os._exit(1)
