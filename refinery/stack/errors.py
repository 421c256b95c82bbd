"""Errors that keep the stack from starting, each with one line that says what to do."""

import sys
from collections.abc import Callable


class StackError(Exception):
    """Fatal error at startup; its text is one line for the user."""


def run_reporting_errors(work: Callable[[], object]) -> int:
    """Run `work`; a StackError is printed as one line and results in status 1."""
    try:
        work()
    except StackError as problem:
        print(f"refinery: {problem}", file=sys.stderr)
        return 1
    return 0
