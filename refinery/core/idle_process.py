"""A child process for libraries that keep hundreds of megabytes once imported: it ends when it has nothing to do.

The child is a fresh interpreter, not a fork: forking a process with threads may hang. It imports only the modules of
the functions that it runs. `python -m refinery.core.idle_process NUMBER` is the child, with the number of its pipe.
"""

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock, Thread, Timer, current_thread
from typing import Any, Final, ParamSpec, TypeVar

IDLE_SECONDS: Final = 30.0
_LOOK_EVERY: Final = 0.5  # seconds after which a waiting thread notices that its activity was cancelled
_ROOT: Final = Path(__file__).resolve().parents[2]
P = ParamSpec("P")
T = TypeVar("T")


class IdleProcessEnded(RuntimeError):
    """The child ended before it answered, for instance because memory ran out."""


class _Child:
    """A running child and the parent's end of its pipe."""

    def __init__(self) -> None:
        ours, theirs = Pipe()
        command = [sys.executable, "-m", __name__, str(theirs.fileno())]
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                command, stdin=subprocess.PIPE, pass_fds=[theirs.fileno()], cwd=_ROOT
            )
        self._pipe = ours

    def ask(self, question: tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]) -> tuple[bool, Any]:
        """Return whether the function succeeded, and its result or exception; raises IdleProcessEnded."""
        try:
            self._pipe.send(question)
            while not self._pipe.poll(_LOOK_EVERY):
                pass
            answer: tuple[bool, Any] = self._pipe.recv()
        except (EOFError, ConnectionError) as reason:
            message = f"exit status {self._process.wait()}"
            raise IdleProcessEnded(message) from reason
        return answer

    def end(self) -> None:
        """End the child, also in the middle of its work."""
        self._process.kill()
        self._process.communicate()
        self._pipe.close()


class IdleProcess:
    """Runs functions one at a time in a child, which starts with the first and ends after idle seconds."""

    def __init__(self, idle_seconds: float = IDLE_SECONDS) -> None:
        """Store the limit; nothing starts yet."""
        self._idle_seconds = idle_seconds
        self._lock = Lock()
        self._child: _Child | None = None
        self._timer: Timer | None = None

    def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return the function's result or raise its exception; both are pickled, the function by its name.

        Raises IdleProcessEnded. If the waiting thread is interrupted, the child ends.
        """
        with self._lock:
            self._forget_timer()
            try:
                self._child = self._child or _Child()
                succeeded, result = self._child.ask((function, args, kwargs))
            except BaseException:
                self._end()
                raise
            self._timer = Timer(self._idle_seconds, self._end_if_idle)
            self._timer.daemon = True
            self._timer.start()
        if not succeeded:
            raise result
        answer: T = result
        return answer

    def _forget_timer(self) -> None:
        timer, self._timer = self._timer, None  # one that has expired already finds that it is not the current one
        if timer:
            timer.cancel()

    def _end_if_idle(self) -> None:
        with self._lock:
            if self._timer is current_thread():
                self._timer = None
                self._end()

    def _end(self) -> None:
        child, self._child = self._child, None
        if child:
            child.end()


def _attempt(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> bytes:
    """Return the pickled answer; an exception that cannot be unpickled becomes a RuntimeError with its type's name."""
    try:
        return pickle.dumps((True, function(*args, **kwargs)))
    except Exception as error:  # noqa: BLE001 - the parent raises it
        try:
            answer = pickle.dumps((False, error))
            pickle.loads(answer)  # noqa: S301 - written in the line before
        except Exception:  # noqa: BLE001 - whatever its class does
            return pickle.dumps((False, RuntimeError(type(error).__name__)))
        return answer


def _end_with_parent() -> None:
    """End this process as soon as the parent's end of standard input is closed, also while it computes."""
    os.read(0, 1)
    os._exit(0)


def _serve(pipe: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides
    Thread(target=_end_with_parent, daemon=True).start()
    while True:
        try:
            question = pipe.recv()
        except EOFError:
            return
        pipe.send_bytes(_attempt(*question))


if __name__ == "__main__":
    _serve(Connection(int(sys.argv[1])))
