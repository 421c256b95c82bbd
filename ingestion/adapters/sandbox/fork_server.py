"""Fork server: a process with everything loaded and no document read, which forks a worker for each document.

Loading libraries and models takes most of a second of processor time, a fork some hundredths. A worker is as clean
as a fresh interpreter, because the process that it was forked from has seen no document. It ends with its document,
and in a sandbox it has separate namespaces, so that concurrent workers cannot affect one another.
"""

import contextlib
import ctypes
import gc
import os
import select
import signal
import socket
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from ingestion.adapters.sandbox.frames import ConnectionClosed, receive_with_descriptors
from ingestion.adapters.sandbox.limits import SandboxLimits, die_with_parent, grant_page_cpu
from ingestion.adapters.sandbox.namespaces import isolate_namespaces

EXIT_STATUS = struct.Struct("!i")  # how a worker ended: its exit code, or the negative signal number
_PID = struct.Struct("!i")
_WORKER_FD = 3  # the first descriptor after the standard ones
_SOCKETS = 2
_DESCRIPTORS = 1024
_PR_SET_CHILD_SUBREAPER = 36

WorkerMain = Callable[[socket.socket], None]


def can_fork(*, in_sandbox: bool) -> bool:
    """Return whether workers can be forked: with one thread, and in a sandbox only if namespaces can be isolated."""
    if sys.platform != "linux" or sum(1 for _ in Path("/proc/self/task").iterdir()) != 1:
        return False
    return not in_sandbox or _can_isolate()


def _can_isolate() -> bool:
    probe = os.fork()
    if probe == 0:
        os._exit(0 if isolate_namespaces() else 1)
    return os.waitpid(probe, 0)[1] == 0


@dataclass(slots=True)
class ForkServer:
    """Forks a worker for each pair of sockets received over `link`: one for its requests, one to report its end."""

    link: socket.socket
    limits: SandboxLimits
    work: WorkerMain
    in_sandbox: bool
    pid: int = field(default_factory=os.getpid)
    _poll: "select.poll" = field(default_factory=select.poll)
    _workers: dict[int, tuple[int, socket.socket]] = field(default_factory=dict)

    def run(self) -> None:
        """Fork and reap workers until the parent disconnects."""
        gc.collect()
        gc.freeze()  # a collection would touch, and so copy, the pages shared with the workers
        if self.in_sandbox:
            _become_subreaper()
        self._poll.register(self.link, select.POLLIN)
        while True:
            for ready, _ in self._poll.poll():
                if ready in self._workers:
                    self._reap(ready)
                elif not self._handle_request():
                    return

    def _handle_request(self) -> bool:
        try:
            _, sockets = receive_with_descriptors(self.link, _SOCKETS)
        except ConnectionClosed:
            return False
        if len(sockets) == _SOCKETS:
            self._spawn(*sockets)
        return True

    def _spawn(self, worker_fd: int, exit_fd: int) -> None:
        exit_channel = socket.socket(fileno=exit_fd)
        try:
            pid = self._fork_in_namespaces(worker_fd) if self.in_sandbox else self._fork(worker_fd)
        except OSError:  # the kernel has no resources for another worker: the running ones must survive that
            pid = 0
        os.close(worker_fd)
        if not pid:
            exit_channel.close()
            return
        pidfd = os.pidfd_open(pid)
        with contextlib.suppress(OSError):
            socket.send_fds(exit_channel, [b"\0"], [pidfd])
        self._workers[pidfd] = pid, exit_channel
        self._poll.register(pidfd, select.POLLIN)

    def _reap(self, pidfd: int) -> None:
        pid, exit_channel = self._workers.pop(pidfd)
        self._poll.unregister(pidfd)
        os.close(pidfd)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)  # its descendants, where no namespace ends them with it
        _, status = os.waitpid(pid, 0)
        code = os.waitstatus_to_exitcode(status)
        with contextlib.suppress(OSError), exit_channel:
            exit_channel.sendall(EXIT_STATUS.pack(-code if code == signal.SIGXCPU else code))

    def _fork(self, worker_fd: int) -> int:
        pid = os.fork()
        if pid == 0:
            self._run_worker(worker_fd)
        return pid

    def _fork_in_namespaces(self, worker_fd: int) -> int:
        """Fork a worker through an intermediate process, whose first child starts the namespaces.

        The worker is adopted by this process after the intermediate one has ended.
        """
        reading, writing = os.pipe()
        with os.fdopen(reading, "rb") as pipe:
            try:
                intermediate = os.fork()
                if intermediate == 0:
                    self._run_intermediate(worker_fd, writing)
            finally:
                os.close(writing)
            os.waitpid(intermediate, 0)
            packed = pipe.read(_PID.size)
        return int(_PID.unpack(packed)[0]) if packed else 0

    def _run_intermediate(self, worker_fd: int, writing: int) -> NoReturn:
        try:
            if isolate_namespaces():
                os.write(writing, _PID.pack(self._fork(worker_fd)))
        finally:
            os._exit(0)

    def _run_worker(self, worker_fd: int) -> NoReturn:
        """Run as a worker that holds only its own socket."""
        code = 1
        try:
            os.setsid()
            os.dup2(worker_fd, _WORKER_FD, inheritable=False)
            os.closerange(_WORKER_FD + 1, _DESCRIPTORS)
            if self.in_sandbox:
                _exit_at_cpu_limit()
            else:
                die_with_parent(self.pid)
            grant_page_cpu(self.limits)
            self.work(socket.socket(fileno=_WORKER_FD))
            code = 0
        finally:
            os._exit(code)


def _exit_at_cpu_limit() -> None:
    """Exit at the limit of processor time: the init process of a namespace does not get signals it does not handle."""
    libc = ctypes.CDLL(None)
    libc.signal(signal.SIGXCPU, ctypes.cast(libc["_exit"], ctypes.c_void_p))


def _become_subreaper() -> None:
    """Become the parent of grandchildren whose parent ends."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
