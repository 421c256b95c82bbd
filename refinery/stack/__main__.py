"""`python -m refinery.stack`: run the embedded default until Ctrl-C."""

import os
import sys
from pathlib import Path

from refinery.stack.console import Console
from refinery.stack.errors import StackError, run_reporting_errors
from refinery.stack.office_install import start_office_install
from refinery.stack.program import ROOT
from refinery.stack.stack import run
from refinery.stack.table import default_process_table


def web_port() -> int:
    """Return the port from REFINERY_PORT."""
    text = os.environ.get("REFINERY_PORT") or "8000"
    if not (text.isdecimal() and 0 < int(text) < 2**16):
        message = f"REFINERY_PORT is {text!r}: it must be a number from 1 to 65535"
        raise StackError(message)
    return int(text)


def data_folder() -> Path:
    """Return the data folder from REFINERY_VAR."""
    return Path(os.environ.get("REFINERY_VAR") or ROOT / "var")


def main() -> int:
    """Run the embedded default and return the exit status."""

    def work() -> None:
        port, console = web_port(), Console()
        table = default_process_table(port)
        run(data_folder(), port, table, console, lambda var: start_office_install(var, console.step))

    return run_reporting_errors(work)


if __name__ == "__main__":
    sys.exit(main())
