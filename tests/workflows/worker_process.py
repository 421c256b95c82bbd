"""A worker as a process of its own, for tests that kill it: `python -m tests.workflows.worker_process <queue>`.

On the cpu queue it reads text files and unpacks honest containers, tells each page and file on standard output,
and at a page that begins with `#stop`, or a file of that name, it waits for a line on standard input: a killed
process never gets one.
"""

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import django

django.setup()

from ingestion.contracts import RunRef  # noqa: E402 - after Django's set-up
from ingestion.domain.ports import ReadPage, Unpacked  # noqa: E402 - after Django's set-up
from ingestion.services.unpacking import Container, admit_child  # noqa: E402 - after Django's set-up
from refinery.settings.env import env  # noqa: E402 - after Django's set-up
from tests.workflows.readers import OpenUnpacker, TextReader  # noqa: E402 - after Django's set-up
from workers.activities import unpack_container  # noqa: E402 - after Django's set-up
from workers.activities.read_pages import ReadingActivities  # noqa: E402 - after Django's set-up
from workers.bootstrap import Activity, build  # noqa: E402 - after Django's set-up
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


def admit_halting(ref: RunRef, container: Container, file: Unpacked) -> UUID:
    """Tell which file comes next, and halt before one that asks for it."""
    print(f"file {file.part}", flush=True)  # noqa: T201 - the test listens
    if file.name.startswith("#stop"):
        sys.stdin.readline()
    return admit_child(ref, container, file)


async def run(queue: str) -> None:
    """Work until killed."""
    boxes = unpack_container.ContainerActivities(OpenUnpacker())
    vars(unpack_container)["admit_child"] = admit_halting
    reading = ReadingActivities(HaltingReader())
    steps: list[Activity] = [reading.read_pages, boxes.unpack, boxes.leave_attachments]
    worker = build(await connect(), queue, env, steps if queue == "cpu" else None)
    print("ready", flush=True)  # noqa: T201 - the test listens
    await worker.run()


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1]))
