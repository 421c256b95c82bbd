"""A worker is healthy while Temporal hears it, and tells what it parses in and whether it scans."""

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
from workers.bootstrap import build


@activity.defn
async def nothing() -> None:
    """Do nothing."""


@workflow.defn(sandboxed=False)  # the sandbox would load this whole module again, and with it the stack
class Once:
    """Does one activity on a queue, so that its worker has surely been heard."""

    @workflow.run
    async def run(self, queue: str) -> None:
        """Do it."""
        await workflow.execute_activity(nothing, task_queue=queue, start_to_close_timeout=timedelta(minutes=1))


@pytest.fixture
def values(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Env]:
    """What leads to an engine that has heard nobody yet."""
    server = start_temporal(tmp_path / "temporal", find_temporal(say=lambda _: None))
    found = Env(temporal_address=server.address, temporal_namespace=server.namespace)  # type: ignore[call-arg]
    for asking in (health, probes):
        monkeypatch.setattr(asking, "env", found)
    yield found
    server.stop()


async def test_a_worker_is_healthy_on_its_own_queue_and_tells_of_itself(values: Env) -> None:
    """As `workers.run` builds it; what nobody has told is not made up."""
    client = await Client.connect(values.temporal_address, namespace=values.temporal_namespace)
    scanning = values.model_copy(update={"clamd_address": "clamd:3310"})
    cpu, io = build(client, "cpu", values, [nothing]), build(client, "io", scanning, [nothing])
    parsing, scan = probes.NOTICES["document_parsing"], probes.NOTICES["virus_scan"]
    office = probes.NOTICES["office_files"]
    async with Worker(client, task_queue="once", workflows=[Once]), cpu:
        await client.execute_workflow(Once.run, "cpu", id="cpu", task_queue="once")
        assert await health.polls("cpu")
        assert not await health.polls("gpu")
        assert await asyncio.to_thread(parsing) == sandbox_kind()
        assert await asyncio.to_thread(office) == office_kind()
        assert await asyncio.to_thread(scan) == "no worker"
        async with io:
            await client.execute_workflow(Once.run, "io", id="io", task_queue="once")
            assert await asyncio.to_thread(scan) == "on"


def test_a_worker_without_temporal_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    (port,) = free_ports(1)
    monkeypatch.setattr(health, "env", Env(temporal_address=f"127.0.0.1:{port}"))  # type: ignore[call-arg]
    assert not health.healthy("cpu")
