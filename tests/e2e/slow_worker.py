"""A cpu worker whose reader waits: `python -m tests.e2e.slow_worker` reads a page for each line on standard input.

The first page needs none. Its pictures are real ones, so that a browser can show them.
"""

import asyncio
import sys
from pathlib import Path

import django

django.setup()

from PIL import Image  # noqa: E402 - after Django's set-up

from ingestion.domain.ports import ReadPage  # noqa: E402 - after Django's set-up
from refinery.settings.env import env  # noqa: E402 - after Django's set-up
from tests.workflows.readers import TextReader  # noqa: E402 - after Django's set-up
from workers.activities.read_pages import ReadingActivities  # noqa: E402 - after Django's set-up
from workers.bootstrap import build  # noqa: E402 - after Django's set-up
from workers.connection import connect  # noqa: E402 - after Django's set-up


class WaitingReader(TextReader):
    """Waits before each page but the first."""

    def page(self, number: int, total: int, text: str, folder: Path) -> ReadPage:
        """Tell that the page is begun, wait, and draw it."""
        print(f"page {number}", flush=True)  # noqa: T201 - the test listens
        if number > 1:
            sys.stdin.readline()
        read = super().page(number, total, text, folder)
        Image.new("L", (1240, 1754), 255 - number).save(read.image, "JPEG")
        Image.new("L", (200, 283), 255 - number).save(read.thumbnail, "JPEG")
        return read


async def run() -> None:
    """Work until ended."""
    worker = build(await connect(), "cpu", env, [ReadingActivities(WaitingReader()).read_pages])
    print("ready", flush=True)  # noqa: T201 - the test listens
    await worker.run()


if __name__ == "__main__":
    asyncio.run(run())
