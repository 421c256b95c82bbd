"""What the person at the keyboard sees: one line a step, and a short line for what needs attention."""

import time
from collections import deque

LONGEST_LINE = 180
SHOWN, WINDOW_SECONDS = 3, 10.0


class Console:
    """Prints steps with the seconds since the start, and warnings, few at a time."""

    def __init__(self) -> None:
        """Begin to count the seconds."""
        self._started = time.monotonic()
        self._shown: dict[str, deque[float]] = {}
        self.quiet = False  # while things stop, their last complaints mean nothing

    def step(self, text: str) -> None:
        """Tell of a step."""
        print(f"[{time.monotonic() - self._started:6.1f} s] {text}", flush=True)

    def line(self, text: str = "") -> None:
        """Print a line as it is."""
        print(text, flush=True)

    def alarm(self, name: str, text: str) -> None:
        """Show a line of a process's output, unless that process has just had its share."""
        now = time.monotonic()
        recent = self._shown.setdefault(name, deque(maxlen=SHOWN))
        if self.quiet or (len(recent) == SHOWN and now - recent[0] < WINDOW_SECONDS):
            return
        recent.append(now)
        print(f"  {name}: {text.strip()[:LONGEST_LINE]}", flush=True)
