"""Notation of a document's dates and numbers, for parsing values that are typed into its fields."""

from collections.abc import Iterable
from dataclasses import dataclass

from ingestion.contracts import RunRef
from ingestion.domain.extraction import date_order_of, number_style_of_pages
from ingestion.domain.normalize import DateOrder, NumberStyle, normalize
from ingestion.domain.normalize.comparison import comparison_key
from ingestion.domain.schemas.kinds import UNKNOWN_STYLE, value_type
from ingestion.models import Document
from ingestion.selectors.run_contents import load_pages
from refinery.core.types import TenantId
from review.domain.corrections import Edit, FieldState

_STYLES = (UNKNOWN_STYLE, NumberStyle("."), NumberStyle(","), NumberStyle(".", digits=3))


@dataclass(frozen=True, slots=True)
class Notation:
    """Order of day and month, and style of numbers."""

    order: DateOrder = "dmy"
    numbers: NumberStyle = UNKNOWN_STYLE


def notation_for(document: Document, states: Iterable[FieldState], edits: Iterable[Edit]) -> Notation:
    """Return the notation on the document's pages, which are loaded once, and only for a value that depends on it."""
    known = {state.spec.name: state for state in states}
    texts = [
        (known[edit.field].spec.kind, text)
        for edit in edits
        if edit.field in known and _has_to_be_read(edit.value.strip(), known[edit.field])
        for text in (edit.value, known[edit.field].model_value)
    ]
    needs_order = any(_depends_on_order(kind, text) for kind, text in texts)
    needs_style = any(_depends_on_style(kind, text) for kind, text in texts)
    if not (needs_order or needs_style):
        return Notation()
    pages = load_pages(RunRef(TenantId(document.tenant_id), document.id, document.run))
    return Notation(
        date_order_of(pages) if needs_order else "dmy", number_style_of_pages(pages) if needs_style else UNKNOWN_STYLE
    )


def _has_to_be_read(text: str, state: FieldState) -> bool:
    """Return whether a value is not simply the one that was read and is stored, as most confirmed ones are."""
    return text not in (state.value, state.model_value) or state.value != state.model_value


def _depends_on_order(kind: str, text: str) -> bool:
    if value_type(kind).notation != "dates":
        return False
    return normalize(kind, text, order="dmy") != normalize(kind, text, order="mdy")


def _depends_on_style(kind: str, text: str) -> bool:
    """Return whether 1.234 may be a thousand, a currency may have three decimals, or "$" be one of several."""
    notation = value_type(kind).notation
    if notation == "currency":
        return bool(text.strip()) and normalize(kind, text) is None
    if notation != "numbers":
        return False
    has_three_decimals = len((normalize(kind, text) or "").rpartition(".")[2]) == 3
    return has_three_decimals or len({comparison_key(kind, text, numbers=style) for style in _STYLES}) > 1
