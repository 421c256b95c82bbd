"""Who asks Temporal for work, and what each of them says of itself.

How documents are parsed and scanned is a matter of the machine that a worker runs on, which need not be the web
process's. So each worker writes it into the name under which it asks for work; Temporal remembers whom it heard.
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

SILENCE: Final = timedelta(minutes=2)  # one long poll lasts a minute
PATIENCE: Final = timedelta(seconds=2)


def own_name(facts: Mapping[str, str]) -> str:
    """Give the name of a worker in this process: `PID FACT=VALUE@HOST`."""
    said = "".join(f" {fact}={value}" for fact, value in facts.items())
    return f"{os.getpid()}{said}@{socket.gethostname()}"


def on_this_host(name: str) -> bool:
    """Say whether a worker of this host goes by the name."""
    return name.rpartition("@")[2] == socket.gethostname()


def fact_of(name: str, fact: str) -> str:
    """Give what a worker's name says of one fact; empty when it says nothing."""
    said = dict(part.split("=", 1) for part in name.rpartition("@")[0].split(" ") if "=" in part)
    return said.get(fact, "")


async def heard(service: WorkflowService, namespace: str, queue: str) -> frozenset[str]:
    """Give the names under which activities of `queue` were lately asked for; raises RPCError."""
    request = DescribeTaskQueueRequest(
        namespace=namespace,
        task_queue=TaskQueue(name=queue),
        task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
    )
    reply = await service.describe_task_queue(request, timeout=PATIENCE)
    since = datetime.now(UTC) - SILENCE
    return frozenset(one.identity for one in reply.pollers if one.last_access_time.ToDatetime(UTC) > since)
