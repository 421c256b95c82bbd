"""What can keep the stack from starting, each with one line that says what to do."""

import sys
from collections.abc import Callable


class StackError(Exception):
    """A start that cannot go on; its text is one line for the person at the keyboard."""


def guarded(work: Callable[[], object]) -> int:
    """Do `work`; what keeps it from going on becomes one line and status 1."""
    try:
        work()
    except StackError as problem:
        print(f"refinery: {problem}", file=sys.stderr)
        return 1
    return 0
