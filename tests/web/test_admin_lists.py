"""Lists of the admin: the number of rows, and the values of filters, without reading all rows."""

from typing import Any

import pytest

from ingestion.domain.lifecycle import DocumentStatus
from ingestion.models import Document
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from refinery.core.web import admin_lists
from refinery.core.web.admin_lists import EstimatedPaginator
from tests.support.factories.documents import make_document
from tests.support.factories.tenants import TenantFixture, make_tenant
from tests.support.recorded_statements import recorded_statements

pytestmark = pytest.mark.django_db
DOCUMENTS = "/admin/ingestion/document/"
ADDRESSES = (DOCUMENTS, "/admin/audit/auditevent/", "/admin/review/reviewtask/", "/admin/webhooks/webhookdelivery/")


@pytest.fixture
def tenant() -> TenantFixture:
    """Return a tenant with three documents."""
    made = make_tenant()
    for _ in range(3):
        make_document(made, fields=(), pages=0)
    return made


@pytest.mark.parametrize("limit", [3, 4, 10_000])
def test_paginator_counts_few_rows_exactly(tenant: TenantFixture, monkeypatch: pytest.MonkeyPatch, limit: int) -> None:
    """Up to and with the limit."""
    monkeypatch.setattr(admin_lists, "COUNTED_TO", limit)
    with tenant_scope(tenant.tenant_id):
        assert EstimatedPaginator(Document.objects.order_by("-pk"), 2).count == 3
        assert EstimatedPaginator(Document.objects.order_by("-pk"), 2).num_pages == 2


def test_paginator_estimates_many_rows(tenant: TenantFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    """Never fewer than were counted, and no statement counts all of them."""
    monkeypatch.setattr(admin_lists, "COUNTED_TO", 1)
    with tenant_scope(tenant.tenant_id), recorded_statements() as statements:
        assert EstimatedPaginator(Document.objects.order_by("-pk"), 2).count >= 2
    assert any(sql.startswith("EXPLAIN") for sql, _ in statements)
    assert all("LIMIT" in sql for sql, _ in statements if "COUNT" in sql)


def test_admin_filter_offers_all_statuses_and_filters(tenant: TenantFixture) -> None:
    """A status that no document has is offered too: nothing is read to find out."""
    make_document(tenant, status=DocumentStatus.FAILED, filename="broken.pdf", fields=(), pages=0)
    client = tenant.client(Role.ORG_ADMIN)
    page = client.get(DOCUMENTS).content.decode()
    for status in DocumentStatus:
        assert f"?status={status.value}" in page
    failed: Any = client.get(f"{DOCUMENTS}?status=FAILED")
    assert [row.filename for row in failed.context["cl"].result_list] == ["broken.pdf"]


def test_admin_lists_read_no_distinct_values_of_all_rows(tenant: TenantFixture) -> None:
    """Django's own filter of a column sorts the whole table."""
    client = tenant.client(Role.ORG_ADMIN)
    for address in (
        DOCUMENTS,
        "/admin/audit/auditevent/",
        "/admin/review/reviewtask/",
        "/admin/webhooks/webhookdelivery/",
    ):
        with recorded_statements() as statements:
            assert client.get(address).status_code == 200
        assert not [sql for sql, _ in statements if "SELECT DISTINCT" in sql], address
