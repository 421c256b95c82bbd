"""Worker in a separate process, for tests that kill it: `python -m tests.workflows.worker_process <queue>`.

On the cpu queue it reads text files and unpacks harmless containers, and prints each page and file. At a page that
begins with `#stop`, or a file of that name, it waits for a line on standard input, which a killed process never gets.
"""

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import django

django.setup()

from ingestion.contracts import RunRef  # noqa: E402 - after Django's set-up
from ingestion.domain.ports import ReadPage, UnpackedFile  # noqa: E402 - after Django's set-up
from ingestion.services import unpacking  # noqa: E402 - after Django's set-up
from ingestion.services.unpacking import ContainerSource, create_contained_document  # noqa: E402 - after Django's set-up
from refinery.settings.env import env  # noqa: E402 - after Django's set-up
from tests.support.text_reader import InProcessUnpacker, TextReader  # noqa: E402 - after Django's set-up
from workers.activities.read_pages import ReadingActivities  # noqa: E402 - after Django's set-up
from workers.activities.unpack_container import ContainerActivities  # noqa: E402 - after Django's set-up
from workers.bootstrap import Activity, build_worker  # noqa: E402 - after Django's set-up
from workers.connection import connect  # noqa: E402 - after Django's set-up


@dataclass
class HaltingReader(TextReader):
    """Reader that stops where the file requests it."""

    def page(self, number: int, total: int, text: str, folder: Path) -> ReadPage:
        """Print that the page is begun, and wait there if it requests it."""
        print(f"page {number}", flush=True)  # noqa: T201 - the test listens
        if text.startswith("#stop"):
            sys.stdin.readline()
        return super().page(number, total, text, folder)


def admit_or_halt(ref: RunRef, container: ContainerSource, file: UnpackedFile) -> UUID:
    """Print the next file, and wait before one that requests it."""
    print(f"file {file.part}", flush=True)  # noqa: T201 - the test listens
    if file.name.startswith("#stop"):
        sys.stdin.readline()
    return create_contained_document(ref, container, file)


async def run_worker(queue: str) -> None:
    """Work until killed."""
    boxes = ContainerActivities(InProcessUnpacker())
    vars(unpacking)["create_contained_document"] = admit_or_halt
    reading = ReadingActivities(HaltingReader())
    steps: list[Activity] = [reading.read_pages, boxes.unpack, boxes.skip_attachments]
    worker = build_worker(await connect(), queue, env, steps if queue == "cpu" else None)
    print("ready", flush=True)  # noqa: T201 - the test listens
    await worker.run()


if __name__ == "__main__":
    asyncio.run(run_worker(sys.argv[1]))
