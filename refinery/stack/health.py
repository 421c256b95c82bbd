"""A worker container's health: `python -m refinery.stack.health QUEUE`.

A worker is healthy when Temporal has lately heard this very host ask for work of its queue: a process that lives
but hangs, or has lost Temporal, is not.
"""

import asyncio
import socket
import sys
from datetime import UTC, datetime, timedelta

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client
from temporalio.service import RPCError

from refinery.settings.env import env

SILENCE = timedelta(minutes=2)  # one long poll lasts a minute


async def polls(queue: str) -> bool:
    """Say whether a worker of this host has lately asked Temporal for activities of `queue`."""
    client = await Client.connect(
        env.temporal_address,
        namespace=env.temporal_namespace,
        api_key=env.temporal_api_key or None,
        tls=env.temporal_tls or bool(env.temporal_api_key),
    )
    request = DescribeTaskQueueRequest(
        namespace=client.namespace,
        task_queue=TaskQueue(name=queue),
        task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
    )
    reply = await client.workflow_service.describe_task_queue(request)
    now = datetime.now(UTC)
    return any(
        poller.identity.endswith(f"@{socket.gethostname()}")
        and now - poller.last_access_time.ToDatetime(UTC) < SILENCE
        for poller in reply.pollers
    )


def healthy(queue: str) -> bool:
    """Say whether this host's worker of `queue` does its work."""
    try:
        return asyncio.run(polls(queue))
    except (RPCError, RuntimeError, OSError):
        return False


if __name__ == "__main__":
    sys.exit(0 if healthy(sys.argv[1]) else 1)
