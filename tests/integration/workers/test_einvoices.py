"""A PDF with its e-invoice through the real reader to its judgement: the XML counts, the page is checked by it."""

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from ingestion.adapters.reader.page_reader import SandboxedPageReader
from ingestion.contracts import IngestOptions, RunRef
from ingestion.models import Field, XmlInvoice
from ingestion.services.erasure import delete_document
from ingestion.services.upload import take_in
from quality.models import Issue
from quality.services.rule_set import Engine
from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from review.selectors.viewer import document_payload
from tests.einvoices import PAGE, cii, hybrid, ubl
from tests.integration.workers.conftest import order_of, perform
from tests.reading import papers
from tests.workflows.papers import Office
from workers.activities.document_steps import DocumentActivities
from workers.activities.read_pages import ReadingActivities
from workers.messages import ReadOrder


def bring(office: Office, engine: Engine, source: Path) -> RunRef:
    """Take a file in and bring it as far as its judgement."""
    with tenant_scope(office.tenant_id):
        admitted = take_in(
            actor=office.house.actor(Role.OPERATOR),
            file=ContentFile(source.read_bytes()),
            filename=source.name,
            declared_type="application/pdf",
            options=IngestOptions(),
        )
    ref = RunRef(office.tenant_id, admitted.document_id, 1)
    reader = SandboxedPageReader()
    perform(DocumentActivities(engine).begin, order_of(ref))
    try:
        perform(ReadingActivities(reader).read_pages, ReadOrder(order_of(ref)))
    finally:
        reader.close()
    perform(DocumentActivities(engine).assess, order_of(ref))
    return ref


def fields(office: Office, ref: RunRef) -> dict[str, Field]:
    with tenant_scope(office.tenant_id):
        return {row.name: row for row in Field.objects.filter(document_id=ref.document_id)}


def codes(office: Office, ref: RunRef) -> set[str]:
    with tenant_scope(office.tenant_id):
        return set(Issue.objects.filter(document_id=ref.document_id).values_list("code", flat=True))


def test_the_xml_counts_and_its_places_are_shown(office: Office, engine: Engine, tmp_path: Path) -> None:
    ref = bring(office, engine, hybrid(tmp_path / "a.pdf", cii().encode()))
    document = office.document(ref)
    assert (document.schema_key, document.schema_confidence) == ("invoice", 1.0)
    rows = fields(office, ref)
    assert {name: row.source for name, row in rows.items()} == dict.fromkeys(rows, "xml")
    total = rows["total"]
    assert (total.normalized, total.confidence, total.page, total.needs_human) == ("1130.50", 1.0, 1, False)
    assert total.bbox is not None
    assert rows["invoice_date"].normalized == "2025-06-13"
    assert not {code for code in codes(office, ref) if code.startswith("einvoice")}
    with tenant_scope(office.tenant_id):
        kept = XmlInvoice.objects.get(document_id=ref.document_id)
    assert kept.facts
    assert kept.facts["totals"]["gross"] == "1130.50"
    with default_storage.open(kept.blob_key) as file:
        assert file.read() == cii().encode()


def test_a_page_that_says_otherwise_is_an_issue(office: Office, engine: Engine, tmp_path: Path) -> None:
    page = PAGE.replace("1.130,50", "1.310,50")
    ref = bring(office, engine, hybrid(tmp_path / "a.pdf", cii().encode(), page=page))
    with tenant_scope(office.tenant_id):
        issue = Issue.objects.get(document_id=ref.document_id, code="einvoice_differs")
    assert (issue.field, issue.severity, issue.page) == ("total", "critical", 1)
    assert issue.bbox is not None
    assert issue.message == "Total is 1.130,50 in the e-invoice, but 1.310,50 on the page"
    total = fields(office, ref)["total"]
    assert (total.normalized, total.needs_human) == ("1130.50", True)
    assert [other["value"] for other in total.alternatives] == ["1.310,50 EUR"]
    assert office.document(ref).status == "IN_REVIEW"


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (cii(gross="1131.50", due_amount="1101.00"), "einvoice_sums"),
        (cii(type=""), "einvoice_complete"),
        (cii(currency="EUX"), "einvoice_codes"),
        (cii(guideline="urn:example:own"), "einvoice_readable"),
        ("<broken", "einvoice_readable"),
    ],
)
def test_xml_that_breaks_a_rule(office: Office, engine: Engine, tmp_path: Path, xml: str, code: str) -> None:
    ref = bring(office, engine, hybrid(tmp_path / "a.pdf", xml.encode()))
    assert code in codes(office, ref)
    rows = fields(office, ref)
    assert rows["invoice_number"].normalized == "HP-2025-0118"
    if code == "einvoice_sums":
        assert rows["total"].confidence == 0.5
        with tenant_scope(office.tenant_id):
            said = [issue.message for issue in Issue.objects.filter(document_id=ref.document_id, code=code)]
        assert any("is 1.131,50, but its other amounts make it 1.130,50" in each for each in said)
    if xml == "<broken":
        assert {row.source for row in rows.values()}.isdisjoint({"xml"})


def test_its_address_gives_what_it_says_and_the_file(
    office: Office, engine: Engine, tmp_path: Path, client: Client
) -> None:
    ref = bring(office, engine, hybrid(tmp_path / "a.pdf", cii().encode()))
    headers = {"Authorization": f"Bearer {office.house.key(Role.OPERATOR).key}"}
    told = client.get(f"/v1/documents/{ref.document_id}/e-invoice", headers=headers)
    assert told.status_code == 200
    assert told.json()["invoice"]["number"] == "HP-2025-0118"
    file = client.get(told.json()["xml"], headers=headers)
    assert file.getvalue() == cii().encode()
    assert file["Content-Type"] == "application/xml"
    assert file["Content-Disposition"].startswith("attachment")
    with tenant_scope(office.tenant_id):
        assert AuditEvent.objects.filter(action="document.exported").count() == 1


def test_an_erased_document_takes_its_xml_along(
    office: Office,
    engine: Engine,
    tmp_path: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    ref = bring(office, engine, hybrid(tmp_path / "a.pdf", cii().encode()))
    with tenant_scope(office.tenant_id), django_capture_on_commit_callbacks(execute=True):
        key = XmlInvoice.objects.get().blob_key
        delete_document(actor=office.house.actor(Role.MANAGER), document_id=ref.document_id)
        assert not XmlInvoice.objects.exists()
    assert not default_storage.exists(key)


def test_xml_alone_becomes_a_document_with_a_page(office: Office, engine: Engine, tmp_path: Path) -> None:
    """Its page is drawn from its facts; each field is the XML's and has its place there."""
    source = tmp_path / "xrechnung.xml"
    source.write_text(ubl(), encoding="utf-8")
    ref = bring(office, engine, source)
    document = office.document(ref)
    assert (document.media_type, document.pages, document.schema_key) == ("application/xml", 1, "invoice")
    rows = fields(office, ref)
    assert {row.source for row in rows.values()} == {"xml"}
    assert rows["total"].normalized == "1130.50"
    assert rows["total"].bbox is not None
    assert not {code for code in codes(office, ref) if code.startswith("einvoice")}


@pytest.mark.parametrize(
    ("xml", "page", "told"),
    [
        (cii(), PAGE, ("EN 16931 (CII)", "Valid", "")),
        (cii(type="", currency="EUX"), PAGE, ("EN 16931 (CII)", "Not valid", "2 faults")),
        (cii(), PAGE.replace("1.130,50", "1.310,50"), ("EN 16931 (CII)", "Valid", "the page says something else")),
        ("<broken", PAGE, ("", "Cannot be read", "1 fault")),
    ],
    ids=["valid", "faulty", "differs", "broken"],
)
def test_people_see_what_it_is_and_whether_it_is_valid(
    office: Office, engine: Engine, tmp_path: Path, xml: str, page: str, told: tuple[str, str, str]
) -> None:
    """In the viewer's JSON and on the record, with a link to the XML."""
    ref = bring(office, engine, hybrid(tmp_path / "a.pdf", xml.encode(), page=page))
    address = f"/v1/documents/{ref.document_id}/e-invoice/xml"
    with tenant_scope(office.tenant_id):
        document = office.document(ref)
        seen = document_payload(office.house.actor(Role.REVIEWER), document, ref.run)["einvoice"]
    assert (seen["title"], seen["mark"]["title"], seen["words"]) == told
    assert seen["xml"] == address
    record = office.house.client(Role.OPERATOR).get(f"/documents/{ref.document_id}/").content.decode()
    assert f'href="{address}"' in record
    assert all(words in record for words in (told[0], told[1]))
    assert ("from the e-invoice" in record) is (told[0] != "")


def test_a_document_without_one_says_nothing_of_it(office: Office, engine: Engine, tmp_path: Path) -> None:
    ref = bring(office, engine, papers.native_pdf(tmp_path / "plain.pdf"))
    with tenant_scope(office.tenant_id):
        actor = office.house.actor(Role.OPERATOR)
        assert document_payload(actor, office.document(ref), ref.run)["einvoice"] is None
    record = office.house.client(Role.OPERATOR).get(f"/documents/{ref.document_id}/").content.decode()
    assert 'data-testid="e-invoice"' not in record
