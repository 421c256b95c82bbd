"""Notation of a document's numbers, for parsing amounts that are typed into its fields."""

from collections.abc import Iterable

from ingestion.contracts import RunRef
from ingestion.domain.extraction import number_style_of_pages
from ingestion.domain.normalize import NumberStyle, normalize
from ingestion.domain.normalize.comparison import comparison_key
from ingestion.domain.schemas.fields import FieldKind
from ingestion.domain.schemas.kinds import UNKNOWN_STYLE
from ingestion.models import Document
from ingestion.selectors.run_contents import load_pages
from refinery.core.types import TenantId
from review.domain.corrections import Edit, FieldState

_KINDS = (FieldKind.MONEY, FieldKind.NUMBER, FieldKind.CURRENCY)
_STYLES = (UNKNOWN_STYLE, NumberStyle("."), NumberStyle(","), NumberStyle(".", digits=3))


def number_style_for(document: Document, states: Iterable[FieldState], edits: Iterable[Edit]) -> NumberStyle:
    """Return the notation on the document's pages, which are only loaded for a value that depends on it."""
    kinds = {state.spec.name: state for state in states if state.spec.kind in _KINDS}
    texts = [
        (kinds[edit.field].spec.kind, text)
        for edit in edits
        if edit.field in kinds
        for text in (edit.value, kinds[edit.field].model_value)
    ]
    if not any(_depends_on_style(kind, text) for kind, text in texts):
        return UNKNOWN_STYLE
    return number_style_of_pages(load_pages(RunRef(TenantId(document.tenant_id), document.id, document.run)))


def _depends_on_style(kind: str, text: str) -> bool:
    """Return whether 1.234 may be a thousand, a currency may have three decimals, or "$" be one of several."""
    if kind == FieldKind.CURRENCY:
        return bool(text.strip()) and normalize(kind, text) is None
    has_three_decimals = len((normalize(kind, text) or "").rpartition(".")[2]) == 3
    return has_three_decimals or len({comparison_key(kind, text, numbers=style) for style in _STYLES}) > 1
