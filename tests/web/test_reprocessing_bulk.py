"""Bulk reprocessing: totals and entries, applied where it only improves, selected, or dropped."""

from uuid import UUID

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from ingestion.contracts import ReprocessingOptions
from ingestion.models import Batch, Document, Page, ReprocessingRun
from ingestion.services.reprocessing_steps import begin_reprocessing, finish_reprocessing
from ingestion.services.reprocessings import request_reprocessing
from quality.services.champion import load_champion
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from tests.support.factories.documents import claim_for, make_batch, make_document, make_page, make_task
from tests.support.factories.tenants import TenantFixture, make_tenant

pytestmark = pytest.mark.django_db
JSON = "application/json"
LIST_URL = "/documents/reprocessings/"
CHOOSE_URL = "/documents/reprocessings/choose"


@pytest.fixture
def tenant() -> TenantFixture:
    """Return a tenant with a person for every role."""
    return make_tenant()


@pytest.fixture
def batch(tenant: TenantFixture) -> Batch:
    """Return a batch."""
    return make_batch(tenant)


def reprocess(tenant: TenantFixture, document: Document, *, confidence: float) -> UUID:
    """Request a reprocessing and simulate a reading with one different word at `confidence`; return its id."""
    with tenant_scope(tenant.tenant_id):
        actor = tenant.actor(Role.OPERATOR)
        row = request_reprocessing(actor=actor, document_id=document.id, options=ReprocessingOptions("thorough"))
        begin_reprocessing(tenant_id=tenant.tenant_id, reprocessing_id=row.id)
        ReprocessingRun.objects.filter(pk=row.id).update(pages=1, pages_done=1)
        page = make_page(tenant, Document(pk=document.pk, run=2, tenant_id=tenant.tenant_id), 1)
        words = [{**word, "line": 0, "source": "rapidocr"} for word in page.words]
        words[1] = {**words[1], "text": "128.00"}
        Page.objects.filter(pk=page.pk).update(words=words, source="rapidocr", confidence=confidence, blocks=[])
    finish_reprocessing(tenant_id=tenant.tenant_id, reprocessing_id=row.id, load_model=load_champion)
    with tenant_scope(tenant.tenant_id):  # the same kind and no fields, so that only the page confidence matters
        ReprocessingRun.objects.filter(pk=row.id).update(schema_key=document.schema_key, fields=[])
    return row.id


def make_empty_document(tenant: TenantFixture, name: str, batch: Batch | None = None) -> Document:
    """Create a document without fields."""
    return make_document(tenant, fields=(), filename=name, batch=batch)


def statuses(tenant: TenantFixture) -> dict[str, str]:
    """Return the status of each document's reprocessing."""
    with tenant_scope(tenant.tenant_id):
        return dict(ReprocessingRun.objects.values_list("document__filename", "status"))


def flash_messages(client: Client, address: str) -> str:
    """Follow to a page and return its flash messages."""
    return " ".join(str(message) for message in get_messages(client.get(address).wsgi_request))


def post_choice(client: Client, action: str, **values: object) -> str:
    """Post a choice and return the flash messages."""
    answer = client.post(CHOOSE_URL, {"action": action, **values})
    assert answer.status_code == 302
    return flash_messages(client, answer.headers["Location"])


@pytest.fixture
def three_reprocessings(tenant: TenantFixture, batch: Batch) -> dict[str, UUID]:
    """Return two reprocessing runs of a batch, one better and one worse, and a better one outside the batch."""
    return {
        name: reprocess(tenant, make_empty_document(tenant, name, inside), confidence=sure)
        for name, inside, sure in (("better.pdf", batch, 0.99), ("worse.pdf", batch, 0.5), ("beside.pdf", None, 0.99))
    }


def test_reprocessing_list_shows_totals_and_entries(
    tenant: TenantFixture, batch: Batch, three_reprocessings: dict[str, UUID]
) -> None:
    """Of all or of one batch; the document list and the batch page link to it."""
    client = tenant.client(Role.OPERATOR)
    page = client.get(LIST_URL).content.decode()
    assert "<strong>3</strong> reprocessings await your decision" in page
    assert "<strong>3</strong> words differ" in page
    assert "Apply 2 improvements" in page
    of_batch = client.get(f"{LIST_URL}?batch={batch.id}").content.decode()
    assert "<strong>2</strong> reprocessings await" in of_batch
    assert "Apply 1 improvement" in of_batch
    assert "beside.pdf" not in of_batch
    assert f'href="{LIST_URL}"' in client.get("/documents/").content.decode()
    assert f'href="{LIST_URL}?batch={batch.id}"' in client.get(f"/batches/{batch.id}/").content.decode()
    part = client.get(f"{LIST_URL}?part=reprocessings").content.decode()
    assert "better.pdf" in part
    assert "<html" not in part


def test_reprocessing_apply_better_takes_only_improvements(
    tenant: TenantFixture, batch: Batch, three_reprocessings: dict[str, UUID]
) -> None:
    """Restricted to the batch if one is named; a run that is worse somewhere stays."""
    page = post_choice(tenant.client(Role.OPERATOR), "apply-improvements", batch=str(batch.id))
    assert "1 reprocessing is applied" in page
    assert statuses(tenant) == {"better.pdf": "applied", "worse.pdf": "ready", "beside.pdf": "ready"}
    with tenant_scope(tenant.tenant_id):
        assert set(Document.objects.filter(run=2).values_list("filename", flat=True)) == {"better.pdf"}


def test_reprocessing_selected_are_applied_or_dropped(
    tenant: TenantFixture, three_reprocessings: dict[str, UUID]
) -> None:
    """Regardless of their result; a claimed document is reported and does not block the others."""
    with tenant_scope(tenant.tenant_id):
        document = Document.objects.get(filename="better.pdf")
    claim_for(tenant, make_task(tenant, document), tenant.user(Role.REVIEWER).pk)
    client = tenant.client(Role.OPERATOR)
    keys = [str(three_reprocessings["better.pdf"]), str(three_reprocessings["worse.pdf"]), str(UUID(int=1)), "nonsense"]
    page = post_choice(client, "apply", reprocessing=keys)
    assert "1 reprocessing is applied" in page
    assert "2 could not be" in page
    assert statuses(tenant) == {"better.pdf": "ready", "worse.pdf": "applied", "beside.pdf": "ready"}
    assert "1 reprocessing was discarded" in post_choice(
        client, "drop", reprocessing=[str(three_reprocessings["beside.pdf"])]
    )
    assert statuses(tenant)["beside.pdf"] == "dropped"
    assert "Select the reprocessings first" in post_choice(client, "apply")


def test_reprocessing_drop_all_of_batch_or_tenant(
    tenant: TenantFixture, batch: Batch, three_reprocessings: dict[str, UUID]
) -> None:
    """Of the batch, then of all; their pages are deleted, the documents are unchanged."""
    client = tenant.client(Role.OPERATOR)
    assert "2 reprocessings were discarded" in post_choice(client, "drop-all", batch=str(batch.id))
    assert statuses(tenant)["beside.pdf"] == "ready"
    post_choice(client, "drop-all")
    with tenant_scope(tenant.tenant_id):
        assert not Page.objects.filter(run=2).exists()
        assert set(Document.objects.values_list("run", "status")) == {(1, "IN_REVIEW")}
    assert "No pending reprocessings" in client.get(LIST_URL).content.decode()


def test_reprocessing_list_without_permission_has_no_buttons(
    tenant: TenantFixture, three_reprocessings: dict[str, UUID]
) -> None:
    """The page is shown without buttons."""
    client = tenant.client(Role.VIEWER)
    page = client.get(LIST_URL).content.decode()
    assert "better.pdf" in page
    assert "apply-improvements" not in page
    assert 'name="reprocessing"' not in page
    assert client.post(CHOOSE_URL, {"action": "drop-all"}).status_code == 403
    assert set(statuses(tenant).values()) == {"ready"}


def test_reprocessing_list_of_other_tenant_is_empty(
    tenant: TenantFixture, three_reprocessings: dict[str, UUID]
) -> None:
    """They are neither visible nor selectable."""
    client = make_tenant("other").client(Role.OPERATOR)
    assert "better.pdf" not in client.get(LIST_URL).content.decode()
    assert "1 could not be" in post_choice(client, "drop", reprocessing=[str(three_reprocessings["better.pdf"])])
    post_choice(client, "drop-all")
    assert set(statuses(tenant).values()) == {"ready"}


def test_reprocessing_bulk_choice_over_api(
    tenant: TenantFixture, batch: Batch, three_reprocessings: dict[str, UUID]
) -> None:
    """The API returns the totals, the entries and the result of a choice."""
    api = tenant.api(Role.OPERATOR)
    found = api.get(f"/v1/reprocessings?batch={batch.id}").json()
    assert (found["ready"], found["only_improve"], found["words_changed"], found["remaining"]) == (2, 1, 2, 0)
    lines = {line["filename"]: line for line in found["results"]}
    assert (lines["better.pdf"]["only_improves"], lines["worse.pdf"]["only_improves"]) == (True, False)
    assert (lines["worse.pdf"]["confidence_before"], lines["worse.pdf"]["confidence_after"]) == (0.98, 0.5)
    assert api.get("/v1/reprocessings?batch=x").status_code == 400
    taken = api.post("/v1/reprocessings/apply", {"batch": str(batch.id)}, JSON)
    assert (taken.status_code, taken.json()) == (
        202,
        {"done": [str(three_reprocessings["better.pdf"])], "refused": [], "remaining": 0},
    )
    named = [str(three_reprocessings["worse.pdf"]), str(UUID(int=1))]
    both = api.post("/v1/reprocessings/drop", {"reprocessings": named, "batch": str(batch.id)}, JSON)
    assert both.status_code == 422
    dropped = api.post("/v1/reprocessings/drop", {"reprocessings": named}, JSON).json()
    assert dropped["done"] == named[:1]
    assert dropped["refused"] == [{"id": str(UUID(int=1)), "code": "not-found"}]
    assert api.post("/v1/reprocessings/drop", {"batch": str(UUID(int=1))}, JSON).status_code == 404
    assert statuses(tenant) == {"better.pdf": "applied", "worse.pdf": "dropped", "beside.pdf": "ready"}


def test_reprocessing_improvements_are_found_on_later_pages(
    tenant: TenantFixture, three_reprocessings: dict[str, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Entries that cannot be applied do not hide improvements on later pages."""
    monkeypatch.setattr("ingestion.selectors.open_reprocessings.SHOWN", 1)
    monkeypatch.setattr("ingestion.services.reprocessing_choices.MOST_AT_ONCE", 1)
    api = tenant.api(Role.OPERATOR)
    left = [api.post("/v1/reprocessings/apply", {}, JSON).json()["remaining"] for _ in range(3)]
    assert left == [1, 0, 0]
    assert statuses(tenant) == {"better.pdf": "applied", "worse.pdf": "ready", "beside.pdf": "applied"}


def test_reprocessing_superseded_do_not_count_against_limit(
    tenant: TenantFixture, batch: Batch, three_reprocessings: dict[str, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Superseded runs are not visible, so no one could apply or drop them first."""
    with tenant_scope(tenant.tenant_id):
        Document.objects.filter(filename="better.pdf").update(run=2)
    monkeypatch.setattr("ingestion.services.reprocessings.MOST_OPEN", 3)
    asked = tenant.api(Role.OPERATOR).post("/v1/reprocessings", {"mode": "fast", "batch": str(batch.id)}, JSON)
    assert len(asked.json()["started"]) == 1, asked.json()
    with tenant_scope(tenant.tenant_id):
        rows = ReprocessingRun.objects.filter(document__filename="better.pdf").order_by("id")
        assert list(rows.values_list("status", flat=True)) == ["dropped", "queued"]


def test_reprocessing_bulk_request_locks_documents_in_one_order(tenant: TenantFixture) -> None:
    """All documents are locked in key order, so that two overlapping requests cannot deadlock."""
    keys = sorted(str(make_empty_document(tenant, f"{number}.pdf").id) for number in range(3))
    body = {"mode": "fast", "documents": [*reversed(keys), keys[1]]}
    asked = tenant.api(Role.OPERATOR).post("/v1/reprocessings", body, JSON, headers={"Idempotency-Key": "a"}).json()
    assert [one["document"] for one in asked["started"]] == keys
    assert asked["refused"] == []
