"""Related documents: found by number, by person, by similarity, and never across tenants."""

import pytest
from pytest_django import DjangoAssertNumQueries

from quality.models import Fingerprint, Issue
from quality.services.rescore import score_after_review
from quality.services.rule_set import AssessmentConfig
from refinery.core.database.scope import tenant_scope
from review.contracts import FieldEdit
from review.domain.lifecycle import ReviewVerdict
from tests.integration.workers.activity_steps import assess_run, read_and_assess
from tests.support.ingest_harness import INVOICE, IngestHarness, make_ingest_harness

LETTER = "\n".join(f"Paragraph {n}: the parties agree on matter {n * 37} of the second part." for n in range(40))


def relation_issues(ingest: IngestHarness) -> set[tuple[str, str]]:
    """Return the cross-document issues as code and document."""
    with tenant_scope(ingest.tenant_id):
        rows = Issue.objects.filter(tier="cross_document")
        return {(row.code, str(row.document_id)) for row in rows}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("Total 120.00 EUR", "Total 130.00 EUR"), "contradiction"),
        (("2026-03-02", "2026-03-09"), "replaces_earlier"),
        (("Aldgate Paper Ltd\n", "Aldgate Paper Ltd \n"), "near_duplicate"),
    ],
)
def test_second_related_document_gets_matching_relation(
    ingest: IngestHarness, assessment_engine: AssessmentConfig, change: tuple[str, str], code: str
) -> None:
    """Another total contradicts, a later date replaces, identical values are a near duplicate."""
    read_and_assess(ingest, INVOICE, assessment_engine)
    second = read_and_assess(ingest, INVOICE.replace(*change), assessment_engine)
    assert (code, str(second.document_id)) in relation_issues(ingest)


def test_copy_without_number_is_found_by_text(ingest: IngestHarness, assessment_engine: AssessmentConfig) -> None:
    """A few misread letters do not prevent the match; a different letter does not match."""
    read_and_assess(ingest, LETTER, assessment_engine)
    copy = read_and_assess(
        ingest, LETTER.replace("parties", "part1es").replace("Paragraph 7", "Paragraph 1"), assessment_engine
    )
    other = read_and_assess(
        ingest, "\n".join(f"Clause {n} concerns a wholly different thing." for n in range(40)), assessment_engine
    )
    assert ("near_duplicate", str(copy.document_id)) in relation_issues(ingest)
    assert not [document for _, document in relation_issues(ingest) if document == str(other.document_id)]


def test_other_tenant_document_is_not_related(ingest: IngestHarness, assessment_engine: AssessmentConfig) -> None:
    """The same invoice at two tenants is unrelated."""
    read_and_assess(ingest, INVOICE, assessment_engine)
    other = make_ingest_harness("other")
    read_and_assess(other, INVOICE, assessment_engine)
    assert relation_issues(ingest) == relation_issues(other) == set()


def test_relations_use_corrected_values(ingest: IngestHarness, assessment_engine: AssessmentConfig) -> None:
    """The value corrected by a person replaces the printed one."""
    first = read_and_assess(ingest, INVOICE.replace("INV-2041", "INV-2O4I"), assessment_engine)
    ingest.decide(first, ReviewVerdict.APPROVE, FieldEdit("invoice_number", "INV-2041"))
    with tenant_scope(ingest.tenant_id):
        score_after_review(first, assessment_engine)
        assert Fingerprint.objects.get().values["invoice_number"] == "INV-2041"
    second = read_and_assess(ingest, INVOICE.replace("Total 120.00 EUR", "Total 130.00 EUR"), assessment_engine)
    assert ("contradiction", str(second.document_id)) in relation_issues(ingest)


def test_assessment_uses_constant_number_of_queries(
    ingest: IngestHarness, assessment_engine: AssessmentConfig, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """Independent of the number of documents."""
    asked = []
    for number in range(6):
        ref = ingest.upload(INVOICE.replace("2041", f"20{number}1").replace("Aldgate", f"Aldgate{number}"))
        with django_assert_max_num_queries(100) as counted:
            assess_run(ref, assessment_engine)
        asked.append(len(counted))
    assert asked[-1] <= asked[1], asked
