"""Ends what a killed manager leaves behind, at once.

The manager holds the other end of this process's standard input. A word through it means that everything has been
stopped in order; an end without a word means that the manager was killed, by whatever cannot be caught.
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
from refinery.stack.records import clear_leftovers

DONE = b"stopped in order"


@contextmanager
def undertaker(root: Path) -> Iterator[None]:
    """Keep an undertaker for the data folder `root` while a block runs."""
    with (root / "log" / "undertaker.log").open("wb") as log:
        waiting = subprocess.Popen(
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
        waiting.communicate(DONE)


def wait_and_bury(root: Path, manager: int) -> None:
    """Wait for the manager's end; end what it left, unless a new run is already there to do that."""
    if sys.stdin.buffer.read() == DONE:
        return
    folder = DataFolder(root)
    try:
        folder.open(burying=manager)
    except StackError:
        return
    clear_leftovers(folder.run, print)
    folder.close()


if __name__ == "__main__":
    wait_and_bury(Path(sys.argv[1]), int(sys.argv[2]))
