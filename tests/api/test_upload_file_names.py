"""A13 over HTTP: file names of arbitrary bytes are stored as data, displayed escaped, and cause no server error."""

from urllib.parse import quote_from_bytes

import pytest

from ingestion.domain.formats.intake import safe_filename
from ingestion.models import Document
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from tests.api.test_ingest import INGEST, PDF
from tests.support.factories.tenants import TenantFixture
from tests.support.hostile.names import NAMES

BOUNDARY = "between-the-parts"
MARKUP = ("<img src=x", "<script>alert", '"><script>')


def body(name: str, number: int) -> bytes:
    """Return a form with one file whose name is percent-encoded (RFC 5987), so that any character can be sent."""
    quoted = quote_from_bytes(name.encode("utf-8", "surrogatepass"), safe="")
    head = f"--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename*=UTF-8''{quoted}\r\n\r\n"
    return head.encode() + PDF + b"%d" % number + f"\r\n--{BOUNDARY}--\r\n".encode()


@pytest.mark.django_db
def test_ingest_hostile_file_name_is_stored_and_escaped(tenant: TenantFixture) -> None:
    """If no usable name remains, the file is refused with a reason."""
    client = tenant.api(Role.OPERATOR)
    statuses = {
        name: client.post(INGEST, body(name, number), f"multipart/form-data; boundary={BOUNDARY}").status_code
        for number, name in enumerate(NAMES)
    }
    assert {name: status for name, status in statuses.items() if status != 202 and not 400 <= status < 500} == {}
    with tenant_scope(tenant.tenant_id):
        kept = dict(Document.objects.values_list("id", "filename"))
    assert len(kept) == list(statuses.values()).count(202) > len(NAMES) // 2
    assert [name for name in kept.values() if safe_filename(name) != name] == []
    browser = tenant.client(Role.OPERATOR)
    pages = {name: browser.get(f"/documents/{key}/") for key, name in kept.items()}
    pages["the list"] = browser.get("/documents/")
    assert {name: page.status_code for name, page in pages.items()} == dict.fromkeys(pages, 200)
    texts = {name: page.content.decode() for name, page in pages.items()}
    assert [name for name, text in texts.items() if any(markup in text for markup in MARKUP)] == []
    for shown in ("the list", "<img src=x onerror=alert(1)>.pdf"):
        assert "&lt;img src=x onerror=alert(1)&gt;.pdf" in texts[shown]
