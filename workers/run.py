"""Entry point of the workers: `python -m workers.run --queue io --queue cpu`.

SIGTERM and Ctrl-C let them finish.
"""

import argparse
import asyncio
import gc
import os
import signal
from collections.abc import Sequence

import django
import structlog

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "refinery.settings.local")
django.setup()

from refinery.settings.env import env  # noqa: E402 - after Django's set-up
from workers import queues  # noqa: E402 - after Django's set-up
from workers.bootstrap import build_worker  # noqa: E402 - after Django's set-up
from workers.connection import connect_with_retry  # noqa: E402 - after Django's set-up
from workers.schedules import ensure_schedules  # noqa: E402 - after Django's set-up

log = structlog.get_logger(__name__)


def parse_queues(given: Sequence[str] | None = None) -> list[str]:
    """Return the queues from the command line; all of them when none is named."""
    parser = argparse.ArgumentParser(prog="workers.run", description="Run Refinery's workers.")
    parser.add_argument("--queue", action="append", choices=queues.ALL, help="may be given several times")
    chosen: list[str] = parser.parse_args(given).queue or list(queues.ALL)
    return list(dict.fromkeys(chosen))


async def run(chosen: Sequence[str]) -> None:
    """Run the workers until asked to stop; if one worker fails, the process ends."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    connecting = asyncio.ensure_future(connect_with_retry())
    stopping = asyncio.ensure_future(stop.wait())
    await asyncio.wait({connecting, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if stop.is_set():
        connecting.cancel()
        return
    if queues.IO in chosen:
        await ensure_schedules(connecting.result())
    workers = [build_worker(connecting.result(), queue, env) for queue in queues.with_companions(chosen)]
    gc.collect()
    gc.freeze()  # modules and tables live as long as the process: a full collection over them pauses a step by 0.1 s
    running = [asyncio.ensure_future(worker.run()) for worker in workers]
    log.info("workers_started", queues=list(chosen))
    await asyncio.wait({stopping, *running}, return_when=asyncio.FIRST_COMPLETED)
    log.info("workers_stopping", queues=list(chosen))
    await asyncio.gather(*(worker.shutdown() for worker in workers))
    await asyncio.gather(*running)


if __name__ == "__main__":
    asyncio.run(run(parse_queues()))
