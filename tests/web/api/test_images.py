"""Pictures of pages: what they are served as, and how long a browser may keep them."""

from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from ingestion.blobs import store_page_image
from ingestion.models import Document, Page
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from tests.factories.documents import make_document
from tests.factories.people import House

JPEG, WEBP = b"\xff\xd8\xff thumbnail", b"RIFF....WEBPVP8L"


@pytest.fixture
def document(house: House, tmp_path: Path) -> Document:
    """A born-digital document: its picture is WebP, its thumbnail JPEG as all are."""
    document = make_document(house)
    picture, thumbnail = tmp_path / "picture", tmp_path / "thumbnail"
    picture.write_bytes(WEBP)
    thumbnail.write_bytes(JPEG)
    with tenant_scope(house.tenant_id):
        Page.objects.update(
            image_key=store_page_image(house.tenant_id, picture, "image/webp"),
            image_type="image/webp",
            thumbnail_key=store_page_image(house.tenant_id, thumbnail, "image/jpeg"),
        )
    return document


@pytest.fixture
def viewer(house: House) -> Client:
    """A program that looks."""
    return house.api(Role.VIEWER)


def addresses(viewer: Client, document: Document) -> tuple[str, str]:
    """Give the addresses of the only page's picture and thumbnail, as the API tells them."""
    page = viewer.get(f"/v1/documents/{document.id}/pages/1").json()
    return page["image"], page["thumbnail"]


def test_the_two_sizes_say_what_they_are(viewer: Client, document: Document) -> None:
    """By type, whatever the other one is."""
    picture, thumbnail = (viewer.get(address) for address in addresses(viewer, document))
    assert (picture["Content-Type"], picture.getvalue()) == ("image/webp", WEBP)
    assert (thumbnail["Content-Type"], thumbnail.getvalue()) == ("image/jpeg", JPEG)


def test_an_address_that_names_its_picture_is_kept_for_ever(viewer: Client, document: Document) -> None:
    """And asked for again it is not sent again."""
    for address in addresses(viewer, document):
        answer = viewer.get(address)
        assert answer["Cache-Control"] == "private, max-age=31536000, immutable"
        again = viewer.get(address, headers={"If-None-Match": answer["ETag"]})
        assert (again.status_code, again["ETag"]) == (304, answer["ETag"])


@pytest.mark.parametrize("query", ["", "?run=1", "?run=1&v=another"])
def test_any_other_address_is_asked_about_each_time(viewer: Client, document: Document, query: str) -> None:
    """A re-run puts another picture there; a candidate that was dropped leaves its run's number to the next."""
    address = f"/v1/documents/{document.id}/pages/1/image{query}"
    answer = viewer.get(address)
    assert answer["Cache-Control"] == "private, no-cache"
    assert viewer.get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_another_picture_has_another_address(
    house: House, viewer: Client, document: Document, tmp_path: Path
) -> None:
    """Under the same number of the same run."""
    before, _ = addresses(viewer, document)
    other = tmp_path / "other"
    other.write_bytes(WEBP + b"other")
    with tenant_scope(house.tenant_id):
        Page.objects.update(image_key=store_page_image(house.tenant_id, other, "image/webp"))
    assert addresses(viewer, document)[0] != before


def test_a_picture_that_storage_has_lost_is_not_found(house: House, viewer: Client, document: Document) -> None:
    """404, no failure of the server."""
    picture, _ = addresses(viewer, document)
    with tenant_scope(house.tenant_id):
        default_storage.delete(Page.objects.get().image_key)
    assert viewer.get(picture).status_code == 404
