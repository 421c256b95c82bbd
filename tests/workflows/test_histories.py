"""Every workflow has a recorded history, so that test_replay covers all of them. No server is needed."""

import importlib
import json
import pkgutil
from collections import defaultdict
from collections.abc import Mapping, Sequence

from temporalio import workflow

import workers.workflows
from tests.workflows.test_replay import HISTORIES
from workers.bootstrap import WORKFLOWS

RECORD = "add a recording to tests/workflows/record_histories.py and run it: pytest tests/workflows/record_histories.py"


def defined_name(workflow_class: type) -> str:
    """Return the name under which Temporal knows a workflow class."""
    return workflow._Definition.must_from_class(workflow_class).name or ""


def workflow_classes() -> set[type]:
    """Return the classes with `@workflow.defn` in all modules of workers.workflows."""
    names = [module.name for module in pkgutil.walk_packages(workers.workflows.__path__, "workers.workflows.")]
    members = [member for name in names for member in vars(importlib.import_module(name)).values()]
    return {one for one in members if isinstance(one, type) and workflow._Definition.from_class(one)}


def histories_by_workflow() -> Mapping[str, Sequence[str]]:
    """Return the file names of the recorded histories by workflow type, as their first event names it."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in HISTORIES:
        started = json.loads(path.read_text())["events"][0]["workflowExecutionStartedEventAttributes"]
        found[started["workflowType"]["name"]].append(path.name)
    return found


def test_workers_register_every_workflow_class() -> None:
    assert set(WORKFLOWS) == workflow_classes()


def test_every_workflow_has_a_recorded_history() -> None:
    missing = sorted({defined_name(one) for one in workflow_classes()} - set(histories_by_workflow()))
    assert not missing, f"no history of {', '.join(missing)}: {RECORD}"


def test_every_recorded_history_belongs_to_a_workflow() -> None:
    known = {defined_name(one) for one in workflow_classes()}
    unknown = {name: files for name, files in histories_by_workflow().items() if name not in known}
    assert not unknown, "workflows in flight would find no code"
