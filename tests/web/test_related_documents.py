"""File facts on pages: the related document of an issue, the kind of file, and why a file cannot be read."""

from uuid import uuid4

import pytest

from ingestion.domain.formats.registry import BY_MEDIA_TYPE
from ingestion.domain.lifecycle import DocumentStatus
from ingestion.selectors.labels import FILE_TYPE_LABELS, file_type_label
from quality.models import Assessment, Issue
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from tests.support.factories.documents import make_batch, make_document, make_task
from tests.support.factories.tenants import TenantFixture, make_tenant


@pytest.fixture
def tenant(db: None) -> TenantFixture:
    """Return a tenant with a person for every role."""
    return make_tenant()


@pytest.mark.parametrize("whose", ["own", "a stranger's", "nobody's"])
def test_issue_links_to_related_document(tenant: TenantFixture, whose: str) -> None:
    stranger = make_tenant("northwind")
    document = make_document(tenant, filename="here.pdf")
    other = {
        "own": make_document(tenant, filename="there.pdf").id,
        "a stranger's": make_document(stranger, filename="there.pdf").id,
        "nobody's": uuid4(),
    }[whose]
    task = make_task(tenant, document)
    with tenant_scope(tenant.tenant_id):
        Issue.objects.filter(document=document).update(evidence=[{"text": "", "neighbour": str(other)}])
    payload = tenant.client(Role.REVIEWER).get(f"/review/tasks/{task.id}/payload").json()
    record = tenant.client(Role.OPERATOR).get(f"/documents/{document.id}/").content.decode()
    link = {"title": "there.pdf", "url": f"/documents/{other}/"} if whose == "own" else None
    assert {str(issue["other"]) for issue in payload["document"]["issues"]} == {str(link)}
    assert (f'href="/documents/{other}/"' in record) is (whose == "own")
    assert ("there.pdf" in record) is (whose == "own")


def test_every_readable_media_type_has_a_label() -> None:
    assert set(FILE_TYPE_LABELS) >= set(BY_MEDIA_TYPE)


def test_unreadable_file_shows_reason_in_every_view(tenant: TenantFixture) -> None:
    """On the record, in the document list and in the batch; no score is announced."""
    batch = make_batch(tenant)
    document = make_document(
        tenant, filename="a.bin", status=DocumentStatus.FAILED, error_code="unsupported", batch=batch, pages=0
    )
    with tenant_scope(tenant.tenant_id):
        Assessment.objects.filter(document=document).delete()
        Issue.objects.filter(document=document).delete()
    client = tenant.client(Role.OPERATOR)
    for address in ("/documents/?part=rows", f"/batches/{batch.id}/"):
        shown = client.get(address).content.decode()
        assert "Files of this kind are not read" in shown, address
        assert "not scored" in shown, address
        assert "none yet" not in shown, address
    record = client.get(f"/documents/{document.id}/").content.decode()
    assert "No check could run." in record
    assert "Checks run once" not in record


def test_unknown_media_type_is_shown_as_unknown() -> None:
    assert file_type_label("application/octet-stream") == "Unknown file type"
    assert file_type_label("application/pdf") == "PDF"
