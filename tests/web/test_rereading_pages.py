"""Read again with…: asked for on the record, in the list and for a batch; compared and chosen on its own page."""

from uuid import UUID

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from pytest_django import Settings

from ingestion.models import Document, Field, Page
from refinery.core.audit.services import record
from refinery.core.database.scope import tenant_scope
from refinery.core.outbox.models import OutboxMessage
from refinery.core.tenancy.roles import Role
from refinery.core.web.sealed_secrets import unseal
from review.models import Rereading
from review.services.reprocessing_steps import begin_candidate, finish_candidate
from tests.factories.documents import claimed, make_batch, make_document, make_page, make_task
from tests.factories.people import House, make_house

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    """A tenant with a person for every role."""
    return make_house()


@pytest.fixture
def document(house: House) -> Document:
    """A document that waits for a reviewer; one of its fields a person has corrected."""
    made = make_document(house)
    with tenant_scope(house.tenant_id):
        Field.objects.filter(name="total").update(human="corrected", value="121.00")
    return made


@pytest.fixture
def operator(house: House) -> Client:
    """A person who may have documents read again."""
    return house.client(Role.OPERATOR)


def asked(client: Client, document: Document, way: str = "thorough") -> str:
    """Ask on the record; gives the address of the page to which one is led."""
    answer = client.post(f"/documents/{document.id}/reread", {"way": way})
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def ready(house: House, document: Document) -> None:
    """Let a worker have read it: one word otherwise, and what is shown as text may be a script."""
    with tenant_scope(house.tenant_id):
        row = Rereading.objects.get()
        begin_candidate(tenant_id=house.tenant_id, rereading_id=row.id)
        Rereading.objects.update(pages=1, pages_done=1)
        page = make_page(house, Document(pk=document.pk, run=2, tenant_id=house.tenant_id), 1)
        words = [{**word, "line": 0, "source": "rapidocr"} for word in page.words]
        words[1] = {**words[1], "text": "<script>alert(1)</script>"}
        Page.objects.filter(pk=page.pk).update(words=words, source="rapidocr", blocks=[])
        Rereading.objects.update(
            fields=[
                {"name": "invoice_number", "value": "INV-2047", "confidence": 0.88},
                {"name": "total", "value": "128.00", "confidence": 0.93},
                {"name": "issue_date", "value": "2026-03-02", "confidence": 0.97},
            ]
        )
    read = Rereading.objects.filter(pk=row.pk)
    with tenant_scope(house.tenant_id):
        values = read.get().fields
    finish_candidate(tenant_id=house.tenant_id, rereading_id=row.id)
    with tenant_scope(house.tenant_id):
        read.update(fields=values)


def said(client: Client, address: str) -> str:
    """Follow to a page, and give what it tells in passing."""
    answer = client.get(address)
    return " ".join(str(message) for message in get_messages(answer.wsgi_request)) + answer.content.decode()


def test_the_differences_are_shown_before_anything_changes(
    house: House, operator: Client, document: Document
) -> None:
    """Fields before and after with how sure, what a person said as kept, and words as text, never as markup."""
    address = asked(operator, document)
    assert 'data-status="reread_queued"' in operator.get(address).content.decode()
    ready(house, document)
    page = operator.get(address).content.decode()
    number = page.partition('data-testid="change:invoice_number"')[2].partition("</tr>")[0]
    assert all(text in number for text in ("INV-2041", "INV-2047", "99", "88", "would change"))
    total = page.partition('data-testid="change:total"')[2].partition("</tr>")[0]
    assert all(text in total for text in ("121.00", "128.00", "corrected by a person", "kept"))
    assert 'data-testid="change:issue_date"' not in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert "diff__mark--new" in page
    with tenant_scope(house.tenant_id):
        assert Document.objects.get().run == 1


def test_the_record_leads_there(house: House, operator: Client, document: Document) -> None:
    """While it is read and once it is ready; nobody asks for a second one meanwhile."""
    record = f"/documents/{document.id}/"
    assert 'data-testid="reread-menu"' in operator.get(record).content.decode()
    address = asked(operator, document)
    page = operator.get(record).content.decode()
    assert address in page
    assert 'data-testid="reread-menu"' not in page
    assert operator.post(f"/documents/{document.id}/reread", {"way": "fast"}).headers["Location"] == record
    ready(house, document)
    assert "Another reading is ready" in operator.get(record).content.decode()


def test_it_is_taken(house: House, operator: Client, document: Document) -> None:
    """By a button; the document is on its next run then."""
    address = asked(operator, document)
    ready(house, document)
    assert operator.post(f"{address}apply").headers["Location"] == f"/documents/{document.id}/"
    with tenant_scope(house.tenant_id):
        found = Document.objects.get()
    assert (found.run, found.status, found.pages) == (2, "READING", 1)
    assert "This reading was taken" in operator.get(address).content.decode()


def test_it_is_left(house: House, operator: Client, document: Document) -> None:
    """By a button; the document stays."""
    address = asked(operator, document)
    operator.post(f"{address}drop")
    with tenant_scope(house.tenant_id):
        assert (Document.objects.get().run, Rereading.objects.get().status) == (1, "dropped")
    assert "dropped" in operator.get(address).content.decode()


def test_a_reviewers_work_is_not_taken_away(house: House, operator: Client, document: Document) -> None:
    """One is told, and led back to the comparison."""
    claimed(house, make_task(house, document), house.user(Role.REVIEWER).pk)
    address = asked(operator, document)
    ready(house, document)
    answer = operator.post(f"{address}apply")
    assert answer.headers["Location"] == address
    assert "A reviewer has the document in hand" in said(operator, address)


def test_who_may_only_look_gets_no_buttons(house: House, operator: Client, document: Document) -> None:
    """The differences are there for everyone who sees the document."""
    address = asked(operator, document)
    ready(house, document)
    page = house.client(Role.VIEWER).get(address).content.decode()
    assert "INV-2047" in page
    assert "apply-rereading" not in page
    assert 'name="document"' not in house.client(Role.VIEWER).get("/documents/").content.decode()


def test_a_page_of_it_comes_alone(house: House, operator: Client, document: Document) -> None:
    """For htmx; a number that is no page of it shows the first that differs."""
    address = asked(operator, document)
    ready(house, document)
    for number in ("1", "9", "x", "99999999999"):
        part = operator.get(f"{address}?part=words&page={number}").content.decode()
        assert 'id="words"' in part
        assert "<html" not in part


def test_chosen_documents_of_the_list(house: House, operator: Client) -> None:
    """Each is asked for; what cannot be is told of."""
    rows = [make_document(house) for _ in range(2)]
    asked(operator, rows[0])
    ids = [*(str(row.id) for row in rows), str(UUID(int=1)), "nonsense"]
    answer = operator.post("/documents/reread", {"document": ids, "way": "fast"})
    told = said(operator, answer.headers["Location"])
    assert "1 document is being read again" in told
    assert "2 cannot be" in told
    assert "Choose the documents first" in said(
        operator, operator.post("/documents/reread", {}).headers["Location"]
    )


def test_a_whole_batch(house: House, operator: Client) -> None:
    """By one button on its page."""
    batch = make_batch(house)
    for _ in range(3):
        make_document(house, batch=batch)
    assert 'data-testid="reread-menu"' in operator.get(f"/batches/{batch.id}/").content.decode()
    operator.post(f"/batches/{batch.id}/reread", {"way": "tesseract"})
    with tenant_scope(house.tenant_id):
        found = list(Rereading.objects.values_list("mode", "engines"))
    assert found == [("standard", ["tesseract"])] * 3


def test_every_engine_that_is_set_up_is_offered(operator: Client, document: Document, settings: Settings) -> None:
    """The third one alone where its weights are named; on the record and in the list."""
    for address in (f"/documents/{document.id}/", "/documents/"):
        settings.THIRD_ENGINE = False
        without = operator.get(address).content.decode()
        assert all(
            f'value="{way}"' in without for way in ("thorough", "standard", "fast", "tesseract", "rapidocr")
        )
        assert 'value="trocr"' not in without
        settings.THIRD_ENGINE = True
        assert 'value="trocr"' in operator.get(address).content.decode()


def test_a_locked_original_asks_for_its_password_once_more(
    house: House, operator: Client, document: Document
) -> None:
    """On the record alone, and only there where one is needed; what is given travels sealed."""
    address = f"/documents/{document.id}/"
    assert 'id="reread-password"' not in operator.get(address).content.decode()
    with tenant_scope(house.tenant_id):
        record(house.actor(Role.OPERATOR).audit, "document.password_given", "document", document.id)
    assert 'id="reread-password"' in operator.get(address).content.decode()
    operator.post(f"/documents/{document.id}/reread", {"way": "fast", "password": "sesame"})
    with tenant_scope(house.tenant_id):
        payload = OutboxMessage.objects.get(topic="workflow.start").payload
    assert "sesame" not in str(payload)
    assert unseal(payload["sealed"]) == "sesame"
