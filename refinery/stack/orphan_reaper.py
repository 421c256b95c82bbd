"""Orphan reaper: ends the processes that a killed manager leaves behind, immediately.

The manager holds the other end of this process's standard input. A message through it means that everything was
stopped in order; an end of file without a message means that the manager was killed by a signal it cannot catch.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from refinery.stack.errors import StackError
from refinery.stack.folder import DataFolder
from refinery.stack.program import ROOT
from refinery.stack.records import stop_leftovers

STOPPED_IN_ORDER = b"stopped in order"


@contextmanager
def orphan_reaper(root: Path) -> Iterator[None]:
    """Run an orphan reaper for the data folder `root` during a block."""
    with (root / "log" / "orphan_reaper.log").open("wb") as log:
        reaper = subprocess.Popen(
            [sys.executable, "-m", "refinery.stack.orphan_reaper", str(root), str(os.getpid())],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield
    finally:
        reaper.communicate(STOPPED_IN_ORDER)


def wait_and_reap(root: Path, manager: int) -> None:
    """Wait for the manager's end, then end the processes it left, unless a new run already does that."""
    if sys.stdin.buffer.read() == STOPPED_IN_ORDER:
        return
    folder = DataFolder(root)
    try:
        folder.open(reaping=manager)
    except StackError:
        return
    stop_leftovers(folder.run, print)
    folder.close()


if __name__ == "__main__":
    wait_and_reap(Path(sys.argv[1]), int(sys.argv[2]))
