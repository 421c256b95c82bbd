"""Console output: one line per step, and a short line for each warning."""

import time
from collections import deque

LONGEST_LINE = 180
MAX_WARNINGS_PER_WINDOW, WINDOW_SECONDS = 3, 10.0


class Console:
    """Console that prints steps with the seconds since the start, and warnings at a limited rate."""

    def __init__(self) -> None:
        """Start counting the seconds."""
        self._started = time.monotonic()
        self._recent_warnings: dict[str, deque[float]] = {}
        self.quiet = False  # during shutdown, warnings of the processes are irrelevant

    def step(self, text: str) -> None:
        """Print a step."""
        print(f"[{time.monotonic() - self._started:6.1f} s] {text}", flush=True)

    def line(self, text: str = "") -> None:
        """Print a line unchanged."""
        print(text, flush=True)

    def warn(self, name: str, text: str) -> None:
        """Print a line of a process's output, unless that process has reached its limit."""
        now = time.monotonic()
        recent = self._recent_warnings.setdefault(name, deque(maxlen=MAX_WARNINGS_PER_WINDOW))
        if self.quiet or (len(recent) == MAX_WARNINGS_PER_WINDOW and now - recent[0] < WINDOW_SECONDS):
            return
        recent.append(now)
        print(f"  {name}: {text.strip()[:LONGEST_LINE]}", flush=True)
