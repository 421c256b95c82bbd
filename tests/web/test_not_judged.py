"""A score that nobody could judge: stored as null, shown as such, and never counted."""

from importlib import import_module

import pytest
from django.db import connections, transaction

from ingestion.contracts import RunRef
from ingestion.models import Document
from quality.domain.checks.examples.builders import document as facts_of
from quality.domain.checks.examples.builders import page
from quality.domain.outcomes import CheckResult, Dimension, Evidence, Outcome, Severity, Tier
from quality.domain.routing import Decision, Route
from quality.domain.scoring import score_document
from quality.models import Assessment
from quality.services.assessments import write_assessment
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from refinery.core.webhooks.models import WebhookDelivery
from tests.factories.documents import make_document
from tests.factories.people import House, make_house
from workers.activities.outcome_events import tell_of_end

NAMES = ("overall", "structural", "content", "compliance", "freshness", "ocr_confidence")
WORDLESS = facts_of(pages=[page(words=())])


@pytest.fixture
def house(db: None) -> House:
    """A tenant with a person for every role."""
    return make_house()


def result(dimension: Dimension, outcome: Outcome) -> CheckResult:
    """Give a check's answer."""
    return CheckResult(f"a_check_of_{dimension}", 1, Tier.DOMAIN, dimension, Severity.MAJOR, outcome)


HALF = result(Dimension.CONTENT, Outcome.failed(Evidence(), score=0.5))
SILENT = result(Dimension.FRESHNESS, Outcome.unknown("no date"))


def judged(house: House, *results: CheckResult) -> Document:
    """Make a document without words whose run got these answers."""
    made = make_document(house)
    with tenant_scope(house.tenant_id):
        score = score_document(WORDLESS, results)
        write_assessment(ref_of(house, made), score, results, Decision(Route.REVIEW, (), 1.0), "prior")
    return made


def ref_of(house: House, document: Document) -> RunRef:
    """Name the document's run."""
    return RunRef(house.tenant_id, document.id, document.run)


def stored(house: House, document: Document) -> dict[str, float | None]:
    """Read the scores of the only assessment."""
    with tenant_scope(house.tenant_id):
        found: dict[str, float | None] = Assessment.objects.values(*NAMES).get(document=document)
    return found


def test_the_status_says_null_where_nothing_was_judged(house: House) -> None:
    """In the status and in the JSON export; a score that was judged keeps its value."""
    document = judged(house, HALF, SILENT)
    client = house.api(Role.OPERATOR)
    for address in ("status", "export?format=json"):
        answer = client.get(f"/v1/documents/{document.id}/{address}").json()
        assert answer["scores"] == {
            "overall": 50.0, "structural": None, "content": 50.0, "compliance": None, "freshness": None
        }  # fmt: skip
        assert answer["ocr_confidence"] is None


def test_the_interface_says_that_scores_may_be_null(house: House) -> None:
    """In OpenAPI 3.1 by a second type."""
    scores = house.api(Role.VIEWER).get("/v1/schema?format=json").json()["components"]["schemas"]["ScoresAnswer"]
    assert {tuple(member["type"]) for member in scores["properties"].values()} == {("number", "null")}


def test_the_record_says_not_judged(house: House) -> None:
    """Three dimensions by a word and without a number; a document about which all is open has no score at all."""
    client = house.client(Role.MANAGER)
    some = client.get(f"/documents/{judged(house, HALF, SILENT).id}/").content.decode()
    assert some.count("\N{EN DASH} not judged") == 3
    assert '<span class="figure-number">50</span>' in some
    none = judged(house, SILENT)
    page_of_none = client.get(f"/documents/{none.id}/").content.decode()
    assert "of 100" not in page_of_none
    assert page_of_none.count("not judged") == 5
    rows = client.get("/documents/?part=rows").content.decode()
    assert rows.count("\N{EN DASH} not judged") == 1
    with tenant_scope(house.tenant_id):
        Assessment.objects.filter(document=none).delete()
    assert "none yet" in client.get("/documents/?part=rows").content.decode()


def test_means_leave_out_what_was_not_judged(house: House) -> None:
    """A mean over nothing is null."""
    judged(house, HALF)
    judged(house, SILENT)
    scores = house.api(Role.OPERATOR).get("/v1/metrics/quality").json()["scores"]
    assert (scores["overall"], scores["content"]) == pytest.approx((50.0, 50.0))
    assert scores["freshness"] is None
    assert scores["ocr_confidence"] is None


def test_receivers_hear_null(house: House) -> None:
    """The event of the end holds no made-up score."""
    document = judged(house, SILENT)
    with tenant_scope(house.tenant_id):
        Document.objects.update(webhook_url="https://receiver.example/hook")
        tell_of_end(ref_of(house, document))
        assert WebhookDelivery.objects.get().payload["data"]["overall"] is None


@pytest.mark.usefixtures("committed_db")
def test_scores_made_up_by_earlier_versions_are_taken_back() -> None:
    """The migration knows from the outcomes which they are, in every tenant; its way back makes them up again."""
    house = make_house()
    document, silent = judged(house, HALF, SILENT), judged(house, SILENT)
    honest = stored(house, document), stored(house, silent)
    migration = import_module("quality.migrations.0003_not_judged")

    def run(statements: str) -> None:
        with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
            cursor.execute(statements)

    run(migration.MAKE_UP)
    assert stored(house, document) == pytest.approx({**dict.fromkeys(NAMES, 50.0), "ocr_confidence": 0.0})
    assert stored(house, silent) == dict.fromkeys(NAMES, 0.0)
    run(migration.FORGET)
    assert (stored(house, document), stored(house, silent)) == honest
