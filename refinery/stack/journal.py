"""Log file of a process: all its output, rotated, with its warnings shown on the console."""

import asyncio
import logging
import os
import re
from collections import deque
from logging.handlers import RotatingFileHandler
from pathlib import Path

from refinery.stack.console import Console
from refinery.stack.program import Program

FILE_BYTES, BACKUP_FILES = 10 * 2**20, 5
TAIL_LINES = 50


def last_error_line(lines: list[str]) -> str:
    """Return the line that best explains why a program ended."""
    printed = [line.strip() for line in lines if line.strip()]
    errors = [line for line in printed if re.search(r"FATAL|PANIC|[Ee]rror|ERROR|\.E\d+\)", line)]
    return (errors or printed or ["it said nothing"])[-1]


class ProcessLog:
    """Writer of NAME.log below `folder` that remembers the last lines."""

    def __init__(self, folder: Path, program: Program, console: Console) -> None:
        """Open the log for appending, creating it if missing."""
        self.path = folder / f"{program.name}.log"
        self._name, self._warning_pattern, self._console = program.name, re.compile(program.warning_pattern), console
        self._handler = RotatingFileHandler(self.path, maxBytes=FILE_BYTES, backupCount=BACKUP_FILES, encoding="utf-8")
        self._lines: deque[str] = deque(maxlen=TAIL_LINES)

    def last_error_line(self) -> str:
        """Return the line that best explains why the program ended."""
        return last_error_line(list(self._lines))

    def clear_tail(self) -> None:
        """Clear the remembered lines before the program is restarted."""
        self._lines.clear()

    def close(self) -> None:
        """Close the file."""
        self._handler.close()

    def write(self, line: str) -> None:
        """Write one line, and show it if it is a warning."""
        self._lines.append(line)
        self._handler.handle(logging.LogRecord(self._name, logging.INFO, "", 0, line, None, None))
        if self._warning_pattern.search(line):
            self._console.warn(self._name, line)

    async def follow(self, descriptor: int) -> None:
        """Write the output of a pipe until all its writers have closed it, then close the descriptor."""
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
