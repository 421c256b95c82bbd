"""Postal blocks of letters: a name, people, a street, a town; and the sender's line above a window address."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from ingestion.domain.extraction import vocabulary
from ingestion.domain.extraction.anchors import LabelHitsByRow, left_edge, right_edge, rows_below
from ingestion.domain.extraction.document_titles import is_title
from ingestion.domain.extraction.labels import LabelHit
from ingestion.domain.extraction.text_blocks import TextBlock, follow_block, text_blocks
from ingestion.domain.layout.text_rows import DocumentRows, RowSpan, TextRow
from ingestion.domain.normalize import fold, letters_and_digits

UPPER_PART = 0.55  # of the page: parties are above the table
MAX_NAMES = 4
SENDER, RECIPIENT = "supplier", "customer"  # of a letter with a window, about goods and money
WINDOW_ROWS = 3
WINDOW_REACH = 5.0  # in heights of the sender's line, which is small
WINDOW_INDENT = 0.3  # of its width: it may be centred over the window
WINDOW_GAP = 2.3  # in heights of a line
_MARK = re.compile(r"(?:(?<!\s)\s++)?[●•|·]\s*|(?<!\s)\s++[\u2013-]\s+")
GREETING = re.compile(r"^(?:herrn?|frau|mr|mrs|ms|mme|monsieur|madame|firma|to|an)\.?$")
_COUNTRY = re.compile(r"^[a-z. ]{4,24}$")


@dataclass(frozen=True, slots=True)
class PostalBlock:
    """Name with its address; `heading` is the field of the label above it, "-" for a label of no field.

    `priority` is that of the label: "Bill to" comes before "Ship to".
    """

    names: tuple[RowSpan, ...]
    address: tuple[RowSpan, ...]
    heading: str | None
    sender_line: bool = False
    priority: float = 0.0

    @property
    def name_keys(self) -> tuple[str, ...]:
        """Names in their form for comparison: folded letters and digits."""
        return tuple(letters_and_digits(span.text) for span in self.names)


def _label_of(row: TextRow, span: RowSpan, hits: LabelHitsByRow) -> LabelHit | None:
    """Return the label that begins `span`, one of a field if there is one."""
    found = [hit for hit in hits[row.index] if hit.start <= span.start + 2 < hit.stop]
    return next((hit for hit in found if hit.field), found[0] if found else None)


def _only_label(span: RowSpan, hits: LabelHitsByRow) -> bool:
    covered = sum(
        min(hit.stop, span.stop) - hit.start for hit in hits[span.row.index] if span.start <= hit.start < span.stop
    )
    return covered >= 0.8 * len(span.text)


def sender_lines(rows: Sequence[TextRow]) -> Iterator[PostalBlock]:
    """Yield the lines with name, street and town between separators."""
    for row in rows:
        for segment in row.segments:
            marks = list(_MARK.finditer(row.text, segment.start, segment.stop))
            town = vocabulary.POSTCODE.search(row.text, segment.start, segment.stop)
            if marks and town and town.start() >= marks[0].end() and marks[0].start() > segment.start:
                end = next((mark.start() for mark in marks if mark.start() > town.start()), segment.stop)
                yield PostalBlock(
                    (RowSpan(row, segment.start, marks[0].start()),), (RowSpan(row, marks[0].end(), end),), None, True
                )


def _label_above(doc: DocumentRows, first: RowSpan, hits: LabelHitsByRow) -> LabelHit | None:
    """Return the label directly above a block, in its column."""
    x0 = first.words[0].bbox.x0
    for row in reversed(doc.rows[max(0, first.row.index - 2) : first.row.index]):
        if row.page != first.row.page or first.row.y0 - row.y1 > 2.5 * first.row.height:
            continue
        for hit in hits[row.index]:
            if abs(RowSpan(row, hit.start, hit.stop).words[0].bbox.x0 - x0) < 0.02:
                return hit
    return None


def _split_names_and_address(lines: Sequence[RowSpan]) -> tuple[tuple[RowSpan, ...], tuple[RowSpan, ...]] | None:
    """Split a block's lines into names and address; None if it contains no postcode or no name."""
    towns = [index for index, line in enumerate(lines) if vocabulary.POSTCODE.search(line.text)]
    if not towns or not 0 < towns[0] <= MAX_NAMES + 2:
        return None
    begins = next(index for index in range(1, towns[0] + 1) if index == towns[0] or _like_street(lines[index]))
    last = towns[0] + 1
    if (
        last < len(lines)
        and _COUNTRY.match(fold(lines[last].text))
        and vocabulary.COUNTRY_AT_END.search(fold(lines[last].text))
    ):
        last += 1
    return tuple(lines[:begins][:MAX_NAMES]), tuple(lines[begins:last])


def _like_street(line: RowSpan) -> bool:
    return any(map(str.isdigit, line.text)) and any(map(str.isalpha, line.text))


def _window(doc: DocumentRows, sender: PostalBlock, hits: LabelHitsByRow) -> TextBlock | None:
    """Return the lines in the window below a sender's line, where an empty line may precede the town."""
    line = sender.names[0]
    x0, x1 = left_edge(doc, line), right_edge(doc, sender.address[-1])
    for row in rows_below(doc, line.row, WINDOW_ROWS, WINDOW_REACH):
        for segment in row.segments:
            if segment.x0 < x1 and segment.x1 > x0 - WINDOW_INDENT * (x1 - x0):
                return follow_block(doc, hits, RowSpan(row, segment.start, segment.stop), gap=WINDOW_GAP)
    return None


def postal_blocks(doc: DocumentRows, hits: LabelHitsByRow) -> list[PostalBlock]:
    """Return the postal blocks and sender's lines of the first page, top to bottom."""
    first = doc.rows[0].page if doc.rows else 1
    rows = [row for row in doc.on_page(first) if row.relative_y < UPPER_PART]
    senders = list(sender_lines(rows))
    made: list[PostalBlock] = []
    taken = {_line_key(block.names[0]) for block in senders}
    for sender in senders:
        window = _window(doc, sender, hits)
        found = _block(doc, window, hits, taken, RECIPIENT) if window else None
        made += [replace(sender, heading=SENDER), found] if found else [sender]
        if window and found:
            taken.update(map(_line_key, window.lines))
    for block in text_blocks(doc, rows, hits):
        found = _block(doc, block, hits, taken)
        made += [found] if found else []
    return sorted(made, key=lambda block: block.names[0].row.index)


def _line_key(line: RowSpan) -> tuple[int, int]:
    return line.row.index, line.start


def _block(
    doc: DocumentRows,
    block: TextBlock,
    hits: LabelHitsByRow,
    taken: Collection[tuple[int, int]],
    usual: str | None = None,
) -> PostalBlock | None:
    """Split a block's lines into names and address; `usual` is its party if no label says otherwise.

    A form of address ("Herrn", "To") marks the recipient.
    """
    lines = [line for line in block.lines if _line_key(line) not in taken and not is_title(line.text)]
    label = None
    while lines and (_only_label(lines[0], hits) or GREETING.match(fold(lines[0].text))):
        usual = RECIPIENT if GREETING.match(fold(lines[0].text)) else usual
        label = _label_of(lines[0].row, lines[0], hits) or label
        lines = lines[1:]
    parts = _split_names_and_address(lines)
    if parts is None:
        return None
    label = label or _label_above(doc, lines[0], hits)
    return PostalBlock(*parts, label.field or "-", priority=label.priority) if label else PostalBlock(*parts, usual)
