"""A document's e-invoice beside its pages: whose word the fields take, and what the pages say against it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from ingestion.contracts import RunRef
from ingestion.domain.einvoice import EInvoice
from ingestion.domain.einvoice.mapping import Comparison, tell
from ingestion.domain.extraction import extract_fields
from ingestion.domain.page.elements import PageReading
from ingestion.domain.schemas.fields import ExtractedField, SchemaSpec
from ingestion.selectors.stored_readings import einvoice_of
from quality.domain.facts import FactSet

KIND = "invoice"


@dataclass(frozen=True, slots=True)
class XmlFacts:
    """What is known of a document's e-invoice; all empty for a document without one."""

    invoice: EInvoice | None = None
    fault: str = ""
    comparison: Comparison | None = None

    def joined_to(self, facts: FactSet) -> FactSet:
        """Give the facts with these among them."""
        return replace(facts, einvoice=self.invoice, einvoice_fault=self.fault, comparison=self.comparison)


def xml_of(ref: RunRef) -> XmlFacts:
    """Look up a run's e-invoice."""
    return XmlFacts(*einvoice_of(ref))


def take_xml(
    xml: XmlFacts,
    pages: Sequence[PageReading],
    schema: SchemaSpec | None,
    read: tuple[ExtractedField, ...],
    today: date,
) -> tuple[tuple[ExtractedField, ...], XmlFacts]:
    """Put the XML's values in place of those read from the pages, and compare them."""
    if xml.invoice is None or schema is None:
        return read, xml
    told = tell(xml.invoice, pages, schema, read, today=today)
    return told.fields, replace(xml, comparison=told.comparison)


def compared(xml: XmlFacts, pages: Sequence[PageReading], schema: SchemaSpec | None, today: date) -> XmlFacts:
    """Compare once more, after a person has made the fields what they are."""
    if xml.invoice is None or schema is None:
        return xml
    return take_xml(xml, pages, schema, extract_fields(pages, schema, today=today), today)[1]
