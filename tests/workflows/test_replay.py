"""Workflows in flight survive a release: recorded histories are compatible with the current code."""

import asyncio
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from workers.bootstrap import WORKFLOWS

HISTORIES = sorted((Path(__file__).parent / "histories").glob("*.json"))


def test_histories_exist() -> None:
    """An empty folder would prove nothing."""
    assert len(HISTORIES) >= 4


@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: path.stem)
def test_replay_recorded_history_matches_current_code(path: Path) -> None:
    """Replaying produces no command that is missing from the history."""
    history = WorkflowHistory.from_json(path.stem, path.read_text())
    asyncio.run(Replayer(workflows=WORKFLOWS).replay_workflow(history))
