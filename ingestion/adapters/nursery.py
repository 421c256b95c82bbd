"""Children: started ahead of need, used for one document, ended for good."""

import contextlib
import os
import signal
import socket
import subprocess
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from ingestion.adapters.child.frames import Closed, Frame, Malformed, receive, send
from ingestion.adapters.limits import ChildLimits
from ingestion.adapters.sandbox import sandbox_kind, start_child

_SHELL_OFFSET = 128
_EXHAUSTED = frozenset({signal.SIGKILL, signal.SIGXCPU, signal.SIGXFSZ})


class ChildDied(Exception):
    """A child ended, hung or spoke nonsense; `exhausted` says that it ran into a limit rather than crashed.

    `spent` says that the limit was its processor time: unlike memory, nobody else can have taken that.
    """

    def __init__(self, *, exhausted: bool, spent: bool = False) -> None:
        """Keep the verdict."""
        super().__init__("limit" if exhausted else "crash")
        self.exhausted = exhausted
        self.spent = spent


@dataclass(slots=True)
class Child:
    """One process and the socket to it."""

    process: "subprocess.Popen[bytes]"
    link: socket.socket
    wall_seconds: float

    @property
    def pid(self) -> int:
        """Give the process id (of bubblewrap where the child runs inside)."""
        return self.process.pid

    @property
    def alive(self) -> bool:
        """Say whether it runs."""
        return self.process.poll() is None

    def ask(self, request: Frame, descriptor: int) -> None:
        """Send a request with an open file; raises ChildDied."""
        try:
            send(self.link, request, descriptors=(descriptor,))
        except Closed as gone:
            raise self._death() from gone

    def answer(self) -> Frame:
        """Wait for the next message; raises ChildDied, also when it takes longer than anything should."""
        try:
            return receive(self.link)
        except TimeoutError as hung:
            self.end()
            raise ChildDied(exhausted=True) from hung
        except (Closed, Malformed, OSError) as gone:
            raise self._death() from gone

    def _death(self) -> ChildDied:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=5)
        code = self.process.poll()
        self.end()
        number = -code if code and code < 0 else (code or 0) - _SHELL_OFFSET
        return ChildDied(exhausted=number in _EXHAUSTED, spent=number == signal.SIGXCPU)

    def end(self) -> None:
        """End it and all that it started; harmless when it ended before."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        with contextlib.suppress(OSError):
            self.process.kill()
        self.process.wait()
        self.link.close()


@dataclass(slots=True)
class Nursery:
    """Starts children from one thread that lives as long as the process, for the kernel ends them with it.

    A spare that has never seen a document waits, its engines loaded, so that a reading starts at once.
    """

    limits: ChildLimits = field(default_factory=ChildLimits)
    kind: str = ""
    spare: bool = True
    wall_seconds: float = 180.0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "nursery"))
    _waiting: "Future[Child] | None" = None
    _busy: list[Child] = field(default_factory=list)

    def prepare(self) -> None:
        """Start a spare unless one waits; returns at once."""
        with self._lock:
            if self.spare and self._waiting is None:
                self._waiting = self._thread.submit(self._start)

    def take(self) -> Child:
        """Give a child that is ready and has seen nothing; raises ChildDied when none can be started."""
        with self._lock:
            waiting, self._waiting = self._waiting, None
        child = waiting.result() if waiting else None
        if child is None or not child.alive:
            if child is not None:
                child.end()
            child = self._thread.submit(self._start).result()
        greeting = child.answer()
        if greeting.kind != "ready":
            child.end()
            raise ChildDied(exhausted=False)
        with self._lock:
            self._busy.append(child)
        return child

    def retire(self, child: Child) -> None:
        """End a child after its document, and have the next one ready."""
        child.end()
        with self._lock:
            if child in self._busy:
                self._busy.remove(child)
        self.prepare()

    def busy(self) -> tuple[Child, ...]:
        """Give the children that are reading."""
        with self._lock:
            return tuple(self._busy)

    def close(self) -> None:
        """End the spare and start none again."""
        with self._lock:
            self.spare = False
            waiting, self._waiting = self._waiting, None
        if waiting:
            waiting.result().end()
        self._thread.shutdown()

    def _start(self) -> Child:
        process, link = start_child(self.limits, self.kind or sandbox_kind())
        link.settimeout(self.wall_seconds)
        return Child(process, link, self.wall_seconds)
