"""A zygote as its parent sees it: asked for copies, each of which is a process that can be watched and ended."""

import contextlib
import os
import select
import signal
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

from ingestion.adapters.sandbox.fork_server import ENDING
from ingestion.adapters.sandbox.frames import Closed, Frame, send


class NotBorn(Exception):
    """The zygote gave no copy: it has ended, or the kernel refused."""


@dataclass(slots=True)
class Copy:
    """A copy's process: the kernel's handle to it, and the zygote's word on how it ended.

    Stands where a Popen does that was started as the first of its group.
    """

    handle: int
    word: socket.socket
    pid: int
    returncode: int | None = None

    def poll(self) -> int | None:
        """Give the exit code, a signal below zero; None while it runs."""
        if self.returncode is None and self._has_word(0):
            self._take_word()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the exit code; raises subprocess.TimeoutExpired."""
        if self.returncode is None and not self._has_word(timeout):
            raise subprocess.TimeoutExpired("copy", timeout or 0)
        return self._take_word()

    def kill(self) -> None:
        """End it, with all that it started."""
        if self.handle >= 0:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                signal.pidfd_send_signal(self.handle, signal.SIGKILL)

    def _has_word(self, seconds: float | None) -> bool:
        poll = select.poll()
        poll.register(self.word, select.POLLIN)
        return bool(poll.poll(None if seconds is None else 1000 * seconds))

    def _take_word(self) -> int:
        if self.returncode is None:
            try:
                said = self.word.recv(ENDING.size)
            except OSError:
                said = b""
            # a zygote that ended took its copies along
            self.returncode = int(ENDING.unpack(said)[0]) if len(said) == ENDING.size else -signal.SIGKILL
            self.word.close()
            os.close(self.handle)
            self.handle = -1
        return self.returncode


def copy_of(zygote: socket.socket, wall_seconds: float) -> tuple[Copy, socket.socket]:
    """Have a zygote make a copy of itself; gives its process and the socket to it. Raises NotBorn.

    A zygote that has just greeted goes on loading: `wall_seconds` are as many as anything may take.
    """
    ours, theirs = socket.socketpair()
    word, told = socket.socketpair()
    with theirs, told:
        try:
            send(zygote, Frame({"kind": "copy"}), descriptors=(theirs.fileno(), told.fileno()))
        except Closed as gone:
            ours.close()
            word.close()
            raise NotBorn from gone
    word.settimeout(wall_seconds)
    try:
        _, handles, _, _ = socket.recv_fds(word, 1, 1)
    except OSError:
        handles = []
    if not handles:
        ours.close()
        word.close()
        raise NotBorn
    return Copy(handles[0], word, _number(handles[0])), ours


def _number(handle: int) -> int:
    """Give the process number as this process sees it."""
    lines = Path(f"/proc/self/fdinfo/{handle}").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pid:"))
