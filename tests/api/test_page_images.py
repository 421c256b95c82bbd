"""Page images: content types and cache lifetimes."""

from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from ingestion.blobs import store_page_image
from ingestion.models import Document, Page
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from tests.support.factories.documents import make_document
from tests.support.factories.tenants import TenantFixture

JPEG, WEBP = b"\xff\xd8\xff thumbnail", b"RIFF....WEBPVP8L"


@pytest.fixture
def document(tenant: TenantFixture, tmp_path: Path) -> Document:
    """Return a document with a WebP page image and a JPEG thumbnail."""
    document = make_document(tenant)
    picture, thumbnail = tmp_path / "picture", tmp_path / "thumbnail"
    picture.write_bytes(WEBP)
    thumbnail.write_bytes(JPEG)
    with tenant_scope(tenant.tenant_id):
        Page.objects.update(
            image_key=store_page_image(tenant.tenant_id, picture, "image/webp"),
            image_type="image/webp",
            thumbnail_key=store_page_image(tenant.tenant_id, thumbnail, "image/jpeg"),
        )
    return document


@pytest.fixture
def viewer(tenant: TenantFixture) -> Client:
    """Return an API client with the viewer role."""
    return tenant.api(Role.VIEWER)


def image_urls(viewer: Client, document: Document) -> tuple[str, str]:
    """Return the URLs of the only page's image and thumbnail from the API response."""
    page = viewer.get(f"/v1/documents/{document.id}/pages/1").json()
    return page["image"], page["thumbnail"]


def test_page_images_have_their_content_types(viewer: Client, document: Document) -> None:
    """Image and thumbnail each have the right content type."""
    picture, thumbnail = (viewer.get(address) for address in image_urls(viewer, document))
    assert (picture["Content-Type"], picture.getvalue()) == ("image/webp", WEBP)
    assert (thumbnail["Content-Type"], thumbnail.getvalue()) == ("image/jpeg", JPEG)


def test_page_image_url_with_digest_is_cached_forever(viewer: Client, document: Document) -> None:
    """A repeated conditional request gets no body."""
    for address in image_urls(viewer, document):
        answer = viewer.get(address)
        assert answer["Cache-Control"] == "private, max-age=31536000, immutable"
        again = viewer.get(address, headers={"If-None-Match": answer["ETag"]})
        assert (again.status_code, again["ETag"]) == (304, answer["ETag"])


@pytest.mark.parametrize("query", ["", "?run=1", "?run=1&v=another"])
def test_page_image_url_without_digest_is_revalidated(viewer: Client, document: Document, query: str) -> None:
    """The image can change: a new run replaces it, and a dropped reprocessing frees its run number."""
    address = f"/v1/documents/{document.id}/pages/1/image{query}"
    answer = viewer.get(address)
    assert answer["Cache-Control"] == "private, no-cache"
    assert viewer.get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_replaced_page_image_has_new_url(
    tenant: TenantFixture, viewer: Client, document: Document, tmp_path: Path
) -> None:
    """A replaced image of the same run has another digest."""
    before, _ = image_urls(viewer, document)
    other = tmp_path / "other"
    other.write_bytes(WEBP + b"other")
    with tenant_scope(tenant.tenant_id):
        Page.objects.update(image_key=store_page_image(tenant.tenant_id, other, "image/webp"))
    assert image_urls(viewer, document)[0] != before


def test_missing_page_image_is_not_found(tenant: TenantFixture, viewer: Client, document: Document) -> None:
    """404, not a server error."""
    picture, _ = image_urls(viewer, document)
    with tenant_scope(tenant.tenant_id):
        default_storage.delete(Page.objects.get().image_key)
    assert viewer.get(picture).status_code == 404
