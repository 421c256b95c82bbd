"""The embedded default without its demonstration documents: `python -m benchmarks.program`, like refinery.stack.

Benchmarks start it in a folder of their own; REFINERY_VAR and REFINERY_PORT say where.
"""

import sys
from dataclasses import replace

from refinery.stack.__main__ import data_folder, web_port
from refinery.stack.console import Console
from refinery.stack.errors import guarded
from refinery.stack.stack import run
from refinery.stack.table import default_table


def main() -> int:
    """Run until a signal; gives the exit status."""

    def work() -> None:
        port = web_port()
        table = default_table(port)
        run(data_folder(), port, replace(table, seed=(*table.seed, "--no-documents")), Console())

    return guarded(work)


if __name__ == "__main__":
    sys.exit(main())
