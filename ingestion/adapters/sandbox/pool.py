"""Children: one for each document, ended with it. Copies of a zygote where the kernel allows, else spares."""

import contextlib
import os
import signal
import socket
import subprocess
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from ingestion.adapters.sandbox.forked_process import Copy, NotBorn, copy_of
from ingestion.adapters.sandbox.frames import Closed, Frame, Malformed, receive, send
from ingestion.adapters.sandbox.launcher import sandbox_kind, start_child
from ingestion.adapters.sandbox.limits import ChildLimits

_SHELL_OFFSET = 128
_TRIES = 2
_ENDING_SECONDS = 30  # from its last word to its end; a busy machine may take some of them
_COPIES_TO = 20  # of one zygote at a time: it holds two of its few descriptors for each
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


class NoChild(OSError):
    """None could be started, or it ended before it was given a file: this machine's trouble, and no file's."""


@dataclass(slots=True, eq=False)
class Child:
    """One process and the socket to it; one that makes `copies` of itself reads nothing."""

    process: "subprocess.Popen[bytes] | Copy"
    link: socket.socket
    died: bool = False
    copies: bool = False

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
            self.died = True
            raise ChildDied(exhausted=True) from hung
        except (Closed, Malformed, OSError) as gone:
            raise self._death() from gone

    def _death(self) -> ChildDied:
        self.died = True
        try:
            code = self.process.wait(timeout=_ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            code = -signal.SIGKILL  # it hangs, which is no crash
        self.end()
        number = -code if code < 0 else code - _SHELL_OFFSET
        return ChildDied(exhausted=number in _EXHAUSTED, spent=number == signal.SIGXCPU)

    def end(self) -> None:
        """End it and all that it started; harmless when it ended before."""
        if isinstance(self.process, subprocess.Popen):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
        with contextlib.suppress(OSError):
            self.process.kill()
        self.process.wait()
        self.link.close()


@dataclass(slots=True, eq=False)
class Line:
    """A zygote and those of its copies that live; once `over` it makes no more, and ends with the last of them."""

    zygote: Child
    copies: list[Child] = field(default_factory=list)
    over: bool = False

    def copy(self, wall_seconds: float) -> Child:
        """Have one more; raises NotBorn, after which none will be."""
        try:
            process, link = copy_of(self.zygote.link, wall_seconds)
        except NotBorn:
            self.over = True
            raise
        link.settimeout(wall_seconds)
        self.copies.append(Child(process, link))
        return self.copies[-1]

    def lose(self, child: Child) -> None:
        """Have one less. After one that died no more are made: to the next attempt memory is laid out anew."""
        if child in self.copies:
            self.copies.remove(child)
            self.over = self.over or child.died


@dataclass(slots=True)
class Nursery:
    """Gives each document a child that has seen nothing, and ends it after that.

    A zygote waits, its engines loaded, and makes copies of itself. Where none can be made a spare waits that is
    used up itself, and the next one is started then. `spare` says that either is started ahead of need.

    Processes are started from one thread that lives as long as this one, for the kernel ends them with it.
    """

    limits: ChildLimits = field(default_factory=ChildLimits)
    kind: str = ""
    spare: bool = True
    wall_seconds: float = 180.0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _births: threading.Lock = field(default_factory=threading.Lock)
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "nursery"))
    _waiting: "Future[Child] | None" = None
    _busy: list[Child] = field(default_factory=list)
    _lines: list[Line] = field(default_factory=list)
    _copies: bool = True

    def prepare(self) -> None:
        """Start a zygote, or a spare, unless one waits or is being started; returns at once."""
        with self._lock:
            if self.spare and self._waiting is None and self._line is None and not self._births.locked():
                self._waiting = self._thread.submit(self._start)

    def take(self) -> Child:
        """Give a child that is ready and has seen nothing; raises OSError (NoChild) when there is none."""
        child = self._copied() if self._copies else self._ready()
        if child.copies:  # what was refused to the one before it for once
            with self._births:
                self._lines.append(Line(child))
            child = self._copied()
        with self._lock:
            self._busy.append(child)
        return child

    def retire(self, child: Child) -> None:
        """End a child after its document, and have the next one ready."""
        child.end()
        with self._lock:
            if child in self._busy:
                self._busy.remove(child)
        with self._births:
            for line in self._lines:
                line.lose(child)
            self._bury()
        self.prepare()

    def busy(self) -> tuple[Child, ...]:
        """Give the children that are reading."""
        with self._lock:
            return tuple(self._busy)

    def close(self) -> None:
        """End what waits and start none again."""
        with self._lock:
            self.spare = False
            waiting, self._waiting = self._waiting, None
        if waiting:
            waiting.result().end()
        with self._births:
            for line in self._lines:
                line.zygote.end()
            self._lines.clear()
        self._thread.shutdown()

    @property
    def _line(self) -> Line | None:
        """Give a zygote that makes copies and has room for one more."""
        return next((line for line in self._lines if not line.over and len(line.copies) < _COPIES_TO), None)

    def _copied(self) -> Child:
        """Give a copy of the zygote; the first child itself where it turns out that none can be made."""
        with self._births:
            for _ in range(_TRIES):
                line = self._line
                if line is None:
                    child = self._ready()
                    if not child.copies:
                        return child
                    line = Line(child)
                    self._lines.append(line)
                try:
                    return line.copy(self.wall_seconds)
                except NotBorn:
                    self._bury()
        raise NoChild

    def _bury(self) -> None:
        """End the zygotes whose lines are over."""
        for line in [line for line in self._lines if line.over and not line.copies]:
            line.zygote.end()
            self._lines.remove(line)

    def _ready(self) -> Child:
        """Give a process that has just been started, or has waited, once it greets."""
        with self._lock:
            waiting, self._waiting = self._waiting, None
        child = waiting.result() if waiting else None
        if child is None or not child.alive:
            if child is not None:
                child.end()
            child = self._thread.submit(self._start).result()
        try:
            greeting = child.answer()
        except ChildDied as stillborn:
            raise NoChild from stillborn
        if greeting.kind != "ready":
            child.end()
            raise NoChild
        self._copies = child.copies = bool(greeting.head.get("copies"))
        return child

    def _start(self) -> Child:
        process, link = start_child(self.limits, self.kind or sandbox_kind())
        link.settimeout(self.wall_seconds)
        return Child(process, link)
