"""PDF with an embedded e-invoice, from the real reader to assessment: the XML values count and the page is checked."""

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
from ingestion.services.upload import ingest_file
from quality.models import Issue
from quality.services.rule_set import AssessmentConfig
from refinery.core.audit.models import AuditEvent
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from review.selectors.viewer import document_payload
from tests.integration.workers.activity_steps import document_input, run_activity
from tests.support import page_files
from tests.support.einvoices import PAGE, cii, hybrid, ubl
from tests.support.ingest_harness import IngestHarness
from workers.activities.document_steps import DocumentActivities
from workers.activities.read_pages import ReadingActivities
from workers.messages import OriginalInput


def read_and_assess(ingest: IngestHarness, engine: AssessmentConfig, source: Path) -> RunRef:
    """Upload a file and process it up to its assessment."""
    with tenant_scope(ingest.tenant_id):
        admitted = ingest_file(
            actor=ingest.tenant.actor(Role.OPERATOR),
            file=ContentFile(source.read_bytes()),
            filename=source.name,
            declared_type="application/pdf",
            options=IngestOptions(),
        )
    ref = RunRef(ingest.tenant_id, admitted.document_id, 1)
    reader = SandboxedPageReader()
    run_activity(DocumentActivities(engine).begin, document_input(ref))
    try:
        run_activity(ReadingActivities(reader).read_pages, OriginalInput(document_input(ref)))
    finally:
        reader.close()
    run_activity(DocumentActivities(engine).assess, document_input(ref))
    return ref


def fields(ingest: IngestHarness, ref: RunRef) -> dict[str, Field]:
    with tenant_scope(ingest.tenant_id):
        return {row.name: row for row in Field.objects.filter(document_id=ref.document_id)}


def codes(ingest: IngestHarness, ref: RunRef) -> set[str]:
    with tenant_scope(ingest.tenant_id):
        return set(Issue.objects.filter(document_id=ref.document_id).values_list("code", flat=True))


def test_hybrid_pdf_fields_come_from_xml_with_boxes(
    ingest: IngestHarness, assessment_engine: AssessmentConfig, tmp_path: Path
) -> None:
    ref = read_and_assess(ingest, assessment_engine, hybrid(tmp_path / "a.pdf", cii().encode()))
    document = ingest.document(ref)
    assert (document.schema_key, document.schema_confidence) == ("invoice", 1.0)
    rows = fields(ingest, ref)
    assert {name: row.source for name, row in rows.items()} == dict.fromkeys(rows, "xml")
    total = rows["total"]
    assert (total.normalized, total.confidence, total.page, total.needs_human) == ("1130.50", 1.0, 1, False)
    assert total.bbox is not None
    assert rows["invoice_date"].normalized == "2025-06-13"
    assert not {code for code in codes(ingest, ref) if code.startswith("einvoice")}
    with tenant_scope(ingest.tenant_id):
        kept = XmlInvoice.objects.get(document_id=ref.document_id)
    assert kept.facts
    assert kept.facts["totals"]["gross"] == "1130.50"
    with default_storage.open(kept.blob_key) as file:
        assert file.read() == cii().encode()


def test_page_differing_from_xml_is_an_issue(
    ingest: IngestHarness, assessment_engine: AssessmentConfig, tmp_path: Path
) -> None:
    page = PAGE.replace("1.130,50", "1.310,50")
    ref = read_and_assess(ingest, assessment_engine, hybrid(tmp_path / "a.pdf", cii().encode(), page=page))
    with tenant_scope(ingest.tenant_id):
        issue = Issue.objects.get(document_id=ref.document_id, code="einvoice_differs")
    assert (issue.field, issue.severity, issue.page) == ("total", "critical", 1)
    assert issue.bbox is not None
    assert issue.message == "Total is 1.130,50 in the e-invoice, but 1.310,50 on the page"
    total = fields(ingest, ref)["total"]
    assert (total.normalized, total.needs_human) == ("1130.50", True)
    assert [other["value"] for other in total.alternatives] == ["1.310,50 EUR"]
    assert ingest.document(ref).status == "IN_REVIEW"


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (cii(gross="1131.50", due_amount="1101.00"), "einvoice_sums"),
        (cii(type=""), "einvoice_complete"),
        (cii(currency="EUX"), "einvoice_codes"),
        (cii().replace("<TypeCode>58</TypeCode>", ""), "einvoice_rules"),
        (cii(guideline="urn:example:own"), "einvoice_readable"),
        ("<broken", "einvoice_readable"),
    ],
)
def test_invalid_xml_value_is_an_issue(
    ingest: IngestHarness, assessment_engine: AssessmentConfig, tmp_path: Path, xml: str, code: str
) -> None:
    ref = read_and_assess(ingest, assessment_engine, hybrid(tmp_path / "a.pdf", xml.encode()))
    assert code in codes(ingest, ref)
    rows = fields(ingest, ref)
    assert rows["invoice_number"].normalized == "HP-2025-0118"
    if code == "einvoice_sums":
        assert rows["total"].confidence == 0.5
        with tenant_scope(ingest.tenant_id):
            said = [issue.message for issue in Issue.objects.filter(document_id=ref.document_id, code=code)]
        assert any("is 1.131,50, but its other amounts make it 1.130,50" in each for each in said)
    if xml == "<broken":
        assert {row.source for row in rows.values()}.isdisjoint({"xml"})


def test_violated_official_rule_is_an_issue_and_in_the_api(
    ingest: IngestHarness, assessment_engine: AssessmentConfig, tmp_path: Path, client: Client
) -> None:
    xml = cii().replace("<TypeCode>58</TypeCode>", "")
    ref = read_and_assess(ingest, assessment_engine, hybrid(tmp_path / "a.pdf", xml.encode()))
    with tenant_scope(ingest.tenant_id):
        issues = Issue.objects.filter(document_id=ref.document_id, code="einvoice_rules")
        said = {(issue.severity, issue.message) for issue in issues}
    assert {severity for severity, _ in said} == {"major"}
    assert any("(BR-49, fatal, /CrossIndustryInvoice/" in message for _, message in said)
    headers = {"Authorization": f"Bearer {ingest.tenant.create_key(Role.OPERATOR).key}"}
    rules = client.get(f"/v1/documents/{ref.document_id}/e-invoice", headers=headers).json()["rules"]
    (found,) = [each for each in rules["violations"] if each["rule"] == "BR-49"]
    assert (rules["rule_set"], found["flag"]) == ("en16931", "fatal")
    assert found["place"].endswith("/ApplicableHeaderTradeSettlement/SpecifiedTradeSettlementPaymentMeans")


def test_einvoice_endpoint_gives_facts_and_xml(
    ingest: IngestHarness, assessment_engine: AssessmentConfig, tmp_path: Path, client: Client
) -> None:
    ref = read_and_assess(ingest, assessment_engine, hybrid(tmp_path / "a.pdf", cii().encode()))
    headers = {"Authorization": f"Bearer {ingest.tenant.create_key(Role.OPERATOR).key}"}
    answer = client.get(f"/v1/documents/{ref.document_id}/e-invoice", headers=headers)
    assert answer.status_code == 200
    assert answer.json()["invoice"]["number"] == "HP-2025-0118"
    file = client.get(answer.json()["xml"], headers=headers)
    assert file.getvalue() == cii().encode()
    assert file["Content-Type"] == "application/xml"
    assert file["Content-Disposition"].startswith("attachment")
    with tenant_scope(ingest.tenant_id):
        assert AuditEvent.objects.filter(action="document.exported").count() == 1


def test_erased_document_deletes_its_xml(
    ingest: IngestHarness,
    assessment_engine: AssessmentConfig,
    tmp_path: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    ref = read_and_assess(ingest, assessment_engine, hybrid(tmp_path / "a.pdf", cii().encode()))
    with tenant_scope(ingest.tenant_id), django_capture_on_commit_callbacks(execute=True):
        key = XmlInvoice.objects.get().blob_key
        delete_document(actor=ingest.tenant.actor(Role.MANAGER), document_id=ref.document_id)
        assert not XmlInvoice.objects.exists()
    assert not default_storage.exists(key)


def test_xml_invoice_becomes_document_with_page(
    ingest: IngestHarness, assessment_engine: AssessmentConfig, tmp_path: Path
) -> None:
    """Its page is drawn from its facts; each field has the XML value and a box on that page."""
    source = tmp_path / "xrechnung.xml"
    source.write_text(ubl(), encoding="utf-8")
    ref = read_and_assess(ingest, assessment_engine, source)
    document = ingest.document(ref)
    assert (document.media_type, document.pages, document.schema_key) == ("application/xml", 1, "invoice")
    rows = fields(ingest, ref)
    assert {row.source for row in rows.values()} == {"xml"}
    assert rows["total"].normalized == "1130.50"
    assert rows["total"].bbox is not None
    assert not {code for code in codes(ingest, ref) if code.startswith("einvoice")}


@pytest.mark.parametrize(
    ("xml", "page", "labels"),
    [
        (cii(), PAGE, ("EN 16931 (CII)", "Valid", "")),
        (cii(type="", currency="EUX"), PAGE, ("EN 16931 (CII)", "Not valid", "2 faults")),
        (cii(), PAGE.replace("1.130,50", "1.310,50"), ("EN 16931 (CII)", "Valid", "the page shows other values")),
        ("<broken", PAGE, ("", "Cannot be read", "1 fault")),
    ],
    ids=["valid", "faulty", "differs", "broken"],
)
def test_viewer_and_record_show_einvoice_and_validity(
    ingest: IngestHarness,
    assessment_engine: AssessmentConfig,
    tmp_path: Path,
    xml: str,
    page: str,
    labels: tuple[str, str, str],
) -> None:
    """In the viewer's JSON and on the record, with a link to the XML."""
    ref = read_and_assess(ingest, assessment_engine, hybrid(tmp_path / "a.pdf", xml.encode(), page=page))
    address = f"/v1/documents/{ref.document_id}/e-invoice/xml"
    with tenant_scope(ingest.tenant_id):
        document = ingest.document(ref)
        seen = document_payload(ingest.tenant.actor(Role.REVIEWER), document, ref.run)["einvoice"]
    assert (seen["title"], seen["mark"]["title"], seen["words"]) == labels
    assert seen["xml"] == address
    record = ingest.tenant.client(Role.OPERATOR).get(f"/documents/{ref.document_id}/").content.decode()
    assert f'href="{address}"' in record
    assert all(words in record for words in (labels[0], labels[1]))
    assert ("from the e-invoice" in record) is (labels[0] != "")


def test_document_without_einvoice_shows_nothing(
    ingest: IngestHarness, assessment_engine: AssessmentConfig, tmp_path: Path
) -> None:
    ref = read_and_assess(ingest, assessment_engine, page_files.native_pdf(tmp_path / "plain.pdf"))
    with tenant_scope(ingest.tenant_id):
        actor = ingest.tenant.actor(Role.OPERATOR)
        assert document_payload(actor, ingest.document(ref), ref.run)["einvoice"] is None
    record = ingest.tenant.client(Role.OPERATOR).get(f"/documents/{ref.document_id}/").content.decode()
    assert 'data-testid="e-invoice"' not in record
