"""What pages say of files: which other document an issue means, what kind a file is, why it cannot be read."""

from uuid import uuid4

import pytest

from ingestion.domain.formats.containers import ARCHIVES, MAILS
from ingestion.domain.formats.images import PICTURES
from ingestion.domain.formats.office import EPUB, OFFICE
from ingestion.domain.formats.text import TEXTS
from ingestion.domain.lifecycle import DocumentStatus
from ingestion.selectors.labels import FILES, file_words
from quality.models import Assessment, Issue
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from tests.factories.documents import make_batch, make_document, make_task
from tests.factories.people import House, make_house


@pytest.fixture
def house(db: None) -> House:
    """A tenant with a person for every role."""
    return make_house()


@pytest.mark.parametrize("whose", ["own", "a stranger's", "nobody's"])
def test_an_issue_leads_to_the_other_document(house: House, whose: str) -> None:
    stranger = make_house("northwind")
    document = make_document(house, filename="here.pdf")
    other = {
        "own": make_document(house, filename="there.pdf").id,
        "a stranger's": make_document(stranger, filename="there.pdf").id,
        "nobody's": uuid4(),
    }[whose]
    task = make_task(house, document)
    with tenant_scope(house.tenant_id):
        Issue.objects.filter(document=document).update(evidence=[{"text": "", "neighbour": str(other)}])
    payload = house.client(Role.REVIEWER).get(f"/review/tasks/{task.id}/payload").json()
    record = house.client(Role.OPERATOR).get(f"/documents/{document.id}/").content.decode()
    told = {"title": "there.pdf", "url": f"/documents/{other}/"} if whose == "own" else None
    assert {str(issue["other"]) for issue in payload["document"]["issues"]} == {str(told)}
    assert (f'href="/documents/{other}/"' in record) is (whose == "own")
    assert ("there.pdf" in record) is (whose == "own")


def test_every_kind_of_file_that_is_read_has_a_name() -> None:
    assert set(FILES) >= {"application/pdf", EPUB} | ARCHIVES | MAILS | OFFICE | TEXTS | PICTURES


def test_a_file_that_cannot_be_read_says_why_wherever_it_stands(house: House) -> None:
    """On the record, among the documents, in its batch; and no score is promised."""
    batch = make_batch(house)
    document = make_document(
        house, filename="a.bin", status=DocumentStatus.FAILED, error_code="unsupported", batch=batch, pages=0
    )
    with tenant_scope(house.tenant_id):
        Assessment.objects.filter(document=document).delete()
        Issue.objects.filter(document=document).delete()
    client = house.client(Role.OPERATOR)
    for address in ("/documents/?part=rows", f"/batches/{batch.id}/"):
        shown = client.get(address).content.decode()
        assert "Files of this kind are not read" in shown, address
        assert "not judged" in shown, address
        assert "none yet" not in shown, address
    record = client.get(f"/documents/{document.id}/").content.decode()
    assert "No check could look at it." in record
    assert "Checks run once" not in record


def test_a_type_is_never_shown_as_a_program_names_it() -> None:
    assert file_words("application/octet-stream") == "Of no known kind"
    assert file_words("application/pdf") == "PDF"
