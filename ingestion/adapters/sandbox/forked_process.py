"""Client of the fork server: it requests workers, each of which is a process that can be watched and ended."""

import contextlib
import os
import select
import signal
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

from ingestion.adapters.sandbox.fork_server import EXIT_STATUS
from ingestion.adapters.sandbox.frames import ConnectionClosed, Frame, send


class StartFailed(Exception):
    """The fork server started no worker: it has ended, or the kernel refused."""


@dataclass(slots=True)
class ForkedProcess:
    """Process of a worker: its pidfd, and the channel on which the fork server reports how it ended.

    It has the interface of a Popen that was started as a group leader.
    """

    pidfd: int
    exit_channel: socket.socket
    pid: int
    returncode: int | None = None

    def poll(self) -> int | None:
        """Return the exit code, a negative signal number, or None while it runs."""
        if self.returncode is None and self._exit_reported(0):
            self._read_exit_code()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the exit code; raises subprocess.TimeoutExpired."""
        if self.returncode is None and not self._exit_reported(timeout):
            raise subprocess.TimeoutExpired("forked process", timeout or 0)
        return self._read_exit_code()

    def kill(self) -> None:
        """Kill it with all processes that it started."""
        if self.pidfd >= 0:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)

    def _exit_reported(self, seconds: float | None) -> bool:
        poll = select.poll()
        poll.register(self.exit_channel, select.POLLIN)
        return bool(poll.poll(None if seconds is None else 1000 * seconds))

    def _read_exit_code(self) -> int:
        if self.returncode is None:
            try:
                status = self.exit_channel.recv(EXIT_STATUS.size)
            except OSError:
                status = b""
            # a fork server that ended took its workers with it
            self.returncode = int(EXIT_STATUS.unpack(status)[0]) if len(status) == EXIT_STATUS.size else -signal.SIGKILL
            self.exit_channel.close()
            os.close(self.pidfd)
            self.pidfd = -1
        return self.returncode


def fork_worker(server: socket.socket, wall_seconds: float) -> tuple[ForkedProcess, socket.socket]:
    """Make a fork server fork a worker; return its process and the socket to it. Raises StartFailed.

    A fork server that has just greeted continues loading, hence the general time limit `wall_seconds`.
    """
    ours, theirs = socket.socketpair()
    exit_channel, exit_writer = socket.socketpair()
    with theirs, exit_writer:
        try:
            send(server, Frame({"kind": "fork"}), descriptors=(theirs.fileno(), exit_writer.fileno()))
        except ConnectionClosed as gone:
            ours.close()
            exit_channel.close()
            raise StartFailed from gone
    exit_channel.settimeout(wall_seconds)
    try:
        _, handles, _, _ = socket.recv_fds(exit_channel, 1, 1)
    except OSError:
        handles = []
    if not handles:
        ours.close()
        exit_channel.close()
        raise StartFailed
    return ForkedProcess(handles[0], exit_channel, _pid_of(handles[0])), ours


def _pid_of(handle: int) -> int:
    """Return the process id in this process's namespace."""
    lines = Path(f"/proc/self/fdinfo/{handle}").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pid:"))
