"""Real files through the real reader: the stored values match the ground truth of the samples."""

from typing import Any

import pytest
from django.core.files.base import ContentFile

from ingestion.adapters.reader.page_reader import SandboxedPageReader
from ingestion.contracts import IngestOptions, RunRef
from ingestion.models import Field, Page
from ingestion.services.upload import ingest_file
from quality.models import Issue
from quality.services.rule_set import AssessmentConfig
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from samples.generate import make_document
from samples.sample import Sample
from tests.integration.workers.activity_steps import document_input, run_activity
from tests.support.ingest_harness import IngestHarness
from workers.activities.document_steps import DocumentActivities
from workers.activities.read_pages import ReadingActivities
from workers.messages import OriginalInput


def read_and_assess(ingest: IngestHarness, sample: Sample, engine: AssessmentConfig) -> RunRef:
    """Upload a sample's file and process it up to its assessment."""
    with tenant_scope(ingest.tenant_id):
        admitted = ingest_file(
            actor=ingest.tenant.actor(Role.OPERATOR),
            file=ContentFile(sample.content),
            filename=sample.filename,
            declared_type=sample.media_type,
            options=IngestOptions(),
        )
    ref = RunRef(ingest.tenant_id, admitted.document_id, 1)
    steps = DocumentActivities(engine)
    reader = SandboxedPageReader()
    run_activity(steps.begin, document_input(ref))
    try:
        run_activity(ReadingActivities(reader).read_pages, OriginalInput(document_input(ref)))
    finally:
        reader.close()
    run_activity(steps.assess, document_input(ref))
    return ref


def true_value(sample: Sample, name: str) -> str:
    """Return a field's true value, normalised."""
    fields: Any = sample.truth["fields"]
    return str(fields[name]["normalized"])


@pytest.mark.parametrize(("flaw", "code"), [((), None), (("total_mismatch",), "totals_add_up")])
def test_digital_invoice_has_true_fields_and_expected_issues(
    ingest: IngestHarness, assessment_engine: AssessmentConfig, flaw: tuple[str, ...], code: str | None
) -> None:
    """Kind, total and pages are right; a total that does not add up is an issue."""
    sample = make_document("invoice", seed=5, index=3, scan=False, flaws=flaw)
    ref = read_and_assess(ingest, sample, assessment_engine)
    document = ingest.document(ref)
    assert (document.status, document.schema_key) == ("IN_REVIEW", "invoice")
    with tenant_scope(ingest.tenant_id):
        found = {row.name: row for row in Field.objects.all()}
        pages = list(Page.objects.order_by("number"))
        codes = set(Issue.objects.values_list("code", flat=True))
    for name in ("total", "invoice_number"):
        assert found[name].normalized == true_value(sample, name)
    assert all(page.image_key and page.thumbnail_key and page.words for page in pages)
    assert ("totals_add_up" in codes) == (code is not None)
