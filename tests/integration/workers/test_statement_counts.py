"""Number of statements of each step of a document: each is a round trip, and most of a step's processor time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from ingestion.contracts import RunRef
from quality.services.rule_set import AssessmentConfig
from tests.integration.workers.activity_steps import document_input, run_activity
from tests.support.ingest_harness import INVOICE, IngestHarness
from tests.support.text_reader import TextReader
from workers.activities.document_steps import DocumentActivities
from workers.activities.read_pages import ReadingActivities
from workers.activities.review_steps import HumanTaskActivities
from workers.messages import OriginalInput

SCOPE = ("SAVEPOINT", "RELEASE", "SELECT set_config", "SELECT current_setting")  # of the transaction that tests add


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect the statements of the block, without those that open and close a tenant's transaction."""
    found: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:  # noqa: ANN401 - any statement
        if not sql.startswith(SCOPE):
            found.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield found


def counts_of(ref: RunRef, engine: AssessmentConfig) -> dict[str, int]:
    """Process a file up to its review, and return the number of statements of each step."""
    steps, order = DocumentActivities(engine), document_input(ref)
    reading = ReadingActivities(TextReader(), settings_digest=lambda _: "settings")
    work: tuple[tuple[str, Callable[..., Any], object], ...] = (
        ("begin", steps.begin, order),
        ("read", reading.read_pages, OriginalInput(order)),
        ("assess", steps.assess, order),
        ("wait", HumanTaskActivities(engine).load_wait_state, order),
    )
    counts = {}
    for name, activity, message in work:
        with statements() as found:
            run_activity(activity, message)
        counts[name] = len(found)
    return counts


def test_steps_number_of_statements_is_fixed(ingest: IngestHarness, assessment_engine: AssessmentConfig) -> None:
    """Measured beside other invoices of the sender, whose texts and values are loaded in one statement each."""
    for number in range(3):
        counts_of(ingest.upload(INVOICE.replace("2041", f"{3000 + number}")), assessment_engine)
    counts = counts_of(ingest.upload(INVOICE), assessment_engine)
    assert counts == {"begin": 3, "read": 14, "assess": 31, "wait": 3}
