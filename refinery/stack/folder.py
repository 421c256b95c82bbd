"""Data folder of a stack: locked by one run at a time, with enough free disk space."""

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

MIN_FREE_BYTES = 500 * 2**20
REAPER_SECONDS = 60.0
POLL_SECONDS = 0.05


def _try_lock(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_running(pid: str) -> bool:
    try:
        return psutil.Process(int(pid)).status() != psutil.STATUS_ZOMBIE
    except (ValueError, psutil.Error):
        return False


@dataclass(slots=True)
class DataFolder:
    """REFINERY_VAR: postgres/, temporal/, files/, log/, and run/ with records of the running processes."""

    root: Path
    _lock: IO[str] | None = field(default=None, repr=False)

    @property
    def run(self) -> Path:
        """Return the folder of the process records."""
        return self.root / "run"

    @property
    def log(self) -> Path:
        """Return the folder of the logs."""
        return self.root / "log"

    def open(self, *, reaping: int | None = None) -> None:
        """Create the folders and take the lock, which the system releases when this process ends.

        An orphan reaper passes the manager whose processes it is `reaping`; others write their own process id into the
        lock, for the next process that finds it taken.
        """
        try:
            for folder in (self.root, self.run, self.log, self.root / "static"):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                folder.chmod(0o700)  # secrets and documents: for this account alone
            self._lock = (self.run / "lock").open("a+")
        except PermissionError as refusal:
            message = f"{refusal.filename} belongs to another user: choose another folder by REFINERY_VAR"
            raise StackError(message) from None
        except OSError as problem:
            message = f"the data folder {self.root} cannot be made: {problem.strerror}"
            raise StackError(message) from None
        self._take_lock(self._lock, reaping)

    def _take_lock(self, lock: IO[str], reaping: int | None) -> None:
        """Take the lock; if its holder is dead or ending, it becomes free shortly."""
        deadline = time.monotonic() + REAPER_SECONDS
        while not _try_lock(lock):
            lock.seek(0)
            holder = lock.read()
            if (holder != str(reaping) and _is_running(holder)) or time.monotonic() > deadline:
                message = (
                    f"another run (process {holder}) uses {self.root}: stop that one, or choose another folder "
                    "and port by REFINERY_VAR and REFINERY_PORT"
                )
                raise StackError(message)
            time.sleep(POLL_SECONDS)
        if reaping is None:
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()

    def require_space(self) -> None:
        """Raise StackError if the disk is too full."""
        free = shutil.disk_usage(self.root).free
        if free < MIN_FREE_BYTES:
            message = f"the disk of {self.root} is full: {free // 2**20} MB free, {MIN_FREE_BYTES // 2**20} MB needed"
            raise StackError(message)

    def write_environment(self, values: Mapping[str, str]) -> None:
        """Write the services' addresses for `manage.py` in another terminal (refinery/settings/env.py)."""
        place = self.root / "environment"
        place.touch(mode=0o600)
        place.write_text("".join(f"{name}='{value}'\n" for name, value in values.items()))

    def close(self) -> None:
        """Delete the addresses and release the lock."""
        (self.root / "environment").unlink(missing_ok=True)
        if self._lock:
            self._lock.close()
            self._lock = None
