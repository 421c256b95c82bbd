"""Signatures that an earlier version stored: never compared with new ones, and computed again by a command."""

from io import StringIO

from django.core.management import call_command

from ingestion.contracts import RunRef
from quality.domain.fingerprints import SIGNATURE_METHOD
from quality.models import Fingerprint, FingerprintBand
from quality.services.rule_set import AssessmentConfig
from refinery.core.database.scope import tenant_scope
from tests.integration.workers.activity_steps import read_and_assess
from tests.integration.workers.test_related_documents import LETTER, relation_issues
from tests.support.ingest_harness import INVOICE, IngestHarness

COPY = LETTER.replace("parties", "part1es")


def make_outdated(ingest: IngestHarness, ref: RunRef) -> None:
    """Store a document's signature as another method would have: other numbers, no band in common with ours."""
    with tenant_scope(ingest.tenant_id):
        stored = Fingerprint.objects.get(document_id=ref.document_id)
        Fingerprint.objects.filter(pk=stored.pk).update(method="", minhash=[1] * 128, bands=[2] * 64)
        FingerprintBand.objects.filter(document_id=ref.document_id, band__lt=1000).delete()
        FingerprintBand.objects.create(tenant_id=ingest.tenant_id, document_id=ref.document_id, band=0, value=2)


def refresh() -> str:
    """Run the command and return what it printed."""
    out = StringIO()
    call_command("refresh_fingerprints", stdout=out)
    return out.getvalue()


def test_refresh_fingerprints_restores_what_an_assessment_stored(
    ingest: IngestHarness, assessment_engine: AssessmentConfig
) -> None:
    ref = read_and_assess(ingest, LETTER, assessment_engine)
    with tenant_scope(ingest.tenant_id):
        row = Fingerprint.objects.get()
        bands = set(FingerprintBand.objects.values_list("band", "value"))
    make_outdated(ingest, ref)
    assert refresh() == "1 signatures computed again\n"
    assert refresh() == "0 signatures computed again\n"
    with tenant_scope(ingest.tenant_id):
        again = Fingerprint.objects.get()
        assert (again.minhash, again.bands, again.method) == (row.minhash, row.bands, SIGNATURE_METHOD)
        assert set(FingerprintBand.objects.values_list("band", "value")) == bands


def test_copy_of_outdated_document_is_found_by_text_after_refresh(
    ingest: IngestHarness, assessment_engine: AssessmentConfig
) -> None:
    make_outdated(ingest, read_and_assess(ingest, LETTER, assessment_engine))
    read_and_assess(ingest, COPY, assessment_engine)
    assert relation_issues(ingest) == set()
    refresh()
    third = read_and_assess(ingest, COPY.replace("agree", "agr3e"), assessment_engine)
    assert relation_issues(ingest) == {("near_duplicate", str(third.document_id))}


def test_outdated_document_with_same_number_is_compared_by_its_text(
    ingest: IngestHarness, assessment_engine: AssessmentConfig
) -> None:
    make_outdated(ingest, read_and_assess(ingest, INVOICE, assessment_engine))
    second = read_and_assess(ingest, INVOICE.replace("Ltd\n", "Ltd \n"), assessment_engine)
    assert ("near_duplicate", str(second.document_id)) in relation_issues(ingest)
