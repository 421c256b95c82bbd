"""Detection of document boundaries in a file, by its pages and its tenant's rules."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Max

from ingestion.contracts import RunRef
from ingestion.domain.extraction.classification import classify
from ingestion.domain.layout.text_rows import build_document_rows
from ingestion.domain.page.elements import PageReading, WordSource
from ingestion.domain.splitting.boundaries import Boundary
from ingestion.domain.splitting.detection import SplitMode, SplitRules, find_split_plan
from ingestion.domain.splitting.detection import SplitPlan as Found
from ingestion.models import Document, Split, XmlInvoice
from ingestion.selectors.run_contents import load_pages
from ingestion.selectors.splits import latest_split, split_source_of
from ingestion.selectors.stored_readings import schema_specs
from refinery.core.tenancy.models import Tenant
from refinery.core.tenancy.separators import parse_separators
from refinery.core.types import TenantId


def split_rules_of(tenant_id: TenantId) -> SplitRules:
    """Return the split rules that the tenant's administrators have set."""
    tenant = Tenant.objects.only("split_mode", "split_separators", "split_at_blank").get(pk=tenant_id)
    separators = parse_separators(tenant.split_separators)
    return SplitRules(SplitMode(tenant.split_mode), separators, blank=tenant.split_at_blank)


def detect_split(file: Document) -> Found:
    """Detect the documents of a file that has been read; needs an open tenant scope.

    A file with an e-invoice is one invoice: only separator sheets split it.
    """
    tenant_id = TenantId(file.tenant_id)
    rules = split_rules_of(tenant_id)
    if XmlInvoice.objects.filter(tenant_id=tenant_id, document=file, run=file.run).exists():
        rules = SplitRules(SplitMode.SEPARATORS, rules.separators, blank=rules.blank)
    pages = _pages(file)
    if rules.mode is SplitMode.SEPARATORS:
        return find_split_plan(pages, rules)
    specs = schema_specs(tenant_id)
    return find_split_plan(pages, rules, [classify(build_document_rows((page,)), specs) for page in pages])


def page_boundaries_of(found: Found) -> list[Boundary]:
    """Return all boundaries worth showing, by the file's page numbers."""
    return [
        Boundary(part.pages[boundary.page - 1], boundary.chance, boundary.reasons)
        for part in found.parts
        for boundary in part.boundaries
    ]


def pack_boundaries(boundaries: Sequence[Boundary]) -> list[dict[str, object]]:
    """Return boundaries as stored JSON."""
    return [{"page": one.page, "chance": one.chance, "reasons": list(one.reasons)} for one in boundaries]


def save_split(
    file: Document,
    parts: Sequence[dict[str, object]],
    dropped: dict[str, str],
    boundaries: Sequence[dict[str, object]],
    created_by: UUID | None = None,
) -> Split:
    """Store the current split of a file; earlier ones are kept."""
    last = Split.objects.filter(tenant_id=file.tenant_id, document=file).aggregate(last=Max("number"))["last"]
    return Split.objects.create(
        tenant_id=file.tenant_id,
        document=file,
        number=(last or 0) + 1,
        run=file.run,
        parts=list(parts),
        dropped=dropped,
        boundaries=list(boundaries),
        created_by_id=created_by,
    )


def suspected_boundaries(document: Document) -> tuple[Boundary, ...]:
    """Return suspected boundaries in the document's page numbers; none once a person has split its file."""
    if document.pages < 2:
        return ()
    own = document.parent_pages or list(range(1, document.pages + 1))
    split = latest_split(split_source_of(document))
    if split is None or split.created_by_id is not None:
        return ()
    places = {number: place for place, number in enumerate(own, 1)}
    return tuple(
        Boundary(places[one["page"]], one["chance"], tuple(one["reasons"]))
        for one in split.boundaries
        if places.get(one["page"], 1) > 1
    )


def manual_split(file: Document) -> Split | None:
    """Return the manual split of the file, which is kept when it is read again with the same number of pages."""
    split = latest_split(file)
    if split is None or split.created_by_id is None:
        return None
    placed = {number for part in split.parts for number in part["pages"]} | {int(page) for page in split.dropped}
    return split if placed == set(range(1, file.pages + 1)) else None


def _pages(file: Document) -> list[PageReading]:
    """Load the pages; a missing page counts as one that could not be read."""
    read = {page.number: page for page in load_pages(RunRef(TenantId(file.tenant_id), file.id, file.run))}
    return [read.get(number) or _missing(number) for number in range(1, file.pages + 1)]


def _missing(number: int) -> PageReading:
    return PageReading(number, 1, 1, WordSource.NATIVE, 0.0, error="missing")
