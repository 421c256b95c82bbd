"""Limit of processor time for one step in a thread of a worker."""

import sys
import threading

import pytest
from temporalio.exceptions import ApplicationError

from ingestion.contracts import RunRef
from ingestion.domain.errors import CpuTimeExceeded
from quality.services import assess
from quality.services.rule_set import AssessmentConfig
from tests.integration.workers.activity_steps import document_input, run_activity
from tests.support.ingest_harness import IngestHarness
from tests.support.text_reader import TextReader
from workers import policies
from workers.activities import cpu_limit as limits
from workers.activities.cpu_limit import cpu_limit
from workers.activities.document_steps import DocumentActivities
from workers.activities.heartbeat import MAX_STALLED_ATTEMPTS
from workers.activities.read_pages import ReadingActivities
from workers.interceptors import to_application_error
from workers.messages import POISON, DocumentInput, OriginalInput


def spin() -> None:
    """Use processor time without end, and catch whatever a program would catch."""
    while True:
        try:
            while True:
                pass
        except Exception:  # noqa: BLE001, S112 - as the runner of the checks does
            continue


def test_endless_step_is_stopped() -> None:
    with pytest.raises(CpuTimeExceeded), cpu_limit(0.05):
        spin()


def test_step_within_its_limit_is_not_disturbed() -> None:
    for _ in range(20):
        with cpu_limit(60):
            sum(range(1000))


class LateInterruption(threading.Event):
    """End of a step during which its thread is interrupted."""

    def set(self) -> None:
        """Interrupt this thread."""
        limits._raise_in(threading.get_ident(), limits._TimeUsedUp)
        super().set()


@pytest.mark.parametrize("traced", [False, True])
@pytest.mark.parametrize(("absorbed", "outcome"), [(True, "undisturbed"), (False, "interrupted")])
def test_interruption_that_comes_too_late_is_absorbed(absorbed: bool, outcome: str, traced: bool) -> None:
    """The next step of the thread must not be stopped for the one before it, and a traced thread must go on."""
    outcomes: list[str] = []

    def work() -> None:
        watch = limits._Watch(60, over=LateInterruption())
        sys.settrace((lambda *_: None) if traced else None)
        try:
            (watch.end if absorbed else watch.over.set)()
            outcomes.append("undisturbed")
        except limits._TimeUsedUp:
            outcomes.append("interrupted")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert outcomes == [outcome]


def read(ingest: IngestHarness, engine: AssessmentConfig) -> tuple[DocumentActivities, DocumentInput, RunRef]:
    """Upload and read a document."""
    ref = ingest.upload()
    steps, given = DocumentActivities(engine), document_input(ref)
    run_activity(steps.begin, given)
    run_activity(ReadingActivities(TextReader()).read_pages, OriginalInput(given))
    return steps, given, ref


def test_endless_assessment_ends_and_is_not_repeated(
    ingest: IngestHarness, assessment_engine: AssessmentConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is written; the workflow then routes the document to a person."""
    steps, given, ref = read(ingest, assessment_engine)
    monkeypatch.setattr(limits, "STEP_CPU_SECONDS", 0.05)
    monkeypatch.setattr(assess, "find_issues", lambda *_: spin())
    with pytest.raises(CpuTimeExceeded) as end:
        run_activity(steps.assess, given)
    assert ingest.document(ref).status == "ASSESSING"
    failures: list[ApplicationError] = []
    run_activity(lambda _: failures.append(to_application_error(end.value, 1)), None)
    assert (failures[0].type, failures[0].non_retryable) == ("resource_limit", True)
    assert run_activity(steps.route_to_review, given).status == "IN_REVIEW"


def test_assessment_that_kills_its_workers_is_given_up(
    ingest: IngestHarness, assessment_engine: AssessmentConfig
) -> None:
    """A worker that dies or hangs reports nothing: the next attempt counts it by the heartbeats."""
    steps, given, _ = read(ingest, assessment_engine)
    with pytest.raises(ApplicationError) as end:
        run_activity(steps.assess, given, heartbeat_details=[0, MAX_STALLED_ATTEMPTS - 1])
    assert (end.value.type, end.value.non_retryable) == (POISON, True)


def test_assessment_has_a_heartbeat() -> None:
    assert policies.ASSESS["heartbeat_timeout"].total_seconds() == policies.HEARTBEAT_TIMEOUT_SECONDS
