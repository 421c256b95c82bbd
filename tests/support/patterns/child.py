"""Program that runs patterns on long texts, each in a process with a limit of processor time.

Reads a JSON list of {pattern, flags, is_bytes, methods, attacks} and prints the positions of those that were killed.
"""

import json
import os
import re
import resource
import sys
import time
from typing import Any

LENGTH = 100_000
CPU_SECONDS = 2  # for one text: a linear pattern needs a tenth, a quadratic one five
SHORT_LENGTH = 10_000
SHORT_CPU_SECONDS = 0.01  # a pattern that needs less for a short text needs less than CPU_SECONDS for a long one


def run_all(case: dict[str, Any]) -> None:
    """Run one pattern on all its texts, each with fresh processor time."""
    source = case["pattern"].encode("latin-1") if case["is_bytes"] else case["pattern"]
    compiled = re.compile(source, case["flags"])
    for before, unit in case["attacks"]:
        for method in case["methods"]:
            for length in (SHORT_LENGTH, LENGTH):
                text = before + unit * (length // len(unit)) + "\x01"
                if run_one(compiled, method, text.encode("latin-1", "replace") if case["is_bytes"] else text):
                    break


def run_one(compiled: "re.Pattern[Any]", method: str, text: str | bytes) -> bool:
    """Run a pattern on a text with fresh processor time; return whether it needs little of it."""
    allow_cpu()
    began = time.process_time()
    found = getattr(compiled, method)(text)
    for _ in found if method == "finditer" else ():
        pass
    return time.process_time() - began < SHORT_CPU_SECONDS


def allow_cpu() -> None:
    """Allow the process this much more processor time."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + 1 + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def main() -> None:
    """Fork a child for each pattern."""
    slow = []
    for position, case in enumerate(json.load(sys.stdin)):
        child = os.fork()
        if child == 0:
            run_all(case)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if status:
            slow.append(position)
    sys.stdout.write(json.dumps(slow))


if __name__ == "__main__":
    main()
