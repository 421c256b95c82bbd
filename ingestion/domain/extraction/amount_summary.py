"""The labelled amounts of a document, from rows with labels and from tables of amounts."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from ingestion.domain.extraction.amount_roles import AmountLabel, AmountRole
from ingestion.domain.extraction.amount_rows import AmountRow, rows_of
from ingestion.domain.extraction.amount_tables import amounts_below, is_rate_heading, tax_without_percent
from ingestion.domain.layout.text_rows import DocumentRows, TextRow

MAX_RATE_ROWS = 8  # below the heading of a table of rates


def find_amount_rows(doc: DocumentRows) -> tuple[AmountRow, ...]:
    """Return the labelled amounts of a document, top to bottom; subtotals that the next page repeats are CARRIED."""
    found = list(_rows_in_order(doc))
    carried = {(made.amount, made.span.row.page) for made in found if made.role is AmountRole.CARRIED}
    return tuple(_as_carried(made) if _is_repeated(made, carried) else made for made in found)


def _rows_in_order(doc: DocumentRows) -> Iterator[AmountRow]:
    heading: TextRow | None = None
    for above, row in zip((None, *doc.rows), doc.rows, strict=False):
        heading = row if is_rate_heading(row) else heading
        if heading and heading.page == row.page and row.index - heading.index <= MAX_RATE_ROWS:
            yield from tax_without_percent(row)
        if above and above.page == row.page:
            yield from amounts_below(above, row)
        yield from rows_of(row)


def _is_repeated(made: AmountRow, carried: set[tuple[Decimal, int]]) -> bool:
    page = made.span.row.page
    return made.role is AmountRole.SUM and ((made.amount, page + 1) in carried or (made.amount, page) in carried)


def _as_carried(made: AmountRow) -> AmountRow:
    return replace(made, label=AmountLabel(AmountRole.CARRIED))
