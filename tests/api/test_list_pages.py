"""Lists of /v1: newest first, each row once whatever is added meanwhile, and 400 for an invalid position or length."""

from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from ingestion.models import Document
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from tests.support.factories.documents import make_document
from tests.support.factories.tenants import TenantFixture, make_tenant

pytestmark = pytest.mark.django_db
DOCUMENTS = "/v1/documents"
UNKNOWN = "018f2d3a-1111-7abc-8def-0123456789ab"


def packed(text: str) -> str:
    """Return a text as a cursor packs it."""
    return b64encode(text.encode()).decode()


def pages_of(client: Client, address: str) -> Iterator[dict[str, Any]]:
    """Yield each page of a list by following `next`."""
    following: str | None = address
    while following:
        page = client.get(following).json()
        yield page
        following = page["next"]


def names(page: dict[str, Any]) -> list[str]:
    """Return the file names on a page."""
    return [row["filename"] for row in page["results"]]


def add_documents(tenant: TenantFixture, *filenames: str) -> None:
    """Store documents."""
    with tenant_scope(tenant.tenant_id):
        for filename in filenames:
            make_document(tenant, filename=filename)


def test_list_returns_each_row_once_while_rows_are_added(tenant: TenantFixture) -> None:
    """New rows come before the first page; other tenants' rows are on no page."""
    add_documents(tenant, "1", "2", "3", "4", "5")
    add_documents(make_tenant("foreign"), "foreign")
    seen = []
    for number, page in enumerate(pages_of(tenant.api(Role.VIEWER), f"{DOCUMENTS}?limit=2")):
        assert set(page) == {"results", "next"}
        seen.append(names(page))
        add_documents(tenant, f"new {number}")
    assert seen == [["5", "4"], ["3", "2"], ["1"]]


def test_list_keeps_filters_in_next(tenant: TenantFixture) -> None:
    """`next` repeats limit and filters, and the last page has none."""
    add_documents(tenant, "1", "2", "3", "4")
    client = tenant.api(Role.VIEWER)
    status = client.get(DOCUMENTS).json()["results"][0]["status"]
    pages = list(pages_of(client, f"{DOCUMENTS}?limit=2&status={status}"))
    assert [names(page) for page in pages] == [["4", "3"], ["2", "1"]]
    assert f"status={status}" in pages[0]["next"]
    assert "limit=2" in pages[0]["next"]


def test_list_continues_when_last_row_was_deleted(tenant: TenantFixture) -> None:
    """The cursor is a position, not a row."""
    add_documents(tenant, "1", "2", "3")
    client = tenant.api(Role.VIEWER)
    first = client.get(f"{DOCUMENTS}?limit=1").json()
    with tenant_scope(tenant.tenant_id):
        Document.objects.filter(pk=first["results"][0]["id"]).delete()
    assert names(client.get(first["next"]).json()) == ["2"]


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        UNKNOWN,
        "\u00e9",
        "AAAA",
        packed("p=1"),
        packed("p="),
        packed("p=\x00"),
        packed("o=0"),
        packed("r=1"),
        packed(f"p={UNKNOWN}&o=-1"),
        packed(f"p={UNKNOWN}&o=many"),
        packed(f"p={UNKNOWN}&r=many"),
        packed("p=2026-11-21 12:00:00+00:00"),
    ],
)
def test_list_invalid_cursor_is_problem(tenant: TenantFixture, cursor: str) -> None:
    """Never the first page again, which would make a client read in a circle."""
    answer = tenant.api(Role.VIEWER).get(DOCUMENTS, {"cursor": cursor})
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:refinery:problem:bad-cursor")


def test_list_empty_cursor_is_first_page(tenant: TenantFixture) -> None:
    """As in a form whose field is empty."""
    add_documents(tenant, "1")
    assert names(tenant.api(Role.VIEWER).get(f"{DOCUMENTS}?cursor=").json()) == ["1"]


@pytest.mark.parametrize("limit", ["", "0", "-1", "201", "many", "1.5"])
def test_list_invalid_limit_is_problem(tenant: TenantFixture, limit: str) -> None:
    """A limit is never corrected silently; 1 and 200 are valid."""
    client = tenant.api(Role.VIEWER)
    answer = client.get(DOCUMENTS, {"limit": limit})
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:refinery:problem:bad-limit")
    assert [client.get(DOCUMENTS, {"limit": each}).status_code for each in ("1", "200")] == [200, 200]
