"""A zygote: it has loaded everything and read nothing, and gives each document a copy of itself.

To load libraries and models takes most of a second of processor time, a copy some hundredths. It is as clean as a
fresh interpreter, for what it is a copy of has seen no document; it ends with its own, and in a sandbox it lives
in a cell, so that those who live at the same time cannot touch one another.
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

from ingestion.adapters.sandbox.frames import Closed, receive_with_files
from ingestion.adapters.sandbox.limits import ChildLimits, die_with_parent, grant_page
from ingestion.adapters.sandbox.namespaces import enter_cell

ENDING = struct.Struct("!i")  # how a copy ended: its exit code, or the signal below zero
_NUMBER = struct.Struct("!i")
_TALK = 3  # the first descriptor behind the standard ones
_SOCKETS = 2
_DESCRIPTORS = 1024
_PR_SET_CHILD_SUBREAPER = 36

Work = Callable[[socket.socket], None]


def can_copy(*, boxed: bool) -> bool:
    """Say whether copies can be made: of one thread, and in a sandbox (`boxed`) only where there are cells."""
    if sys.platform != "linux" or sum(1 for _ in Path("/proc/self/task").iterdir()) != 1:
        return False
    return not boxed or _cells_open()


def _cells_open() -> bool:
    tried = os.fork()
    if tried == 0:
        os._exit(0 if enter_cell() else 1)
    return os.waitpid(tried, 0)[1] == 0


@dataclass(slots=True)
class Zygote:
    """Makes a copy for each pair of sockets that comes over `link`: one to talk to it, one to tell of its end."""

    link: socket.socket
    limits: ChildLimits
    work: Work
    boxed: bool
    number: int = field(default_factory=os.getpid)
    _poll: "select.poll" = field(default_factory=select.poll)
    _living: dict[int, tuple[int, socket.socket]] = field(default_factory=dict)

    def live(self) -> None:
        """Bear and bury until the parent hangs up."""
        gc.collect()
        gc.freeze()  # what is looked at is copied: leave what all share alone
        if self.boxed:
            _adopt()
        self._poll.register(self.link, select.POLLIN)
        while True:
            for ready, _ in self._poll.poll():
                if ready in self._living:
                    self._bury(ready)
                elif not self._asked():
                    return

    def _asked(self) -> bool:
        try:
            _, sockets = receive_with_files(self.link, _SOCKETS)
        except Closed:
            return False
        if len(sockets) == _SOCKETS:
            self._bear(*sockets)
        return True

    def _bear(self, talk: int, word: int) -> None:
        told = socket.socket(fileno=word)
        try:
            number = self._in_cell(talk) if self.boxed else self._beside(talk)
        except OSError:  # the kernel has no room for one more: those who live are not to die of that
            number = 0
        os.close(talk)
        if not number:
            told.close()
            return
        watched = os.pidfd_open(number)
        with contextlib.suppress(OSError):
            socket.send_fds(told, [b"\0"], [watched])
        self._living[watched] = number, told
        self._poll.register(watched, select.POLLIN)

    def _bury(self, watched: int) -> None:
        number, told = self._living.pop(watched)
        self._poll.unregister(watched)
        os.close(watched)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(number, signal.SIGKILL)  # what it started, where no cell ends that with it
        _, status = os.waitpid(number, 0)
        code = os.waitstatus_to_exitcode(status)
        with contextlib.suppress(OSError), told:
            told.sendall(ENDING.pack(-code if code == signal.SIGXCPU else code))

    def _beside(self, talk: int) -> int:
        number = os.fork()
        if number == 0:
            self._be(talk)
        return number

    def _in_cell(self, talk: int) -> int:
        """Have it born by a stand-in, with whose first child a cell begins; it is ours once that one ended."""
        reading, writing = os.pipe()
        with os.fdopen(reading, "rb") as pipe:
            try:
                stand_in = os.fork()
                if stand_in == 0:
                    self._stand_in(talk, writing)
            finally:
                os.close(writing)
            os.waitpid(stand_in, 0)
            said = pipe.read(_NUMBER.size)
        return int(_NUMBER.unpack(said)[0]) if said else 0

    def _stand_in(self, talk: int, writing: int) -> NoReturn:
        try:
            if enter_cell():
                os.write(writing, _NUMBER.pack(self._beside(talk)))
        finally:
            os._exit(0)

    def _be(self, talk: int) -> NoReturn:
        """Be a copy that holds nothing but its own socket."""
        code = 1
        try:
            os.setsid()
            os.dup2(talk, _TALK, inheritable=False)
            os.closerange(_TALK + 1, _DESCRIPTORS)
            if self.boxed:
                _end_when_spent()
            else:
                die_with_parent(self.number)
            grant_page(self.limits)
            self.work(socket.socket(fileno=_TALK))
            code = 0
        finally:
            os._exit(code)


def _end_when_spent() -> None:
    """End at the limit of processor time: a cell's first process is spared signals that it does not handle."""
    libc = ctypes.CDLL(None)
    libc.signal(signal.SIGXCPU, ctypes.cast(libc["_exit"], ctypes.c_void_p))


def _adopt() -> None:
    """Become the parent of grandchildren whose parent ends."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
