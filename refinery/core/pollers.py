"""Workers that poll Temporal, and the facts that each reports about itself.

How documents are parsed and scanned depends on the machine of the worker, which may differ from that of the web
process. So each worker encodes these facts in the identity with which it polls; Temporal keeps recent identities.
"""

import os
import socket
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.service import WorkflowService

MAX_POLLER_AGE: Final = timedelta(minutes=2)  # one long poll lasts a minute
DESCRIBE_TIMEOUT: Final = timedelta(seconds=2)


def worker_identity(facts: Mapping[str, str]) -> str:
    """Return the identity of a worker in this process: `PID FACT=VALUE@HOST`."""
    said = "".join(f" {fact}={value}" for fact, value in facts.items())
    return f"{os.getpid()}{said}@{socket.gethostname()}"


def is_on_this_host(identity: str) -> bool:
    """Return whether the identity belongs to a worker on this host."""
    return identity.rpartition("@")[2] == socket.gethostname()


def identity_fact(identity: str, fact: str) -> str:
    """Return one fact from a worker's identity; empty if it is not included."""
    said = dict(part.split("=", 1) for part in identity.rpartition("@")[0].split(" ") if "=" in part)
    return said.get(fact, "")


async def recent_pollers(service: WorkflowService, namespace: str, queue: str) -> frozenset[str]:
    """Return the identities that recently polled for activities of `queue`. Raises RPCError."""
    request = DescribeTaskQueueRequest(
        namespace=namespace, task_queue=TaskQueue(name=queue), task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY
    )
    reply = await service.describe_task_queue(request, timeout=DESCRIBE_TIMEOUT)
    since = datetime.now(UTC) - MAX_POLLER_AGE
    return frozenset(one.identity for one in reply.pollers if one.last_access_time.ToDatetime(UTC) > since)
