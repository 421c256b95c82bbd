"""Other readings of many documents: in sum and one by one, taken where they only improve, chosen, or dropped."""

from uuid import UUID

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from ingestion.models import Batch, Document, Page
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from review.contracts import Means
from review.models import Rereading
from review.services.reprocessing_steps import begin_candidate, finish_candidate
from review.services.reprocessings import ask_rereading
from tests.factories.documents import claimed, make_batch, make_document, make_page, make_task
from tests.factories.people import House, make_house

pytestmark = pytest.mark.django_db
JSON = "application/json"
MANY = "/documents/rereadings/"
CHOOSE = "/documents/rereadings/choose"


@pytest.fixture
def house() -> House:
    """A tenant with a person for every role."""
    return make_house()


@pytest.fixture
def batch(house: House) -> Batch:
    """A batch."""
    return make_batch(house)


def read_again(house: House, document: Document, *, confidence: float) -> UUID:
    """Ask, and let a worker have read one word otherwise, as sure of the page as it is said; gives the reading."""
    with tenant_scope(house.tenant_id):
        actor = house.actor(Role.OPERATOR)
        row = ask_rereading(actor=actor, document_id=document.id, means=Means("thorough"))
        begin_candidate(tenant_id=house.tenant_id, rereading_id=row.id)
        Rereading.objects.filter(pk=row.id).update(pages=1, pages_done=1)
        page = make_page(house, Document(pk=document.pk, run=2, tenant_id=house.tenant_id), 1)
        words = [{**word, "line": 0, "source": "rapidocr"} for word in page.words]
        words[1] = {**words[1], "text": "128.00"}
        Page.objects.filter(pk=page.pk).update(words=words, source="rapidocr", confidence=confidence, blocks=[])
    finish_candidate(tenant_id=house.tenant_id, rereading_id=row.id)
    with tenant_scope(house.tenant_id):  # the same kind, and no field of its own, so that the page alone speaks
        Rereading.objects.filter(pk=row.id).update(schema_key=document.schema_key, fields=[])
    return row.id


def paper(house: House, name: str, batch: Batch | None = None) -> Document:
    """Make a document of no fields."""
    return make_document(house, fields=(), filename=name, batch=batch)


def statuses(house: House) -> dict[str, str]:
    """Give how each document's reading stands."""
    with tenant_scope(house.tenant_id):
        return dict(Rereading.objects.values_list("document__filename", "status"))


def said(client: Client, address: str) -> str:
    """Follow to a page, and give what it tells in passing."""
    return " ".join(str(message) for message in get_messages(client.get(address).wsgi_request))


def post(client: Client, verb: str, **values: object) -> str:
    """Choose; gives what is said of it."""
    answer = client.post(CHOOSE, {"verb": verb, **values})
    assert answer.status_code == 302
    return said(client, answer.headers["Location"])


@pytest.fixture
def three(house: House, batch: Batch) -> dict[str, UUID]:
    """Two readings of a batch, one better and one worse, and a better one beside it."""
    return {
        name: read_again(house, paper(house, name, inside), confidence=sure)
        for name, inside, sure in (
            ("better.pdf", batch, 0.99),
            ("worse.pdf", batch, 0.5),
            ("beside.pdf", None, 0.99),
        )
    }


def test_they_are_shown_in_sum_and_one_by_one(house: House, batch: Batch, three: dict[str, UUID]) -> None:
    """Of all, or of a batch; the list and the batch lead there."""
    client = house.client(Role.OPERATOR)
    page = client.get(MANY).content.decode()
    assert "<strong>3</strong> readings wait for your choice" in page
    assert "<strong>3</strong> words differ" in page
    assert "Take the 2 that only improve" in page
    of_batch = client.get(f"{MANY}?batch={batch.id}").content.decode()
    assert "<strong>2</strong> readings wait" in of_batch
    assert "Take the 1 that only improves" in of_batch
    assert "beside.pdf" not in of_batch
    assert f'href="{MANY}"' in client.get("/documents/").content.decode()
    assert f'href="{MANY}?batch={batch.id}"' in client.get(f"/batches/{batch.id}/").content.decode()
    part = client.get(f"{MANY}?part=rereadings").content.decode()
    assert "better.pdf" in part
    assert "<html" not in part


def test_those_that_only_improve_are_taken(house: House, batch: Batch, three: dict[str, UUID]) -> None:
    """Of the batch alone where one is named; what is worse somewhere waits on."""
    told = post(house.client(Role.OPERATOR), "take-better", batch=str(batch.id))
    assert "1 reading is taken" in told
    assert statuses(house) == {"better.pdf": "applied", "worse.pdf": "ready", "beside.pdf": "ready"}
    with tenant_scope(house.tenant_id):
        assert set(Document.objects.filter(run=2).values_list("filename", flat=True)) == {"better.pdf"}


def test_chosen_ones_are_taken_or_dropped(house: House, three: dict[str, UUID]) -> None:
    """Whatever they do; what a reviewer has in hand is told of and keeps nobody else waiting."""
    with tenant_scope(house.tenant_id):
        document = Document.objects.get(filename="better.pdf")
    claimed(house, make_task(house, document), house.user(Role.REVIEWER).pk)
    client = house.client(Role.OPERATOR)
    keys = [str(three["better.pdf"]), str(three["worse.pdf"]), str(UUID(int=1)), "nonsense"]
    told = post(client, "take", rereading=keys)
    assert "1 reading is taken" in told
    assert "2 could not be" in told
    assert statuses(house) == {"better.pdf": "ready", "worse.pdf": "applied", "beside.pdf": "ready"}
    assert "1 reading is dropped" in post(client, "drop", rereading=[str(three["beside.pdf"])])
    assert statuses(house)["beside.pdf"] == "dropped"
    assert "Choose the readings first" in post(client, "take")


def test_all_are_dropped(house: House, batch: Batch, three: dict[str, UUID]) -> None:
    """Of the batch, then of all; their pages go, the documents stay as they are."""
    client = house.client(Role.OPERATOR)
    assert "2 readings are dropped" in post(client, "drop-all", batch=str(batch.id))
    assert statuses(house)["beside.pdf"] == "ready"
    post(client, "drop-all")
    with tenant_scope(house.tenant_id):
        assert not Page.objects.filter(run=2).exists()
        assert set(Document.objects.values_list("run", "status")) == {(1, "IN_REVIEW")}
    assert "No other reading waits" in client.get(MANY).content.decode()


def test_who_may_only_look_cannot_choose(house: House, three: dict[str, UUID]) -> None:
    """The page is shown without its buttons."""
    client = house.client(Role.VIEWER)
    page = client.get(MANY).content.decode()
    assert "better.pdf" in page
    assert "take-better" not in page
    assert 'name="rereading"' not in page
    assert client.post(CHOOSE, {"verb": "drop-all"}).status_code == 403
    assert set(statuses(house).values()) == {"ready"}


def test_another_tenants_readings_are_not_there(house: House, three: dict[str, UUID]) -> None:
    """Neither to see nor to choose."""
    client = make_house("other").client(Role.OPERATOR)
    assert "better.pdf" not in client.get(MANY).content.decode()
    assert "1 could not be" in post(client, "drop", rereading=[str(three["better.pdf"])])
    post(client, "drop-all")
    assert set(statuses(house).values()) == {"ready"}


def test_the_same_over_rest(house: House, batch: Batch, three: dict[str, UUID]) -> None:
    """With the sum, each one, and what became of a choice."""
    api = house.api(Role.OPERATOR)
    found = api.get(f"/v1/rereadings?batch={batch.id}").json()
    assert (found["ready"], found["only_improve"], found["words_changed"], found["left"]) == (2, 1, 2, 0)
    lines = {line["filename"]: line for line in found["results"]}
    assert (lines["better.pdf"]["only_improves"], lines["worse.pdf"]["only_improves"]) == (True, False)
    assert (lines["worse.pdf"]["confidence_before"], lines["worse.pdf"]["confidence_after"]) == (0.98, 0.5)
    assert api.get("/v1/rereadings?batch=x").status_code == 400
    taken = api.post("/v1/rereadings/apply", {"batch": str(batch.id)}, JSON)
    assert (taken.status_code, taken.json()) == (
        202,
        {"done": [str(three["better.pdf"])], "refused": [], "left": 0},
    )
    named = [str(three["worse.pdf"]), str(UUID(int=1))]
    both = api.post("/v1/rereadings/drop", {"rereadings": named, "batch": str(batch.id)}, JSON)
    assert both.status_code == 422
    dropped = api.post("/v1/rereadings/drop", {"rereadings": named}, JSON).json()
    assert dropped["done"] == named[:1]
    assert dropped["refused"] == [{"id": str(UUID(int=1)), "code": "not-found"}]
    assert api.post("/v1/rereadings/drop", {"batch": str(UUID(int=1))}, JSON).status_code == 404
    assert statuses(house) == {"better.pdf": "applied", "worse.pdf": "dropped", "beside.pdf": "ready"}


def test_those_that_improve_are_found_behind_many_that_do_not(
    house: House, three: dict[str, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many one page holds: what nobody takes does not keep others from being taken."""
    monkeypatch.setattr("review.selectors.bulk_reprocessings.SHOWN", 1)
    monkeypatch.setattr("review.services.bulk_reprocessings.MOST_AT_ONCE", 1)
    api = house.api(Role.OPERATOR)
    left = [api.post("/v1/rereadings/apply", {}, JSON).json()["left"] for _ in range(3)]
    assert left == [1, 0, 0]
    assert statuses(house) == {"better.pdf": "applied", "worse.pdf": "ready", "beside.pdf": "applied"}


def test_readings_that_were_overtaken_keep_nobody_from_asking(
    house: House, batch: Batch, three: dict[str, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody sees them any more, so that nobody could take or drop them first."""
    with tenant_scope(house.tenant_id):
        Document.objects.filter(filename="better.pdf").update(run=2)
    monkeypatch.setattr("review.services.reprocessings.MOST_OPEN", 3)
    asked = house.api(Role.OPERATOR).post("/v1/rereadings", {"mode": "fast", "batch": str(batch.id)}, JSON)
    assert len(asked.json()["asked"]) == 1, asked.json()
    with tenant_scope(house.tenant_id):
        rows = Rereading.objects.filter(document__filename="better.pdf").order_by("id")
        assert list(rows.values_list("status", flat=True)) == ["dropped", "queued"]


def test_documents_are_asked_for_in_one_order_each_once(house: House) -> None:
    """By one key they are all held at once: two who ask for the same ones wait for one another in turn."""
    keys = sorted(str(paper(house, f"{number}.pdf").id) for number in range(3))
    body = {"mode": "fast", "documents": [*reversed(keys), keys[1]]}
    asked = house.api(Role.OPERATOR).post("/v1/rereadings", body, JSON, headers={"Idempotency-Key": "a"}).json()
    assert [one["document"] for one in asked["asked"]] == keys
    assert asked["refused"] == []
