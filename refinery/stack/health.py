"""Health check of a worker container: `python -m refinery.stack.health QUEUE`.

A worker is healthy if this host has recently polled Temporal for work of its queue; a process that hangs or has
lost Temporal is unhealthy.
"""

import asyncio
import sys

from temporalio.client import Client
from temporalio.service import RPCError

from refinery.core.pollers import is_on_this_host, recent_pollers
from refinery.settings.env import env


async def is_polling(queue: str) -> bool:
    """Return whether a worker on this host has recently polled Temporal for activities of `queue`."""
    client = await Client.connect(
        env.temporal_address,
        namespace=env.temporal_namespace,
        api_key=env.temporal_api_key or None,
        tls=env.temporal_tls or bool(env.temporal_api_key),
    )
    names = await recent_pollers(client.workflow_service, client.namespace, queue)
    return any(is_on_this_host(name) for name in names)


def is_healthy(queue: str) -> bool:
    """Return whether this host's worker of `queue` is working."""
    try:
        return asyncio.run(is_polling(queue))
    except (RPCError, RuntimeError, OSError):
        return False


if __name__ == "__main__":
    sys.exit(0 if is_healthy(sys.argv[1]) else 1)
