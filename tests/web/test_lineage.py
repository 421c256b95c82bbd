"""Lineage of containers on pages and in the API: parent, child documents and skipped files."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from ingestion.domain.lifecycle import DocumentStatus
from ingestion.models import Document, SkippedContainerFile
from ingestion.services.erasure import delete_document
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from tests.support.factories.documents import make_batch, make_document
from tests.support.factories.tenants import TenantFixture, make_tenant

pytestmark = pytest.mark.django_db
Status = DocumentStatus
MAIL = {
    "sender": "Ann <ann@example.org>",
    "to": "desk@example.com",
    "cc": "",
    "subject": "March <b>invoices</b>",
    "sent": "2026-03-03T10:00:00+00:00",
}


@pytest.fixture
def tenant() -> TenantFixture:
    """Return a tenant with a person for every role."""
    return make_tenant()


def make_archive(tenant: TenantFixture, **changes: Any) -> Document:
    """Create an archive of two files and a third, skipped one."""
    parent = make_document(
        tenant,
        fields=(),
        pages=0,
        filename="March.zip",
        status=Status.UNPACKED,
        media_type="application/zip",
        attachments=2,
        **changes,
    )
    for part, (name, status) in enumerate((("a.pdf", Status.IN_REVIEW), ("b.pdf", Status.APPROVED)), 1):
        make_document(
            tenant,
            filename=name,
            status=status,
            parent=parent,
            part=part,
            part_name=f"2026/march/{name}",
            depth=1,
            batch=parent.batch,
        )
    with tenant_scope(tenant.tenant_id):
        SkippedContainerFile.objects.create(
            tenant_id=tenant.tenant_id, document=parent, part=3, name="c<i>.exe", reason="damaged"
        )
    return parent


def document_page(tenant: TenantFixture, document: Document, role: Role = Role.OPERATOR) -> str:
    """Return a document's record page."""
    return tenant.client(role).get(f"/documents/{document.id}/").content.decode()


def child_of(tenant: TenantFixture, parent: Document) -> Document:
    """Return the first child document."""
    with tenant_scope(tenant.tenant_id):
        return Document.objects.get(parent=parent, part=1)


def test_container_record_lists_children_and_skipped_files(tenant: TenantFixture) -> None:
    """Each child has its status; the name of a skipped file is escaped text."""
    shown = document_page(tenant, make_archive(tenant))
    assert 'data-status="UNPACKED"' in shown
    for name, status in (("a.pdf", "IN_REVIEW"), ("b.pdf", "APPROVED")):
        assert f">{name}</a>" in shown
        assert f'data-status="{status}"' in shown
    assert "1 of 2 finished" in shown
    assert "2026/march" in shown
    assert "c&lt;i&gt;.exe" in shown
    assert "Damaged" in shown
    assert "Read again" in shown
    assert "Checks run once" not in shown


def test_container_record_hides_superseded_children(tenant: TenantFixture) -> None:
    parent = make_archive(tenant)
    make_document(tenant, filename="old.pdf", status=Status.SUPERSEDED, parent=parent, part=9, parent_pages=[1])
    shown = document_page(tenant, parent)
    assert "old.pdf" not in shown
    assert "1 of 2 finished" in shown


def test_child_record_links_to_container(tenant: TenantFixture) -> None:
    parent = make_archive(tenant)
    child = child_of(tenant, parent)
    shown = document_page(tenant, child)
    assert f'Extracted from <a href="/documents/{parent.id}/" dir="auto">March.zip</a>' in shown
    assert "2026/march/a.pdf" in shown
    assert 'data-testid="lineage"' not in shown


def test_child_record_reports_erased_container(tenant: TenantFixture) -> None:
    parent = make_archive(tenant)
    child = child_of(tenant, parent)
    with tenant_scope(tenant.tenant_id):
        delete_document(actor=tenant.actor(Role.MANAGER), document_id=parent.id)
    assert "Extracted from a file that has been erased" in document_page(tenant, child)


def test_mail_record_shows_headers(tenant: TenantFixture) -> None:
    shown = document_page(tenant, make_document(tenant, filename="mail.eml", mail_headers=MAIL))
    for text in ("Ann &lt;ann@example.org&gt;", "desk@example.com", "March &lt;b&gt;invoices&lt;/b&gt;"):
        assert text in shown
    assert 'datetime="2026-03-03T10:00:00+00:00"' in shown
    assert "Copy to" not in shown


def test_mail_record_with_invalid_headers_is_shown(tenant: TenantFixture) -> None:
    head = {"sender": "x", "sent": "2026-99-99T10:00:00"}
    assert "From" in document_page(tenant, make_document(tenant, filename="mail.eml", mail_headers=head))


def test_container_record_query_count_is_constant(
    tenant: TenantFixture, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    parent = make_archive(tenant)
    for part in range(10, 70):
        make_document(tenant, filename=f"{part}.pdf", pages=0, fields=(), parent=parent, part=part, depth=1)
    client = tenant.client(Role.OPERATOR)
    client.get(f"/documents/{parent.id}/")
    with django_assert_max_num_queries(32):
        shown = client.get(f"/documents/{parent.id}/").content.decode()
    assert shown.count('class="table__main" id="document-') == 50
    assert f'href="/documents/?parent={parent.id}"' in shown
    assert "Show all 62" in shown


def test_document_list_filters_by_parent(tenant: TenantFixture) -> None:
    parent = make_archive(tenant)
    make_document(tenant, filename="other.pdf")
    client = tenant.client(Role.VIEWER)
    shown = client.get(f"/documents/?parent={parent.id}").content.decode()
    assert "a.pdf" in shown
    assert "b.pdf" in shown
    assert "other.pdf" not in shown
    assert "March.zip" in shown
    everything = client.get("/documents/").content.decode()
    assert everything.count("from March.zip") == 2
    found = client.get(f"/documents/?parent={parent.id}&q=b.pdf&part=rows").content.decode()
    assert found.count('class="table__main"') == 1


def test_document_list_parent_of_other_tenant_is_not_found(tenant: TenantFixture) -> None:
    """Another tenant's archive is not found."""
    theirs = make_archive(make_tenant("other"))
    assert tenant.client(Role.VIEWER).get(f"/documents/?parent={theirs.id}").status_code == 404


def test_batch_page_shows_container_and_counts_files(tenant: TenantFixture) -> None:
    parent = make_archive(tenant, batch=make_batch(tenant, "March.zip", status="RUNNING"))
    client = tenant.client(Role.OPERATOR)
    shown = client.get(f"/batches/{parent.batch_id}/").content.decode()
    assert "1 of 2 files finished" in shown
    assert f'from <a href="/documents/{parent.id}/" dir="auto">March.zip</a>' in shown
    assert "2026/march" in shown
    assert '</a><small dir="auto">from' not in shown
    lines = client.get("/batches/").content.decode()
    assert 'data-title="Files">2<' in lines


def test_document_api_gives_parent_part_and_skipped_files(tenant: TenantFixture) -> None:
    parent = make_archive(tenant)
    client = tenant.api(Role.VIEWER)
    body = client.get(f"/v1/documents/{parent.id}").json()
    assert body["skipped_files"] == [{"part": 3, "name": "c<i>.exe", "reason": "damaged"}]
    assert (body["status"], body["attachments"], body["mail_headers"]) == ("UNPACKED", 2, None)
    children = client.get(body["children"]).json()["results"]
    assert [(one["part"], one["part_name"], one["parent"]) for one in children] == [
        (2, "2026/march/b.pdf", str(parent.id)),
        (1, "2026/march/a.pdf", str(parent.id)),
    ]
