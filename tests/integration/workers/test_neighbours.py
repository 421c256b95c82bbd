"""Documents beside one another: found by number, by person, by likeness, and never across the tenant's wall."""

import pytest
from pytest_django import DjangoAssertNumQueries

from quality.models import Fingerprint, Issue
from quality.services.rescore import score_after_review
from quality.services.rule_set import Engine
from refinery.core.database.scope import tenant_scope
from review.contracts import FieldEdit
from review.domain.lifecycle import Verdict
from tests.integration.workers.conftest import judge, read
from tests.workflows.papers import INVOICE, Office, open_office

LETTER = "\n".join(f"Paragraph {n}: the parties agree on matter {n * 37} of the second part." for n in range(40))


def issues(office: Office) -> set[tuple[str, str]]:
    """Give the cross-document issues, as code and document."""
    with tenant_scope(office.tenant_id):
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
def test_the_second_of_a_matter_is_told_apart(
    office: Office, engine: Engine, change: tuple[str, str], code: str
) -> None:
    """Another total contradicts, a later date replaces, the same again is a near duplicate."""
    read(office, INVOICE, engine)
    second = read(office, INVOICE.replace(*change), engine)
    assert (code, str(second.document_id)) in issues(office)


def test_a_copy_without_a_number_is_found_by_its_text(office: Office, engine: Engine) -> None:
    """A few misread letters do not hide it; another letter is not taken for it."""
    read(office, LETTER, engine)
    copy = read(office, LETTER.replace("parties", "part1es").replace("Paragraph 7", "Paragraph 1"), engine)
    other = read(office, "\n".join(f"Clause {n} concerns a wholly different thing." for n in range(40)), engine)
    assert ("near_duplicate", str(copy.document_id)) in issues(office)
    assert not [document for _, document in issues(office) if document == str(other.document_id)]


def test_another_tenant_is_no_neighbour(office: Office, engine: Engine) -> None:
    """The same invoice at two tenants is two tenants' own."""
    read(office, INVOICE, engine)
    other = open_office("other")
    read(other, INVOICE, engine)
    assert issues(office) == issues(other) == set()


def test_a_correction_is_what_later_documents_are_compared_with(office: Office, engine: Engine) -> None:
    """The print follows the human's word."""
    first = read(office, INVOICE.replace("INV-2041", "INV-2O4I"), engine)
    office.decide(first, Verdict.APPROVE, FieldEdit("invoice_number", "INV-2041"))
    with tenant_scope(office.tenant_id):
        score_after_review(first, engine)
        assert Fingerprint.objects.get().values["invoice_number"] == "INV-2041"
    second = read(office, INVOICE.replace("Total 120.00 EUR", "Total 130.00 EUR"), engine)
    assert ("contradiction", str(second.document_id)) in issues(office)


def test_judging_asks_a_fixed_number_of_questions(
    office: Office, engine: Engine, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """However many documents are there."""
    asked = []
    for number in range(6):
        ref = office.upload(INVOICE.replace("2041", f"20{number}1").replace("Aldgate", f"Aldgate{number}"))
        with django_assert_max_num_queries(100) as counted:
            judge(ref, engine)
        asked.append(len(counted))
    assert asked[-1] <= asked[1], asked
