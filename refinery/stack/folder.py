"""The data folder of one stack: one run at a time, with room left on its disk."""

import fcntl
import os
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import psutil

from refinery.stack.errors import StackError

LEAST_BYTES = 500 * 2**20
UNDERTAKER_SECONDS = 60.0
POLL_SECONDS = 0.05


def _locked(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _lives(number: str) -> bool:
    try:
        return psutil.Process(int(number)).status() != psutil.STATUS_ZOMBIE
    except (ValueError, psutil.Error):
        return False


@dataclass(slots=True)
class DataFolder:
    """REFINERY_VAR: postgres/, temporal/, files/, log/ and run/ with what runs."""

    root: Path
    _lock: IO[str] | None = field(default=None, repr=False)

    @property
    def run(self) -> Path:
        """The folder of the records."""
        return self.root / "run"

    @property
    def log(self) -> Path:
        """The folder of the logs."""
        return self.root / "log"

    def open(self, *, burying: int | None = None) -> None:
        """Make the folders and take the lock, which the system drops by itself when this process ends.

        An undertaker names the manager that it is `burying`; others leave their own number in the lock, for the
        next one that finds it taken.
        """
        try:
            for folder in (self.root, self.run, self.log, self.root / "static"):
                folder.mkdir(parents=True, exist_ok=True)
            self._lock = (self.run / "lock").open("a+")
        except PermissionError as refusal:
            message = f"{refusal.filename} belongs to another user: choose another folder by REFINERY_VAR"
            raise StackError(message) from None
        except OSError as problem:
            message = f"the data folder {self.root} cannot be made: {problem.strerror}"
            raise StackError(message) from None
        self._take_lock(self._lock, burying)

    def _take_lock(self, lock: IO[str], burying: int | None) -> None:
        """Take the lock; one whose named holder is dead, or dying, is free in a moment."""
        deadline = time.monotonic() + UNDERTAKER_SECONDS
        while not _locked(lock):
            lock.seek(0)
            holder = lock.read()
            if (holder != str(burying) and _lives(holder)) or time.monotonic() > deadline:
                message = (
                    f"another run (process {holder}) uses {self.root}: stop that one, or choose another folder "
                    "and port by REFINERY_VAR and REFINERY_PORT"
                )
                raise StackError(message)
            time.sleep(POLL_SECONDS)
        if burying is None:
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()

    def require_space(self) -> None:
        """Raise StackError on a disk too full to work on."""
        free = shutil.disk_usage(self.root).free
        if free < LEAST_BYTES:
            message = f"the disk of {self.root} is full: {free // 2**20} MB free, {LEAST_BYTES // 2**20} MB needed"
            raise StackError(message)

    def tell(self, values: Mapping[str, str]) -> None:
        """Write the services' addresses down for `manage.py` in another terminal (refinery/settings/env.py)."""
        place = self.root / "environment"
        place.touch(mode=0o600)
        place.write_text("".join(f"{name}='{value}'\n" for name, value in values.items()))

    def close(self) -> None:
        """Take the addresses back and drop the lock."""
        (self.root / "environment").unlink(missing_ok=True)
        if self._lock:
            self._lock.close()
            self._lock = None
