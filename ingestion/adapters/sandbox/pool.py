"""Sandbox pool: one child per document, forked from a fork server where the kernel allows, else started fresh."""

import contextlib
import os
import signal
import socket
import subprocess
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from ingestion.adapters.sandbox.forked_process import ForkedProcess, StartFailed, fork_worker
from ingestion.adapters.sandbox.frames import ConnectionClosed, Frame, MalformedFrame, receive, send
from ingestion.adapters.sandbox.launcher import sandbox_kind, start_sandbox
from ingestion.adapters.sandbox.limits import SandboxLimits

_SHELL_OFFSET = 128
_START_ATTEMPTS = 2
_EXIT_SECONDS = 30  # from its last message to its end; a busy machine may need some of them
_MAX_WORKERS = 20  # of one fork server at a time: it holds two of its few descriptors for each
_LIMIT_SIGNALS = frozenset({signal.SIGKILL, signal.SIGXCPU, signal.SIGXFSZ})


class SandboxDied(Exception):
    """A child ended, hung or sent an invalid message; `exhausted` says that it hit a limit rather than crashed.

    `cpu_exhausted` says that the limit was its processor time, which unlike memory does not depend on other processes.
    """

    def __init__(self, *, exhausted: bool, cpu_exhausted: bool = False) -> None:
        """Store which limit was exhausted."""
        super().__init__("limit" if exhausted else "crash")
        self.exhausted = exhausted
        self.cpu_exhausted = cpu_exhausted


class SandboxUnavailable(OSError):
    """No child could be started, or it ended before it got a file: a failure of the machine, not of a file."""


@dataclass(slots=True, eq=False)
class SandboxProcess:
    """Process and the socket to it; one that `can_fork` reads nothing itself."""

    process: "subprocess.Popen[bytes] | ForkedProcess"
    link: socket.socket
    died: bool = False
    can_fork: bool = False

    @property
    def pid(self) -> int:
        """Process id (of bubblewrap if the child runs inside)."""
        return self.process.pid

    @property
    def alive(self) -> bool:
        """Return whether it runs."""
        return self.process.poll() is None

    def send_request(self, request: Frame, descriptor: int) -> None:
        """Send a request with an open file; raises SandboxDied."""
        try:
            send(self.link, request, descriptors=(descriptor,))
        except ConnectionClosed as gone:
            raise self._exit_error() from gone

    def receive_frame(self) -> Frame:
        """Wait for the next message; raises SandboxDied, also when the time limit is exceeded."""
        try:
            return receive(self.link)
        except TimeoutError as hung:
            self.terminate()
            self.died = True
            raise SandboxDied(exhausted=True) from hung
        except (ConnectionClosed, MalformedFrame, OSError) as gone:
            raise self._exit_error() from gone

    def _exit_error(self) -> SandboxDied:
        self.died = True
        try:
            code = self.process.wait(timeout=_EXIT_SECONDS)
        except subprocess.TimeoutExpired:
            code = -signal.SIGKILL  # it hangs, which is not a crash
        self.terminate()
        number = -code if code < 0 else code - _SHELL_OFFSET
        return SandboxDied(exhausted=number in _LIMIT_SIGNALS, cpu_exhausted=number == signal.SIGXCPU)

    def terminate(self) -> None:
        """Kill it and all that it started; harmless if it has ended."""
        if isinstance(self.process, subprocess.Popen):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
        with contextlib.suppress(OSError):
            self.process.kill()
        self.process.wait()
        self.link.close()


@dataclass(slots=True, eq=False)
class ForkServerHandle:
    """Fork server and its running workers; when `draining` it forks no more, and ends with the last worker."""

    server: SandboxProcess
    workers: list[SandboxProcess] = field(default_factory=list)
    draining: bool = False

    def fork(self, wall_seconds: float) -> SandboxProcess:
        """Fork a worker; raises StartFailed, after which the server is draining."""
        try:
            process, link = fork_worker(self.server.link, wall_seconds)
        except StartFailed:
            self.draining = True
            raise
        link.settimeout(wall_seconds)
        self.workers.append(SandboxProcess(process, link))
        return self.workers[-1]

    def discard(self, child: SandboxProcess) -> None:
        """Remove a worker; if it died, the server is draining, so that the next attempt has a new memory layout."""
        if child in self.workers:
            self.workers.remove(child)
            self.draining = self.draining or child.died


@dataclass(slots=True)
class SandboxPool:
    """Provides each document with a fresh child, and ends the child after it.

    A fork server with loaded engines forks the children. Where forking is impossible, a single-use spare waits, and
    the next one is started when it is taken. `prestart` says that either is started ahead of need.

    Processes are started from one thread that lives as long as this object, because the kernel ends them with it.
    """

    limits: SandboxLimits = field(default_factory=SandboxLimits)
    kind: str = ""
    prestart: bool = True
    wall_seconds: float = 180.0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _fork_lock: threading.Lock = field(default_factory=threading.Lock)
    _starter: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "sandbox-pool"))
    _standby: "Future[SandboxProcess] | None" = None
    _busy: list[SandboxProcess] = field(default_factory=list)
    _servers: list[ForkServerHandle] = field(default_factory=list)
    _can_fork: bool = True

    def prepare(self) -> None:
        """Start a fork server or a spare, unless one waits or is being started; returns at once."""
        with self._lock:
            if (
                self.prestart
                and self._standby is None
                and self._available_server is None
                and not self._fork_lock.locked()
            ):
                self._standby = self._starter.submit(self._start)

    def acquire(self) -> SandboxProcess:
        """Return a fresh child that is ready; raises OSError (SandboxUnavailable) if there is none."""
        child = self._fork_worker() if self._can_fork else self._ready_process()
        if child.can_fork:  # forking failed for the child before it, but may work now
            with self._fork_lock:
                self._servers.append(ForkServerHandle(child))
            child = self._fork_worker()
        with self._lock:
            self._busy.append(child)
        return child

    def release(self, child: SandboxProcess) -> None:
        """End a child after its document, and prepare the next one."""
        child.terminate()
        with self._lock:
            if child in self._busy:
                self._busy.remove(child)
        with self._fork_lock:
            for line in self._servers:
                line.discard(child)
            self._reap()
        self.prepare()

    def busy(self) -> tuple[SandboxProcess, ...]:
        """Return the children that are reading."""
        with self._lock:
            return tuple(self._busy)

    def close(self) -> None:
        """End waiting processes and start no more."""
        with self._lock:
            self.prestart = False
            waiting, self._standby = self._standby, None
        if waiting:
            waiting.result().terminate()
        with self._fork_lock:
            for line in self._servers:
                line.server.terminate()
            self._servers.clear()
        self._starter.shutdown()

    @property
    def _available_server(self) -> ForkServerHandle | None:
        """Return a fork server that has room for one more worker."""
        return next((line for line in self._servers if not line.draining and len(line.workers) < _MAX_WORKERS), None)

    def _fork_worker(self) -> SandboxProcess:
        """Return a forked worker, or the first child itself if it cannot fork."""
        with self._fork_lock:
            for _ in range(_START_ATTEMPTS):
                line = self._available_server
                if line is None:
                    child = self._ready_process()
                    if not child.can_fork:
                        return child
                    line = ForkServerHandle(child)
                    self._servers.append(line)
                try:
                    return line.fork(self.wall_seconds)
                except StartFailed:
                    self._reap()
        raise SandboxUnavailable

    def _reap(self) -> None:
        """End draining fork servers without workers."""
        for line in [line for line in self._servers if line.draining and not line.workers]:
            line.server.terminate()
            self._servers.remove(line)

    def _ready_process(self) -> SandboxProcess:
        """Return a new or waiting process after its greeting."""
        with self._lock:
            waiting, self._standby = self._standby, None
        child = waiting.result() if waiting else None
        if child is None or not child.alive:
            if child is not None:
                child.terminate()
            child = self._starter.submit(self._start).result()
        try:
            greeting = child.receive_frame()
        except SandboxDied as failed:
            raise SandboxUnavailable from failed
        if greeting.kind != "ready":
            child.terminate()
            raise SandboxUnavailable
        self._can_fork = child.can_fork = bool(greeting.head.get("can_fork"))
        return child

    def _start(self) -> SandboxProcess:
        process, link = start_sandbox(self.limits, self.kind or sandbox_kind())
        link.settimeout(self.wall_seconds)
        return SandboxProcess(process, link)
