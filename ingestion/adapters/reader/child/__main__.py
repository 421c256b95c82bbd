"""Start of the child: limits first, parsers after, one socket to the parent as standard input."""

import json
import os
import socket
import sys
from pathlib import Path

from ingestion.adapters.sandbox.limits import ChildLimits, apply_limits, die_with_parent
from ingestion.adapters.sandbox.network import go_offline


def main() -> None:
    """Run: arguments are the parent's process id (0 inside a sandbox) and the limits as JSON."""
    parent, limits = int(sys.argv[1]), ChildLimits(**json.loads(sys.argv[2]))
    die_with_parent(parent)
    apply_limits(limits)
    go_offline()
    os.environ["OMP_THREAD_LIMIT"] = "1"
    from ingestion.adapters.reader.child.start import begin  # parsers are loaded under the limits, not before

    with socket.socket(fileno=os.dup(0)) as link, Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)  # nobody else is to hold the socket
        begin(link, limits, boxed=parent == 0)


main()
