"""A worker as a process of its own, for tests that kill it: `python -m tests.workflows.worker_process <queue>`.

On the cpu queue it reads text files, tells each page on standard output, and at a page that begins with `#stop`
it waits for a line on standard input: a killed process never gets one.
"""

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path

import django

django.setup()

from ingestion.domain.ports import ReadPage  # noqa: E402 - after Django's set-up
from refinery.settings.env import env  # noqa: E402 - after Django's set-up
from tests.workflows.readers import TextReader  # noqa: E402 - after Django's set-up
from workers.activities.reading import ReadingActivities  # noqa: E402 - after Django's set-up
from workers.bootstrap import build  # noqa: E402 - after Django's set-up
from workers.connection import connect  # noqa: E402 - after Django's set-up


@dataclass
class HaltingReader(TextReader):
    """Stops where the file says so."""

    def page(self, number: int, total: int, text: str, folder: Path) -> ReadPage:
        """Tell that the page is begun, and halt there when it asks for it."""
        print(f"page {number}", flush=True)  # noqa: T201 - the test listens
        if text.startswith("#stop"):
            sys.stdin.readline()
        return super().page(number, total, text, folder)


async def run(queue: str) -> None:
    """Work until killed."""
    steps = [ReadingActivities(HaltingReader()).read_pages] if queue == "cpu" else None
    worker = build(await connect(), queue, env, steps)
    print("ready", flush=True)  # noqa: T201 - the test listens
    await worker.run()


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1]))
