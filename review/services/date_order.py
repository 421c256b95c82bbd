"""How a document writes its dates, for reading those that people type into its fields."""

from collections.abc import Iterable

from ingestion.contracts import RunRef
from ingestion.domain.extraction import date_order_of
from ingestion.domain.normalize import DateOrder, read_date
from ingestion.domain.schemas.fields import FieldKind
from ingestion.models import Document
from quality.services.document_facts import pages_of
from refinery.core.types import TenantId
from review.domain.corrections import Edit, FieldState


def order_of_dates(document: Document, states: Iterable[FieldState], edits: Iterable[Edit]) -> DateOrder:
    """Give the order of day and month on the document's pages; these are read for a doubtful date alone."""
    dates = {state.spec.name: state for state in states if state.spec.kind is FieldKind.DATE}
    texts = [text for edit in edits if edit.field in dates for text in (edit.value, dates[edit.field].model_value)]
    if not any(_doubtful(text) for text in texts):
        return "dmy"
    return date_order_of(pages_of(RunRef(TenantId(document.tenant_id), document.id, document.run)))


def _doubtful(text: str) -> bool:
    reading = read_date(text)
    return reading is not None and reading.ambiguous
