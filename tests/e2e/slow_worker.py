"""A cpu worker with a pausing reader: `python -m tests.e2e.slow_worker` reads a page per line on standard input.

The first page needs no line. The page images are real, so that a browser can show them.
"""

import asyncio
import sys
from pathlib import Path

import django

django.setup()

from PIL import Image  # noqa: E402 - after Django's set-up

from ingestion.domain.ports import ReadPage  # noqa: E402 - after Django's set-up
from refinery.settings.env import env  # noqa: E402 - after Django's set-up
from tests.support.text_reader import TextReader  # noqa: E402 - after Django's set-up
from workers.activities.read_pages import ReadingActivities  # noqa: E402 - after Django's set-up
from workers.bootstrap import build_worker  # noqa: E402 - after Django's set-up
from workers.connection import connect  # noqa: E402 - after Django's set-up


class WaitingReader(TextReader):
    """Reader that waits before each page except the first."""

    def page(self, number: int, total: int, text: str, folder: Path) -> ReadPage:
        """Print that the page is begun, wait, and draw it."""
        print(f"page {number}", flush=True)  # noqa: T201 - the test listens
        if number > 1:
            sys.stdin.readline()
        read = super().page(number, total, text, folder)
        Image.new("L", (1240, 1754), 255 - number).save(read.image, "JPEG")
        Image.new("L", (200, 283), 255 - number).save(read.thumbnail, "JPEG")
        return read


async def run_worker() -> None:
    """Work until ended."""
    worker = build_worker(await connect(), "cpu", env, [ReadingActivities(WaitingReader()).read_pages])
    print("ready", flush=True)  # noqa: T201 - the test listens
    await worker.run()


if __name__ == "__main__":
    asyncio.run(run_worker())
