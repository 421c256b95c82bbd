"""What a run's pages give by themselves: its kind and its fields with confidences, before any person's word."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ingestion.contracts import RunRef
from ingestion.domain.extraction import extract_fields
from ingestion.domain.page.elements import PageReading
from ingestion.domain.schemas.fields import ExtractedField, SchemaSpec
from ingestion.models import Document
from ingestion.selectors.stored_readings import NoSuchSchema, schema_spec
from quality.services.champion import Champion, champion_of, with_confidence
from quality.services.document_facts import choose_schema, pages_of
from quality.services.einvoice_fields import KIND, XmlFacts, take_xml, xml_of
from refinery.core.types import TenantId


@dataclass(frozen=True, slots=True)
class FieldsRead:
    """The pages of a run, the schema that they were read by with the confidence in it, and what was found."""

    pages: tuple[PageReading, ...]
    schema: SchemaSpec | None
    schema_confidence: float | None
    fields: tuple[ExtractedField, ...]
    xml: XmlFacts
    champion: Champion


def read_fields(ref: RunRef, document: Document, today: date, *, kind_stands: bool = False) -> FieldsRead:
    """Read the fields of a run's pages; needs an open tenant scope, writes nothing.

    `kind_stands` keeps the document's kind: under another one, values given by people would have no place.
    """
    pages = pages_of(ref)
    xml = xml_of(ref)
    schema, confidence = _standing_kind(document) if kind_stands else (None, None)
    if schema is None:
        schema, confidence = choose_schema(document, pages, kind=KIND if xml.invoice else "")
    champion = champion_of(ref.tenant_id)
    found = extract_fields(pages, schema, today=today) if schema else ()
    found = with_confidence(found, schema.key if schema else "", champion)
    found, xml = take_xml(xml, pages, schema, found, today)
    return FieldsRead(pages, schema, confidence, found, xml, champion)


def _standing_kind(document: Document) -> tuple[SchemaSpec | None, float | None]:
    try:
        return schema_spec(TenantId(document.tenant_id), document.schema_key), document.schema_confidence
    except NoSuchSchema:
        return None, None


def values_of(found: Sequence[ExtractedField]) -> list[dict[str, object]]:
    """Give fields as JSON, without what only judging needs."""
    return [
        {
            "name": field.name,
            "value": field.value,
            "normalized": field.normalized,
            "confidence": round(field.confidence, 4),
            "page": field.page,
            "bbox": field.bbox.as_list() if field.bbox else None,
        }
        for field in found
    ]
