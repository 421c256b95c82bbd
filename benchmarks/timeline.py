"""Timeline of a document's workflow from Temporal's history, without polling."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client

READ, ASSESS = "read_pages", "assess"


@dataclass(frozen=True, slots=True)
class WorkflowTimeline:
    """Times in seconds since 1970. `first_activity_ended`: the first activity, a local one, has ended."""

    started: float
    first_activity_ended: float
    reading: float
    read: float
    assessed: float


def timeline_of(environment: Mapping[str, str], document: str, run: int = 1) -> WorkflowTimeline:
    """Read the history of a document whose router has decided; raises KeyError when a step is missing."""
    return asyncio.run(_read(environment, f"doc/{document}/{run}"))


async def _read(environment: Mapping[str, str], workflow_id: str) -> WorkflowTimeline:
    namespace = environment.get("TEMPORAL_NAMESPACE", "default")
    client = await Client.connect(environment["TEMPORAL_ADDRESS"], namespace=namespace)
    names: dict[int, str] = {}
    moments: dict[str, float] = {}
    async for event in client.get_workflow_handle(workflow_id).fetch_history_events():
        at = event.event_time.ToDatetime(UTC).timestamp()
        match event.event_type:
            case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED:
                moments["start"] = at
            case EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
                name = event.activity_task_scheduled_event_attributes.activity_type.name
                names[event.event_id] = name
                moments[f"{name} scheduled"] = at
            case EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED:
                moments[f"{names[event.activity_task_started_event_attributes.scheduled_event_id]} started"] = at
            case EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED:
                moments[f"{names[event.activity_task_completed_event_attributes.scheduled_event_id]} done"] = at
    return WorkflowTimeline(
        started=moments["start"],
        first_activity_ended=moments[f"{READ} scheduled"],
        reading=moments[f"{READ} started"],
        read=moments[f"{READ} done"],
        assessed=moments[f"{ASSESS} done"],
    )


def now() -> float:
    """Return the current time, comparable to Temporal's: both use this machine's clock."""
    return datetime.now(UTC).timestamp()
