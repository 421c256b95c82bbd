"""Entry point of the sandbox child: limits first, parsers after, one socket to the parent as standard input."""

import json
import os
import socket
import sys
from pathlib import Path

from ingestion.adapters.sandbox.limits import SandboxLimits, apply_limits, die_with_parent
from ingestion.adapters.sandbox.network import deny_network


def main() -> None:
    """Run the child: arguments are the parent's process id (0 inside a sandbox) and the limits as JSON."""
    parent, limits = int(sys.argv[1]), SandboxLimits(**json.loads(sys.argv[2]))
    die_with_parent(parent)
    apply_limits(limits)
    deny_network()
    os.environ["OMP_THREAD_LIMIT"] = "1"
    from ingestion.adapters.reader.child.start import run_sandbox  # parsers are loaded under the limits, not before

    with socket.socket(fileno=os.dup(0)) as link, Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)  # no other process may inherit the socket
        run_sandbox(link, limits, in_sandbox=parent == 0)


main()
