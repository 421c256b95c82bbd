"""`python -m refinery.stack`: run the embedded default until Ctrl-C."""

import os
import sys
from pathlib import Path

from refinery.stack.console import Console
from refinery.stack.errors import StackError, guarded
from refinery.stack.program import ROOT
from refinery.stack.stack import run
from refinery.stack.table import default_table


def web_port() -> int:
    """Read REFINERY_PORT."""
    text = os.environ.get("REFINERY_PORT") or "8000"
    if not (text.isdecimal() and 0 < int(text) < 2**16):
        message = f"REFINERY_PORT is {text!r}: it must be a number from 1 to 65535"
        raise StackError(message)
    return int(text)


def data_folder() -> Path:
    """Read REFINERY_VAR."""
    return Path(os.environ.get("REFINERY_VAR") or ROOT / "var")


def main() -> int:
    """Run the embedded default; the exit status."""

    def work() -> None:
        port = web_port()
        run(data_folder(), port, default_table(port), Console())

    return guarded(work)


if __name__ == "__main__":
    sys.exit(main())
