"""A worker is healthy while Temporal hears it."""

from datetime import timedelta
from pathlib import Path

import pytest
from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import Worker

from refinery.settings.env import Env
from refinery.stack import health
from refinery.stack.ports import free_ports
from refinery.stack.services import start_temporal
from refinery.stack.temporal_binary import find_temporal


@activity.defn
async def nothing() -> None:
    """Do nothing."""


@workflow.defn(sandboxed=False)  # the sandbox would load this whole module again, and with it the stack
class Once:
    """Does one activity, so that its worker has surely been heard."""

    @workflow.run
    async def run(self) -> None:
        """Do it."""
        await workflow.execute_activity(nothing, start_to_close_timeout=timedelta(minutes=1))


async def test_a_worker_is_healthy_on_its_own_queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = start_temporal(tmp_path / "temporal", find_temporal(say=lambda _: None))
    try:
        values = Env(temporal_address=server.address, temporal_namespace=server.namespace)  # type: ignore[call-arg]
        monkeypatch.setattr(health, "env", values)
        client = await Client.connect(server.address, namespace=server.namespace)
        async with Worker(client, task_queue="cpu", workflows=[Once], activities=[nothing]):
            await client.execute_workflow(Once.run, id="once", task_queue="cpu")
            assert await health.polls("cpu")
            assert not await health.polls("gpu")
    finally:
        server.stop()


def test_a_worker_without_temporal_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    (port,) = free_ports(1)
    monkeypatch.setattr(health, "env", Env(temporal_address=f"127.0.0.1:{port}"))  # type: ignore[call-arg]
    assert not health.healthy("cpu")
