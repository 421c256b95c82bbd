"""Facts and issues of invoices that are given as texts of pages."""

from datetime import UTC, date, datetime

from ingestion.domain.extraction import extract_fields
from ingestion.domain.layout.text_rows import build_document_rows
from ingestion.domain.schemas import INVOICE
from quality.domain.checks.catalog import standard_registry
from quality.domain.checks.runner import find_issues
from quality.domain.facts import FactSet
from quality.domain.facts_builder import DocumentMetadata, build_facts
from quality.domain.outcomes import DetectedIssue
from tests.support.text_pages import page_from_text

TODAY = date(2026, 6, 30)
SUMS = ("totals_add_up", "lines_add_up")


def facts_of_texts(*pages: str) -> FactSet:
    """Return the facts of an invoice, one text a page."""
    read = [page_from_text(text, number=number) for number, text in enumerate(pages, start=1)]
    doc = build_document_rows(read)
    metadata = DocumentMetadata("a", "", datetime(2026, 6, 30, tzinfo=UTC), TODAY, len(read))
    return build_facts(metadata, doc, extract_fields(doc, INVOICE, today=TODAY), INVOICE, neighbours=())


def amounts_of(facts: FactSet) -> tuple[str, ...]:
    """Return net, tax and total as normalised."""
    values = {found.name: found.normalized for found in facts.fields}
    return values["net_total"], values["tax_total"], values["total"]


def sum_issues(facts: FactSet) -> list[DetectedIssue]:
    """Return the issues about sums."""
    return [issue for issue in find_issues(facts, standard_registry()).issues if issue.code in SUMS]
