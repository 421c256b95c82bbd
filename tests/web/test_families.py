"""Containers on the pages and in the API: where a document came from, what came out, what became no document."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from ingestion.domain.lifecycle import DocumentStatus
from ingestion.models import Document, LeftOutFile
from ingestion.services.erasure import delete_document
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from tests.factories.documents import make_batch, make_document
from tests.factories.people import House, make_house

pytestmark = pytest.mark.django_db
S = DocumentStatus
MAIL = {
    "sender": "Ann <ann@example.org>",
    "to": "desk@example.com",
    "cc": "",
    "subject": "March <b>invoices</b>",
    "sent": "2026-03-03T10:00:00+00:00",
}


@pytest.fixture
def house() -> House:
    """Give a tenant with a person for every role."""
    return make_house()


def archive(house: House, **changes: Any) -> Document:  # noqa: ANN401 - model fields
    """Make an archive of two files, with a third that stays in it."""
    parent = make_document(
        house, fields=(), pages=0, filename="March.zip", status=S.UNPACKED, media_type="application/zip",
        attachments=2, **changes,
    )  # fmt: skip
    for part, (name, status) in enumerate((("a.pdf", S.IN_REVIEW), ("b.pdf", S.APPROVED)), 1):
        make_document(
            house, filename=name, status=status, parent=parent, part=part, part_name=f"2026/march/{name}", depth=1,
            batch=parent.batch,
        )  # fmt: skip
    with tenant_scope(house.tenant_id):
        LeftOutFile.objects.create(
            tenant_id=house.tenant_id, document=parent, part=3, name="c<i>.exe", why="damaged"
        )
    return parent


def page(house: House, document: Document, role: Role = Role.OPERATOR) -> str:
    """Show a document's record."""
    return house.client(role).get(f"/documents/{document.id}/").content.decode()


def child_of(house: House, parent: Document) -> Document:
    """Give the first file that came out."""
    with tenant_scope(house.tenant_id):
        return Document.objects.get(parent=parent, part=1)


def test_an_archives_record_lists_what_came_out_and_what_did_not(house: House) -> None:
    """Each with its state; the name of what stayed in is text, whatever it says."""
    shown = page(house, archive(house))
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


def test_a_part_that_others_replaced_is_not_listed(house: House) -> None:
    parent = archive(house)
    make_document(house, filename="old.pdf", status=S.SUPERSEDED, parent=parent, part=9, parent_pages=[1])
    shown = page(house, parent)
    assert "old.pdf" not in shown
    assert "1 of 2 finished" in shown


def test_a_file_says_what_it_came_out_of(house: House) -> None:
    parent = archive(house)
    child = child_of(house, parent)
    shown = page(house, child)
    assert f'Came out of <a href="/documents/{parent.id}/" dir="auto">March.zip</a>' in shown
    assert "2026/march/a.pdf" in shown
    assert 'data-testid="family"' not in shown


def test_a_file_whose_archive_is_erased_says_so(house: House) -> None:
    parent = archive(house)
    child = child_of(house, parent)
    with tenant_scope(house.tenant_id):
        delete_document(actor=house.actor(Role.MANAGER), document_id=parent.id)
    assert "Came out of a file that has been erased" in page(house, child)


def test_a_mails_record_says_who_wrote_it(house: House) -> None:
    shown = page(house, make_document(house, filename="mail.eml", letterhead=MAIL))
    for text in ("Ann &lt;ann@example.org&gt;", "desk@example.com", "March &lt;b&gt;invoices&lt;/b&gt;"):
        assert text in shown
    assert 'datetime="2026-03-03T10:00:00+00:00"' in shown
    assert "Copy to" not in shown


def test_a_mail_with_a_head_that_makes_no_sense_is_shown(house: House) -> None:
    head = {"sender": "x", "sent": "2026-99-99T10:00:00"}
    assert "From" in page(house, make_document(house, filename="mail.eml", letterhead=head))


def test_a_record_costs_the_same_for_many_children(
    house: House, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    parent = archive(house)
    for part in range(10, 70):
        make_document(house, filename=f"{part}.pdf", pages=0, fields=(), parent=parent, part=part, depth=1)
    client = house.client(Role.OPERATOR)
    client.get(f"/documents/{parent.id}/")
    with django_assert_max_num_queries(32):
        shown = client.get(f"/documents/{parent.id}/").content.decode()
    assert shown.count('class="table__main" id="document-') == 50
    assert f'href="/documents/?parent={parent.id}"' in shown
    assert "Show all 62" in shown


def test_documents_are_filtered_by_what_they_came_out_of(house: House) -> None:
    parent = archive(house)
    make_document(house, filename="other.pdf")
    client = house.client(Role.VIEWER)
    shown = client.get(f"/documents/?parent={parent.id}").content.decode()
    assert "a.pdf" in shown
    assert "b.pdf" in shown
    assert "other.pdf" not in shown
    assert "March.zip" in shown
    everything = client.get("/documents/").content.decode()
    assert everything.count("out of March.zip") == 2
    found = client.get(f"/documents/?parent={parent.id}&q=b.pdf&part=rows").content.decode()
    assert found.count('class="table__main"') == 1


def test_a_strangers_parent_filters_nothing_out(house: House) -> None:
    """Another tenant's archive is not there."""
    theirs = archive(make_house("other"))
    assert house.client(Role.VIEWER).get(f"/documents/?parent={theirs.id}").status_code == 404


def test_a_batch_shows_its_archive_and_counts_its_files(house: House) -> None:
    parent = archive(house, batch=make_batch(house, "March.zip", status="RUNNING"))
    client = house.client(Role.OPERATOR)
    shown = client.get(f"/batches/{parent.batch_id}/").content.decode()
    assert "1 of 2 files finished" in shown
    assert f'out of <a href="/documents/{parent.id}/" dir="auto">March.zip</a>' in shown
    assert "2026/march" in shown
    assert '</a><small dir="auto">out of' not in shown
    lines = client.get("/batches/").content.decode()
    assert 'data-title="Files">2<' in lines


def test_the_api_tells_parent_part_and_what_stays_in(house: House) -> None:
    parent = archive(house)
    client = house.api(Role.VIEWER)
    told = client.get(f"/v1/documents/{parent.id}").json()
    assert told["left_out"] == [{"part": 3, "name": "c<i>.exe", "why": "damaged"}]
    assert (told["status"], told["attachments"], told["letterhead"]) == ("UNPACKED", 2, None)
    children = client.get(told["children"]).json()["results"]
    assert [(one["part"], one["part_name"], one["parent"]) for one in children] == [
        (2, "2026/march/b.pdf", str(parent.id)),
        (1, "2026/march/a.pdf", str(parent.id)),
    ]
