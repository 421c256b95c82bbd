"""The embedded default without its demonstration documents: `python -m benchmarks.program`, like refinery.stack.

Benchmarks start it in a separate folder, set by REFINERY_VAR, on the port REFINERY_PORT.
"""

import sys
from dataclasses import replace

from refinery.stack.__main__ import data_folder, web_port
from refinery.stack.console import Console
from refinery.stack.errors import run_reporting_errors
from refinery.stack.stack import run
from refinery.stack.table import default_process_table


def main() -> int:
    """Run until a signal and return the exit status."""

    def work() -> None:
        port = web_port()
        table = default_process_table(port)
        run(data_folder(), port, replace(table, seed=(*table.seed, "--no-documents")), Console())

    return run_reporting_errors(work)


if __name__ == "__main__":
    sys.exit(main())
