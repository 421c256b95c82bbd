"""Search of documents by a part of their name: the index finds what the plain condition finds, of the tenant only."""

import json
from importlib import import_module
from typing import Any

import psycopg
import pytest
from django.db.models import Q
from django.test import Client
from django.utils import timezone

from ingestion.models import Document
from ingestion.querysets import ids_by_name
from refinery.core.database.ids import new_id
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from refinery.core.types import TenantId
from refinery.stack.services import PostgresServer
from review.selectors.desk import TaskFilter
from review.selectors.desk import tasks as desk_tasks
from tests.support.factories.documents import make_document, make_queue, make_task
from tests.support.factories.tenants import TenantFixture, make_tenant

pytestmark = pytest.mark.django_db

NAMES = (
    ("Invoice_2024-07.pdf", ""),
    ("100% net\\gross.pdf", "A%B_C"),
    ("STRASSE.pdf", "Straße"),
    ("résumé ÉTÉ.pdf", "id\N{KELVIN SIGN}12"),
    ("abc.pdf", "xyz-9"),
    ("aaaaaaa.pdf", ""),
    ("İstanbul \N{LATIN SMALL LETTER DOTLESS I}s.pdf", ""),
    ("請求書２０２４.pdf", "注文-77"),
)
MANY_DOCUMENTS_SQL = """
    INSERT INTO document SELECT made.* FROM generate_series(1, %s::int) AS number, jsonb_populate_record(
      NULL::document, %s::jsonb || jsonb_build_object('id', uuidv7(), 'filename', number || '.pdf')) AS made
"""
TEXTS = (
    *("invoice", "INVOICE_2024", "2024-07.pdf", "% net", "%b_", "t\\g", "\\gross", "strasse", "straße", "ÉTÉ", "été"),
    *(
        "id\N{KELVIN SIGN}1",
        "idk1",
        "abc",
        "fxyz",
        "pdfxyz",
        ".pdf\nxyz",
        "xyz-9",
        "aaaa",
        "aaaaaaaa",
        "İst",
        "\N{LATIN SMALL LETTER DOTLESS I}s.",
        "l is",
    ),
    *("請求書", "書２０", "文-7", "f\n", "___", "%%%", "no such name", "   "),
)


@pytest.fixture
def tenant() -> TenantFixture:
    """Return a tenant with documents of all names."""
    made = make_tenant()
    for name, external_id in NAMES:
        make_document(made, filename=name, external_id=external_id, fields=(), pages=0)
    return made


@pytest.mark.parametrize("text", TEXTS)
def test_ids_by_name_equal_documents_of_plain_condition(tenant: TenantFixture, text: str) -> None:
    """Whatever the text contains: case, wildcards, the border between both columns, other scripts."""
    with tenant_scope(tenant.tenant_id):
        plain = Document.objects.filter(Q(filename__icontains=text) | Q(external_id__icontains=text))
        expected = sorted(plain.values_list("id", flat=True))
        found = ids_by_name(text)
        assert found is None if len(expected) > 4 else sorted(found or []) == expected
        matching = Document.objects.visible_to(tenant.actor(Role.OPERATOR)).matching(text)
        assert sorted(matching.values_list("id", flat=True)) == expected


def test_ids_by_name_texts_have_matches_and_misses(tenant: TenantFixture) -> None:
    """The comparison above is of use only if texts of both kinds are in it."""
    with tenant_scope(tenant.tenant_id):
        found = [len(ids_by_name(text) or ()) for text in TEXTS]
    assert 0 in found
    assert sum(count > 0 for count in found) > len(TEXTS) / 2


def test_ids_by_name_of_other_tenant_are_not_found(tenant: TenantFixture) -> None:
    """The function reads past row level security, and without a tenant it finds nothing."""
    other = make_tenant("other")
    make_document(other, filename="abc.pdf", fields=(), pages=0)
    with tenant_scope(tenant.tenant_id):
        own = Document.objects.get(filename="abc.pdf").id
        assert ids_by_name("abc.pdf") == [own]
    with tenant_scope(TenantId(new_id())):
        assert ids_by_name("abc.pdf") == []


@pytest.mark.parametrize("text", ["", "a", "ab", "\0abc", "pdf"])
def test_ids_by_name_of_short_or_frequent_text_is_left_to_list(tenant: TenantFixture, text: str) -> None:
    """Two characters have no trigram; all names end in the last text."""
    with tenant_scope(tenant.tenant_id):
        assert ids_by_name(text) is None


def test_ids_by_name_above_limit_is_left_to_list(tenant: TenantFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    """Part of the documents would be a wrong answer."""
    monkeypatch.setattr("ingestion.querysets.NAMED_AT_MOST", 1)
    with tenant_scope(tenant.tenant_id):
        assert ids_by_name("strasse.p") is not None
        assert ids_by_name("2024") is not None
        make_document(tenant, filename="Invoice_2024-08.pdf", fields=(), pages=0)
        assert ids_by_name("Invoice_2024") is None


def test_search_reads_index_of_names(postgres: PostgresServer) -> None:
    """A condition on file names alone would read all documents."""
    statement = import_module("ingestion.migrations.0005_growth").DOCUMENTS_NAMED
    prepared = f"PREPARE named(text, integer) AS {statement}".replace("wanted", "$1").replace("most)", "$2)")
    values = {field.column: field.get_default() for field in Document._meta.concrete_fields}
    values |= {"tenant_id": new_id(), "size": 1, "created_at": timezone.now(), "updated_at": timezone.now()}
    with psycopg.connect(postgres.url_superuser) as server:
        server.execute(MANY_DOCUMENTS_SQL, [5000, json.dumps(values, default=str)])
        server.execute("ANALYZE document")
        server.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        server.execute(prepared.encode())
        plan = "\n".join(row[0] for row in server.execute("EXPLAIN EXECUTE named('abc', 10)"))
        server.rollback()
    assert "Bitmap Index Scan on document_by_name" in plan
    assert "Seq Scan" not in plan


def test_desk_search_finds_task_by_name_only(tenant: TenantFixture) -> None:
    """The external id is not shown at the desk, so it is not searched there, as before."""
    make_queue(tenant)
    with tenant_scope(tenant.tenant_id):
        rows = {row.filename: row for row in Document.objects.all()}
    task = make_task(tenant, rows["abc.pdf"])
    assert _desk_ids(tenant, "ABC.p") == [task.id]
    assert _desk_ids(tenant, "bc") == [task.id]
    assert _desk_ids(tenant, "xyz-9") == []


def _desk_ids(tenant: TenantFixture, text: str) -> list[Any]:
    with tenant_scope(tenant.tenant_id):
        page = desk_tasks(tenant.actor(Role.REVIEWER), TaskFilter(q=text), timezone.now())
    return [line.id for line in page.rows]


def test_search_pages_show_found_document(tenant: TenantFixture) -> None:
    """List, palette and API agree."""
    client: Client = tenant.client(Role.OPERATOR)
    assert "STRASSE.pdf" in client.get("/documents/?q=rasse").content.decode()
    assert [one["title"] for one in client.get("/documents/search?q=rasse").json()["results"]] == ["STRASSE.pdf"]
    found = client.get("/v1/documents?search=rasse").json()["results"]
    assert [one["filename"] for one in found] == ["STRASSE.pdf"]
