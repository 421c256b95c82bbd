"""Entry point of the relay: `python -m workers.relay`."""

import asyncio
import os
import signal

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "refinery.settings.local")
django.setup()

from refinery.settings.env import env  # noqa: E402 - after Django's set-up
from workers.connection import connect  # noqa: E402 - after Django's set-up
from workers.relay_sender import OutboxRelay  # noqa: E402 - after Django's set-up


async def run() -> None:
    """Relay until SIGTERM or Ctrl-C; Temporal may start later than this process."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    await OutboxRelay(await connect(lazy=True), env.database_url).run(stop)


if __name__ == "__main__":
    asyncio.run(run())
