"""Supervisor: starts programs, restarts them with growing delays, stops them in reverse order."""

import asyncio
import os
import signal
from collections.abc import Callable
from contextlib import suppress

from refinery.stack import records
from refinery.stack.console import Console
from refinery.stack.errors import StackError
from refinery.stack.folder import DataFolder
from refinery.stack.journal import ProcessLog
from refinery.stack.program import Program, signal_group, subprocess_user

POLL_SECONDS = 0.05
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.5, 30.0
FAILURE_RESET_SECONDS = 10.0  # a program that ran for so long has started: earlier failures no longer count
STARTUP_STEADY_SECONDS = 5.0  # after this uptime, a program that failed at startup counts as stable
MAX_START_ATTEMPTS = 3  # starts of a program before its first answer


class SupervisedProgram:
    """Supervised program with its current process."""

    def __init__(self, program: Program, folder: DataFolder, console: Console) -> None:
        """Store the program and the folder of its log and record."""
        self.program, self._folder, self._console = program, folder, console
        self.process_log = ProcessLog(folder.log, program, console)
        self.failures, self.started_at = 0, 0.0
        self.stopping = False
        self._process: asyncio.subprocess.Process | None = None
        self._run_task = asyncio.create_task(self._run_repeatedly(), name=program.name)

    async def _spawn(self) -> tuple[asyncio.subprocess.Process, int]:
        # An own pipe: asyncio's would keep `wait` waiting for grandchildren that hold it open.
        reading, writing = os.pipe()
        try:
            process = await asyncio.create_subprocess_exec(
                *self.program.command,
                env=dict(self.program.environment),
                cwd=self.program.folder,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=writing,
                stderr=writing,
                # A group, not a session: Linux compares niceness only within a session (autogroups).
                process_group=0,
                **subprocess_user(self.program.account),
            )
        except OSError:
            os.close(reading)
            raise
        finally:
            os.close(writing)
        with suppress(ProcessLookupError):
            os.setpriority(os.PRIO_PROCESS, process.pid, self.program.niceness)
        records.write_record(self._folder.run, self.program, process.pid)
        return process, reading

    async def _run_once(self) -> int:
        """Run the program once and return its exit status."""
        self.process_log.clear_tail()
        self._process, reading = await self._spawn()
        following = asyncio.create_task(self.process_log.follow(reading))
        try:
            return await self._process.wait()
        finally:
            signal_group(self._process.pid, signal.SIGKILL)  # the rest of its group
            await asyncio.wait([following], timeout=1)
            following.cancel()
            records.delete_record(self._folder.run, self.program.name)

    async def _run_repeatedly(self) -> None:
        clock = asyncio.get_running_loop().time
        while not self.stopping:
            self.started_at = clock()
            status = await self._run_once()
            if self.stopping:
                return
            self.failures = 1 if clock() - self.started_at > FAILURE_RESET_SECONDS else self.failures + 1
            pause = min(FIRST_PAUSE_SECONDS * 2 ** (self.failures - 1), LONGEST_PAUSE_SECONDS)
            self._console.warn(
                self.program.name,
                f"ended with status {status}, starts again in {pause:g} s: {self.process_log.last_error_line()}",
            )
            await asyncio.sleep(pause)

    def check(self) -> None:
        """Raise StackError if the program cannot be started or keeps ending before its first answer."""
        if self._run_task.done() and (problem := self._run_task.exception()):
            message = f"{self.program.name} cannot be started: {problem}"
            raise StackError(message)
        if self.failures >= MAX_START_ATTEMPTS:
            log = self.process_log
            message = f"{self.program.name} does not start: {log.last_error_line()} (see {log.path})"
            raise StackError(message)

    async def wait_until_steady(self) -> None:
        """Wait while the program restarts repeatedly. Raises StackError if it does not become stable."""
        clock = asyncio.get_running_loop().time
        while self.failures and clock() - self.started_at < STARTUP_STEADY_SECONDS:
            self.check()
            await asyncio.sleep(POLL_SECONDS)
        self.check()

    async def stop(self, hurry: asyncio.Event) -> None:
        """Ask it to end; kill its group after the grace period, or at once if `hurry` is set."""
        self.stopping = True
        if self._process and self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.send_signal(self.program.stop_signal)
            impatience = asyncio.create_task(hurry.wait())
            await asyncio.wait(
                [self._run_task, impatience], timeout=self.program.grace_seconds, return_when=asyncio.FIRST_COMPLETED
            )
            impatience.cancel()
            if self._process.returncode is None:
                signal_group(self._process.pid, signal.SIGKILL)
                await asyncio.wait([self._run_task])
        self._run_task.cancel()
        await asyncio.wait([self._run_task])
        self.process_log.close()


class Supervisor:
    """Supervisor of all programs of a stack."""

    def __init__(self, folder: DataFolder, console: Console) -> None:
        """Start with no running programs."""
        self._folder, self._console = folder, console
        self._supervised: list[SupervisedProgram] = []

    def keep_running(self, program: Program) -> SupervisedProgram:
        """Start a program and keep it running."""
        supervised = SupervisedProgram(program, self._folder, self._console)
        self._supervised.append(supervised)
        return supervised

    async def start(self, program: Program, is_ready: Callable[[], bool], seconds: float) -> None:
        """Start a program and wait until it answers. Raises StackError if it does not."""
        supervised = self.keep_running(program)
        deadline = asyncio.get_running_loop().time() + seconds
        while not await asyncio.to_thread(is_ready):
            supervised.check()
            if asyncio.get_running_loop().time() > deadline:
                message = f"{program.name} does not answer after {seconds:g} s (see {supervised.process_log.path})"
                raise StackError(message)
            await asyncio.sleep(POLL_SECONDS)

    async def stop(self, hurry: asyncio.Event) -> None:
        """Stop everything: first the dependent programs, then those they depend on."""
        self._console.quiet = True
        for foundation in (False, True):
            tier = [kept for kept in self._supervised if kept.program.foundation is foundation]
            await asyncio.gather(*(kept.stop(hurry) for kept in tier))
        self._supervised.clear()
