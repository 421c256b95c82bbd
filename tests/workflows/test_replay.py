"""Workflows in flight survive a release: what was recorded of them still fits today's code."""

import asyncio
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from workers.bootstrap import WORKFLOWS

HISTORIES = sorted((Path(__file__).parent / "histories").glob("*.json"))


def test_there_are_histories() -> None:
    """An empty folder would prove nothing."""
    assert len(HISTORIES) >= 4


@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: path.stem)
def test_a_recorded_workflow_still_fits(path: Path) -> None:
    """Replaying it meets no command that the history does not hold."""
    history = WorkflowHistory.from_json(path.stem, path.read_text())
    asyncio.run(Replayer(workflows=WORKFLOWS).replay_workflow(history))
