"""A worker container's health: `python -m refinery.stack.health QUEUE`.

A worker is healthy when Temporal has lately heard this very host ask for work of its queue: a process that lives
but hangs, or has lost Temporal, is not.
"""

import asyncio
import sys

from temporalio.client import Client
from temporalio.service import RPCError

from refinery.core.pollers import heard, on_this_host
from refinery.settings.env import env


async def polls(queue: str) -> bool:
    """Say whether a worker of this host has lately asked Temporal for activities of `queue`."""
    client = await Client.connect(
        env.temporal_address,
        namespace=env.temporal_namespace,
        api_key=env.temporal_api_key or None,
        tls=env.temporal_tls or bool(env.temporal_api_key),
    )
    names = await heard(client.workflow_service, client.namespace, queue)
    return any(on_this_host(name) for name in names)


def healthy(queue: str) -> bool:
    """Say whether this host's worker of `queue` does its work."""
    try:
        return asyncio.run(polls(queue))
    except (RPCError, RuntimeError, OSError):
        return False


if __name__ == "__main__":
    sys.exit(0 if healthy(sys.argv[1]) else 1)
