"""The log file of one process: everything it says, rotated, with its complaints shown on the console."""

import asyncio
import logging
import os
import re
from collections import deque
from logging.handlers import RotatingFileHandler
from pathlib import Path

from refinery.stack.console import Console
from refinery.stack.program import Program

FILE_BYTES, FILES = 10 * 2**20, 5
KEPT_LINES = 50


def last_words(lines: list[str]) -> str:
    """Pick the line that best says why a program ended."""
    spoken = [line.strip() for line in lines if line.strip()]
    grave = [line for line in spoken if re.search(r"FATAL|PANIC|[Ee]rror|ERROR", line)]
    return (grave or spoken or ["it said nothing"])[-1]


class Journal:
    """Writes NAME.log below `folder` and remembers the last lines."""

    def __init__(self, folder: Path, program: Program, console: Console) -> None:
        """Open the log for appending; it is made when missing."""
        self.path = folder / f"{program.name}.log"
        self._name, self._alarm, self._console = program.name, re.compile(program.alarm), console
        self._handler = RotatingFileHandler(self.path, maxBytes=FILE_BYTES, backupCount=FILES, encoding="utf-8")
        self._lines: deque[str] = deque(maxlen=KEPT_LINES)

    def last_words(self) -> str:
        """Give the line that best says why the program ended."""
        return last_words(list(self._lines))

    def forget(self) -> None:
        """Drop the remembered lines: a new life of the program begins."""
        self._lines.clear()

    def close(self) -> None:
        """Close the file."""
        self._handler.close()

    def write(self, line: str) -> None:
        """Keep one line, and show it when it is a complaint."""
        self._lines.append(line)
        self._handler.handle(logging.LogRecord(self._name, logging.INFO, "", 0, line, None, None))
        if self._alarm.search(line):
            self._console.alarm(self._name, line)

    async def follow(self, descriptor: int) -> None:
        """Write what comes out of a pipe until all its writers are gone; the descriptor is closed then."""
        reader = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        transport, _ = await loop.connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(descriptor, "rb", buffering=0)
        )
        try:
            rest = b""
            while chunk := await reader.read(65536):
                *lines, rest = (rest + chunk).split(b"\n")
                for line in lines:
                    self.write(line.decode(errors="replace"))
            if rest:
                self.write(rest.decode(errors="replace"))
        finally:
            transport.close()
