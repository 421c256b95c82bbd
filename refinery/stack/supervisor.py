"""Keeps programs running: starts them, starts them again with growing pauses, stops them in reverse order."""

import asyncio
import os
import signal
from collections.abc import Callable
from contextlib import suppress

from refinery.stack import records
from refinery.stack.console import Console
from refinery.stack.errors import StackError
from refinery.stack.folder import DataFolder
from refinery.stack.journal import Journal
from refinery.stack.program import Program, identity, signal_group

POLL_SECONDS = 0.05
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.5, 30.0
STEADY_SECONDS = 60.0  # who lived that long starts again as if for the first time
SETTLED_SECONDS = 5.0  # who stumbled at first and has lived that long since stands
ATTEMPTS = 3  # lives that a program has before its first answer


class Kept:
    """One program in its present life."""

    def __init__(self, program: Program, folder: DataFolder, console: Console) -> None:
        """Take the program and where its log and record go."""
        self.program, self._folder, self._console = program, folder, console
        self.journal = Journal(folder.log, program, console)
        self.failures, self.born = 0, 0.0
        self.stopping = False
        self._process: asyncio.subprocess.Process | None = None
        self._life = asyncio.create_task(self._keep(), name=program.name)

    async def _spawn(self) -> tuple[asyncio.subprocess.Process, int]:
        # A pipe of our own: asyncio's would keep `wait` waiting for grandchildren that hold it open.
        reading, writing = os.pipe()
        try:
            process = await asyncio.create_subprocess_exec(
                *self.program.command,
                env=dict(self.program.environment),
                cwd=self.program.folder,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=writing,
                stderr=writing,
                # A group, not a session: Linux weighs niceness within a session alone (autogroups).
                process_group=0,
                **identity(self.program.account),
            )
        except OSError:
            os.close(reading)
            raise
        finally:
            os.close(writing)
        with suppress(ProcessLookupError):
            os.setpriority(os.PRIO_PROCESS, process.pid, self.program.niceness)
        records.remember(self._folder.run, self.program, process.pid)
        return process, reading

    async def _live(self) -> int:
        """Go through one life; the exit status at its end."""
        self.journal.forget()
        self._process, reading = await self._spawn()
        following = asyncio.create_task(self.journal.follow(reading))
        try:
            return await self._process.wait()
        finally:
            signal_group(self._process.pid, signal.SIGKILL)  # what it left of its group
            await asyncio.wait([following], timeout=1)
            following.cancel()
            records.forget(self._folder.run, self.program.name)

    async def _keep(self) -> None:
        clock = asyncio.get_running_loop().time
        while not self.stopping:
            self.born = clock()
            status = await self._live()
            if self.stopping:
                return
            self.failures = 1 if clock() - self.born > STEADY_SECONDS else self.failures + 1
            pause = min(FIRST_PAUSE_SECONDS * 2 ** (self.failures - 1), LONGEST_PAUSE_SECONDS)
            self._console.alarm(
                self.program.name,
                f"ended with status {status}, starts again in {pause:g} s: {self.journal.last_words()}",
            )
            await asyncio.sleep(pause)

    def check(self) -> None:
        """Raise StackError when the program cannot be started or keeps ending before its first answer."""
        if self._life.done() and (problem := self._life.exception()):
            message = f"{self.program.name} cannot be started: {problem}"
            raise StackError(message)
        if self.failures >= ATTEMPTS:
            message = f"{self.program.name} does not start: {self.journal.last_words()} (see {self.journal.path})"
            raise StackError(message)

    async def settle(self) -> None:
        """Wait while the program stumbles; StackError when it does not come to its feet."""
        clock = asyncio.get_running_loop().time
        while self.failures and clock() - self.born < SETTLED_SECONDS:
            self.check()
            await asyncio.sleep(POLL_SECONDS)
        self.check()

    async def stop(self, hurry: asyncio.Event) -> None:
        """Ask it to end; end its whole group after its grace, or at once when there is a hurry."""
        self.stopping = True
        if self._process and self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.send_signal(self.program.stop_signal)
            impatience = asyncio.create_task(hurry.wait())
            await asyncio.wait(
                [self._life, impatience],
                timeout=self.program.grace_seconds,
                return_when=asyncio.FIRST_COMPLETED,
            )
            impatience.cancel()
            if self._process.returncode is None:
                signal_group(self._process.pid, signal.SIGKILL)
                await asyncio.wait([self._life])
        self._life.cancel()
        await asyncio.wait([self._life])
        self.journal.close()


class Supervisor:
    """All programs of one stack."""

    def __init__(self, folder: DataFolder, console: Console) -> None:
        """Begin with nothing running."""
        self._folder, self._console = folder, console
        self._kept: list[Kept] = []

    def keep(self, program: Program) -> Kept:
        """Start a program and keep it running."""
        kept = Kept(program, self._folder, self._console)
        self._kept.append(kept)
        return kept

    async def start(self, program: Program, answers: Callable[[], bool], seconds: float) -> None:
        """Start a program, keep it, and wait until it answers; StackError when it does not."""
        kept = self.keep(program)
        deadline = asyncio.get_running_loop().time() + seconds
        while not await asyncio.to_thread(answers):
            kept.check()
            if asyncio.get_running_loop().time() > deadline:
                message = f"{program.name} does not answer after {seconds:g} s (see {kept.journal.path})"
                raise StackError(message)
            await asyncio.sleep(POLL_SECONDS)

    async def stop(self, hurry: asyncio.Event) -> None:
        """Stop everything: first what stands on others, then what they stood on."""
        self._console.quiet = True
        for foundation in (False, True):
            tier = [kept for kept in self._kept if kept.program.foundation is foundation]
            await asyncio.gather(*(kept.stop(hurry) for kept in tier))
        self._kept.clear()
