"""Worker health: a worker is healthy while it polls Temporal, and it reports its sandbox and scanner."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import Worker

from ingestion.adapters.formats.office.program import office_kind
from ingestion.adapters.sandbox.launcher import sandbox_kind
from refinery.core.web import probes
from refinery.settings.env import Env
from refinery.stack import health
from refinery.stack.ports import free_ports
from refinery.stack.services import start_temporal
from refinery.stack.temporal_binary import find_temporal
from workers.bootstrap import build_worker


@activity.defn
async def no_op() -> None:
    """Do nothing."""


@workflow.defn(sandboxed=False)  # Temporal's sandbox would import this whole module again, including the stack
class OneActivityWorkflow:
    """Runs one activity on a queue, which proves that its worker has polled."""

    @workflow.run
    async def run(self, queue: str) -> None:
        """Run the activity."""
        await workflow.execute_activity(no_op, task_queue=queue, start_to_close_timeout=timedelta(minutes=1))


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Env]:
    """Yield the environment of a Temporal server without pollers."""
    server = start_temporal(tmp_path / "temporal", find_temporal(say=lambda _: None))
    found = Env(temporal_address=server.address, temporal_namespace=server.namespace)  # type: ignore[call-arg]
    for asking in (health, probes):
        monkeypatch.setattr(asking, "env", found)
    yield found
    server.stop()


async def test_worker_is_healthy_on_its_queue_and_reports_its_facts(environment: Env) -> None:
    """Built as in `workers.run`; a missing fact is reported as unknown."""
    client = await Client.connect(environment.temporal_address, namespace=environment.temporal_namespace)
    scanning = environment.model_copy(update={"clamd_address": "clamd:3310"})
    cpu, io = build_worker(client, "cpu", environment, [no_op]), build_worker(client, "io", scanning, [no_op])
    parsing, scan = probes.WORKER_FACT_PROBES["document_parsing"], probes.WORKER_FACT_PROBES["virus_scan"]
    office = probes.WORKER_FACT_PROBES["office_files"]
    async with Worker(client, task_queue="once", workflows=[OneActivityWorkflow]), cpu:
        await client.execute_workflow(OneActivityWorkflow.run, "cpu", id="cpu", task_queue="once")
        assert await health.is_polling("cpu")
        assert not await health.is_polling("gpu")
        assert await asyncio.to_thread(parsing) == sandbox_kind()
        assert await asyncio.to_thread(office) == office_kind()
        assert await asyncio.to_thread(scan) == "no worker"
        async with io:
            await client.execute_workflow(OneActivityWorkflow.run, "io", id="io", task_queue="once")
            assert await asyncio.to_thread(scan) == "on"


def test_worker_without_temporal_is_unhealthy(monkeypatch: pytest.MonkeyPatch) -> None:
    (port,) = free_ports(1)
    monkeypatch.setattr(health, "env", Env(temporal_address=f"127.0.0.1:{port}"))  # type: ignore[call-arg]
    assert not health.is_healthy("cpu")
