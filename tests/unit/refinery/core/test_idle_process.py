"""A child process runs functions, returns their results and errors, and ends when it is idle or interrupted."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from operator import truediv
from threading import Event, Thread

import psutil
import pytest

from refinery.core.idle_process import IdleProcess, IdleProcessEnded

LIMIT = 30.0


class UnpicklableError(Exception):
    """Exception that pickle cannot build again: its class takes two values and keeps one."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code)


def fail() -> None:
    """Raise it."""
    raise UnpicklableError("a", "b")


def loaded(name: str) -> bool:
    """Return whether a module is loaded."""
    return name in sys.modules


@contextmanager
def idle_process(idle_seconds: float = LIMIT) -> Iterator[tuple[IdleProcess, psutil.Process]]:
    """Start a child; yield its parent's object and its handle."""
    process = IdleProcess(idle_seconds)
    child = psutil.Process(process.run(os.getpid))
    try:
        yield process, child
    finally:
        with suppress(psutil.NoSuchProcess):
            child.kill()


def test_idle_process_runs_in_one_fresh_child() -> None:
    with idle_process() as (process, child):
        assert process.run(os.getpid) == child.pid != os.getpid()
        assert process.run(truediv, 3, 2) == 1.5
        assert loaded("pytest")
        assert not process.run(loaded, "django")


def test_idle_process_raises_error_of_function_and_goes_on() -> None:
    with idle_process() as (process, child):
        with pytest.raises(ZeroDivisionError):
            process.run(truediv, 1, 0)
        with pytest.raises(RuntimeError, match="UnpicklableError"):
            process.run(fail)
        assert process.run(os.getpid) == child.pid


def test_idle_process_ends_when_idle_and_starts_again() -> None:
    with idle_process(idle_seconds=0.01) as (process, child):
        child.wait(LIMIT)
        assert process.run(truediv, 1, 4) == 0.25


def test_dead_child_is_reported_and_replaced() -> None:
    with idle_process() as (process, child):
        with pytest.raises(IdleProcessEnded, match="exit status 3"):
            process.run(os._exit, 3)
        again = psutil.Process(process.run(os.getpid))
        assert again.pid != child.pid
        again.kill()


def test_interrupted_thread_ends_the_child() -> None:
    """Temporal cancels an activity by raising an exception in its thread."""
    with idle_process() as (process, child):
        seen: list[type[BaseException]] = []
        started = Event()

        def wait() -> None:
            started.set()
            try:
                process.run(signal.pause)
            except BaseException as reason:  # noqa: BLE001 - the test looks at it
                seen.append(type(reason))

        thread = Thread(target=wait)
        thread.start()
        started.wait(LIMIT)
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident or 0), ctypes.py_object(TimeoutError))
        thread.join(LIMIT)
        assert seen == [TimeoutError]
        child.wait(LIMIT)
        assert process.run(truediv, 1, 4) == 0.25


def test_child_ends_with_its_parent_even_while_it_works() -> None:
    script = (
        "import os, signal, threading; from refinery.core.idle_process import IdleProcess\n"
        "process = IdleProcess()\n"
        "print(process.run(os.getpid), flush=True)\n"
        "process.run(signal.pause)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    child.wait(LIMIT)
