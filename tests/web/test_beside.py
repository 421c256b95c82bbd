"""An issue that speaks of another document leads there, unless that is another tenant's or gone."""

from uuid import uuid4

import pytest

from ingestion.domain.containers import ARCHIVES, MAILS
from ingestion.domain.office import EPUB, OFFICE
from ingestion.domain.pictures import PICTURES
from ingestion.domain.texts import TEXTS
from quality.models import Issue
from refinery.database.scope import tenant_scope
from refinery.tenancy.roles import Role
from review.selectors.words import FILES
from tests.factories.documents import make_document, make_task
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
