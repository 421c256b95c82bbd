"""Pages and fields of a run, loaded from their rows; each function needs an open tenant scope."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from ingestion.contracts import RunRef
from ingestion.domain.page.elements import PageReading
from ingestion.domain.page.serialization import unpack_page
from ingestion.domain.schemas.fields import Alternative, ExtractedField, Validation
from ingestion.models import Field, Page
from refinery.core.tenancy.compiled_queries import compiled_query
from refinery.core.types import BoundingBox

_PAGES_PER_QUERY = 50
_COLUMNS = (*"number width height source confidence words blocks measures codes notes error".split(),)


def load_pages(ref: RunRef) -> tuple[PageReading, ...]:
    """Return all pages of a run, in order."""
    return tuple(iterate_pages(ref))


def pages_of(ref: RunRef) -> "QuerySet[Page]":
    """Return the rows of a run's pages."""
    return Page.objects.filter(tenant_id=ref.tenant_id, document_id=ref.document_id, run=ref.run)


def iterate_pages(ref: RunRef) -> Iterator[PageReading]:
    """Yield the pages of a run, in order, some at a time."""
    last, rows = 0, _next_pages(ref.tenant_id, ref.document_id, ref.run, 0)
    while rows:
        for row in rows:
            last = row[0]
            yield unpack_page(last, dict(zip(_COLUMNS, row, strict=True)))
        rows = _next_pages(ref.tenant_id, ref.document_id, ref.run, last) if len(rows) == _PAGES_PER_QUERY else []


@compiled_query
def _next_pages(tenant_id: UUID, document_id: UUID, run: int, after: int) -> "QuerySet[Page, Any]":
    rows = Page.objects.filter(tenant_id=tenant_id, document_id=document_id, run=run, number__gt=after)
    return rows.order_by("number").values_list(*_COLUMNS)[:_PAGES_PER_QUERY]


def load_fields(ref: RunRef) -> tuple[ExtractedField, ...]:
    """Return a run's fields; human values have confidence 1."""
    rows = Field.objects.filter(tenant_id=ref.tenant_id, document_id=ref.document_id, run=ref.run)
    return tuple(_extracted_field(row) for row in rows.order_by("position"))


def _extracted_field(row: Field) -> ExtractedField:
    return ExtractedField(
        name=row.name,
        value=row.value,
        normalized=row.normalized,
        confidence=row.shown_confidence,
        page=row.page,
        bbox=BoundingBox(*row.bbox) if row.bbox else None,
        source=row.source,
        alternatives=tuple(
            Alternative(other["value"], other["confidence"], other.get("page")) for other in row.alternatives
        ),
        validations=tuple(Validation(each["code"], each["ok"], each.get("message", "")) for each in row.validations),
        features=row.features,
    )
