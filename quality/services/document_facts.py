"""From rows to facts: everything that judging a document needs, gathered once and then immutable."""

from collections.abc import Sequence
from dataclasses import replace

from django.utils import timezone

from ingestion.contracts import RunRef
from ingestion.domain.extraction.classification import classify
from ingestion.domain.formats.containers import MAILS
from ingestion.domain.page.elements import PageReading
from ingestion.domain.page.serialization import unpack_page
from ingestion.domain.schemas.fields import Alternative, ExtractedField, FieldKind, SchemaSpec, Validation
from ingestion.models import Document, Field, Page
from ingestion.selectors.stored_readings import NoSuchSchema, schema_spec, schema_specs
from ingestion.services.splitting import doubts_about
from quality.domain.facts import FactSet, Limits
from quality.domain.facts_builder import Submission, gather_facts, text_of
from quality.services.related_documents import Print, find_neighbours, lock_matter
from quality.services.rule_set import Engine
from refinery.core.tenancy.models import Tenant
from refinery.core.types import BoundingBox, TenantId

SURE_OF_MAIL = 0.9
PAGE_COLUMNS = ("width", "height", "source", "confidence", "words", "blocks", "measures", "codes", "error")


def pages_of(ref: RunRef) -> tuple[PageReading, ...]:
    """Read a run's pages back, in order."""
    rows = Page.objects.filter(tenant_id=ref.tenant_id, document_id=ref.document_id, run=ref.run)
    return tuple(
        unpack_page(row["number"], row) for row in rows.order_by("number").values("number", *PAGE_COLUMNS)
    )


def choose_schema(
    document: Document, pages: Sequence[PageReading], *, kind: str = ""
) -> tuple[SchemaSpec | None, float | None]:
    """Take the schema that was given, else the likeliest; gives it with the confidence in the choice.

    `kind` is what the document itself proves to be (an e-invoice), "" when it proves nothing. A mail speaks of
    invoices more often than it is one.
    """
    tenant_id = TenantId(document.tenant_id)
    if document.schema_given:
        try:
            return schema_spec(tenant_id, document.schema_key), None
        except NoSuchSchema:
            return None, None
    specs = schema_specs(tenant_id)
    proven = next((spec for spec in specs if spec.key == kind), None)
    if proven:
        return proven, 1.0
    found = classify(pages, specs)
    if document.media_type in MAILS and found.confidence < SURE_OF_MAIL:
        return None, found.confidence
    chosen = next((spec for spec in specs if spec.key == found.key), None)
    return chosen, found.confidence


def facts_of(
    document: Document,
    pages: tuple[PageReading, ...],
    schema: SchemaSpec | None,
    fields: tuple[ExtractedField, ...],
    engine: Engine,
) -> tuple[FactSet, Print]:
    """Gather a document's facts, its neighbours among them; locks its matter until the transaction ends."""
    tenant = Tenant.objects.only("review_below", "reject_below").get(id=document.tenant_id)
    submission = Submission(
        document_id=str(document.id),
        sha256=document.sha256,
        received_at=document.created_at,
        today=timezone.localdate(),
        total_pages=document.pages,
        external_id=document.external_id,
        supersedes=str(document.supersedes_id) if document.supersedes_id else None,
        limits=Limits(review_below=tenant.review_below, reject_below=tenant.reject_below),
    )
    codes = engine.codes() if _has_codes(schema) else None
    facts = gather_facts(submission, pages, fields, schema, codes=codes)
    taken = Print.of(TenantId(document.tenant_id), document.id, facts)
    lock_matter(taken)
    neighbours = find_neighbours(taken, document, text_of(pages))
    return replace(facts, neighbours=neighbours, boundaries=doubts_about(document)), taken


def _has_codes(schema: SchemaSpec | None) -> bool:
    return schema is not None and any(spec.kind is FieldKind.CODE_LIST for spec in schema.fields)


def fields_of(ref: RunRef) -> tuple[ExtractedField, ...]:
    """Give a run's fields as they now stand: a human's word is certain."""
    rows = Field.objects.filter(tenant_id=ref.tenant_id, document_id=ref.document_id, run=ref.run)
    return tuple(_standing(row) for row in rows.order_by("position"))


def _standing(row: Field) -> ExtractedField:
    return ExtractedField(
        name=row.name,
        value=row.value,
        normalized=row.normalized,
        confidence=1.0 if row.human else row.confidence,
        page=row.page,
        bbox=BoundingBox(*row.bbox) if row.bbox else None,
        source=row.source,
        alternatives=tuple(
            Alternative(other["value"], other["confidence"], other.get("page")) for other in row.alternatives
        ),
        validations=tuple(
            Validation(each["code"], each["ok"], each.get("message", "")) for each in row.validations
        ),
        features=row.features,
    )
