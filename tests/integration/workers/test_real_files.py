"""Real files through the real reader: what the steps keep is what the samples' truth says."""

from typing import Any

import pytest
from django.core.files.base import ContentFile

from ingestion.adapters.reader.page_reader import SandboxedPageReader
from ingestion.contracts import IngestOptions, RunRef
from ingestion.models import Field, Page
from ingestion.services.upload import take_in
from quality.models import Issue
from quality.services.rule_set import Engine
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from samples.generate import make_document
from samples.sample import Sample
from tests.integration.workers.conftest import order_of, perform
from tests.workflows.papers import Office
from workers.activities.document_steps import DocumentActivities
from workers.activities.read_pages import ReadingActivities
from workers.messages import ReadOrder


def bring(office: Office, sample: Sample, engine: Engine) -> RunRef:
    """Take a sample's file in and bring it as far as its judgement."""
    with tenant_scope(office.tenant_id):
        admitted = take_in(
            actor=office.house.actor(Role.OPERATOR),
            file=ContentFile(sample.content),
            filename=sample.filename,
            declared_type=sample.media_type,
            options=IngestOptions(),
        )
    ref = RunRef(office.tenant_id, admitted.document_id, 1)
    steps = DocumentActivities(engine)
    reader = SandboxedPageReader()
    perform(steps.begin, order_of(ref))
    try:
        perform(ReadingActivities(reader).read_pages, ReadOrder(order_of(ref)))
    finally:
        reader.close()
    perform(steps.assess, order_of(ref))
    return ref


def truth(sample: Sample, name: str) -> str:
    """Give a field's true value, normalised."""
    fields: Any = sample.truth["fields"]
    return str(fields[name]["normalized"])


@pytest.mark.parametrize(("flaw", "code"), [((), None), (("total_mismatch",), "totals_add_up")])
def test_a_born_digital_invoice(office: Office, engine: Engine, flaw: tuple[str, ...], code: str | None) -> None:
    """Its kind, its total and its pages are right; a total that does not add up is an issue."""
    sample = make_document("invoice", seed=5, index=3, scan=False, flaws=flaw)
    ref = bring(office, sample, engine)
    document = office.document(ref)
    assert (document.status, document.schema_key) == ("IN_REVIEW", "invoice")
    with tenant_scope(office.tenant_id):
        found = {row.name: row for row in Field.objects.all()}
        pages = list(Page.objects.order_by("number"))
        codes = set(Issue.objects.values_list("code", flat=True))
    for name in ("total", "invoice_number"):
        assert found[name].normalized == truth(sample, name)
    assert all(page.image_key and page.thumbnail_key and page.words for page in pages)
    assert ("totals_add_up" in codes) == (code is not None)
