"""Run single activities in Temporal's test environment, without a server."""

from collections.abc import Callable
from typing import Any

from temporalio.testing import ActivityEnvironment

from ingestion.contracts import RunRef
from quality.services.rule_set import AssessmentConfig
from tests.support.ingest_harness import IngestHarness
from tests.support.text_reader import TextReader
from workers.activities.document_steps import DocumentActivities
from workers.activities.read_pages import ReadingActivities
from workers.messages import DocumentInput, OriginalInput


def document_input(ref: RunRef) -> DocumentInput:
    """Return the workflow input of a run."""
    return DocumentInput(str(ref.tenant_id), str(ref.document_id), ref.run)


def run_activity(activity: Callable[..., Any], message: object, **info: Any) -> Any:  # noqa: ANN401 - any activity
    """Run an activity as Temporal would; `changes` modify its activity info."""
    environment = ActivityEnvironment()
    if info:
        environment.info = type(environment.info)(**{**vars(environment.info), **info})
    return environment.run(activity, message)


def read_and_assess(ingest: IngestHarness, text: str, engine: AssessmentConfig, **options: object) -> RunRef:
    """Upload a file and process it up to its assessment."""
    ref = ingest.upload(text, **options)
    assess_run(ref, engine)
    return ref


def assess_run(ref: RunRef, engine: AssessmentConfig) -> None:
    """Process an uploaded file up to its assessment."""
    order = document_input(ref)
    steps = DocumentActivities(engine)
    run_activity(steps.begin, order)
    run_activity(ReadingActivities(TextReader()).read_pages, OriginalInput(order))
    run_activity(steps.assess, order)
