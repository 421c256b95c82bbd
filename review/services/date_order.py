"""Date order of a document, for parsing dates that are typed into its fields."""

from collections.abc import Iterable

from ingestion.contracts import RunRef
from ingestion.domain.extraction import date_order_of
from ingestion.domain.normalize import DateOrder, read_date
from ingestion.domain.schemas.fields import FieldKind
from ingestion.models import Document
from ingestion.selectors.run_contents import load_pages
from refinery.core.types import TenantId
from review.domain.corrections import Edit, FieldState


def date_order_for(document: Document, states: Iterable[FieldState], edits: Iterable[Edit]) -> DateOrder:
    """Return the order of day and month on the document's pages, which are only loaded for an ambiguous date."""
    dates = {state.spec.name: state for state in states if state.spec.kind == FieldKind.DATE}
    texts = [text for edit in edits if edit.field in dates for text in (edit.value, dates[edit.field].model_value)]
    if not any(_is_ambiguous_date(text) for text in texts):
        return "dmy"
    return date_order_of(load_pages(RunRef(TenantId(document.tenant_id), document.id, document.run)))


def _is_ambiguous_date(text: str) -> bool:
    reading = read_date(text)
    return reading is not None and reading.ambiguous
