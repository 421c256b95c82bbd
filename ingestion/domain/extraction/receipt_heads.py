"""Head of a receipt, with seller and address: recognised by the shape of its lines, since few shops label them."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ingestion.domain.extraction import vocabulary
from ingestion.domain.extraction.candidates import FieldCandidate
from ingestion.domain.extraction.ocr_corrections import fix_misread_letters
from ingestion.domain.extraction.party_names import trim_name
from ingestion.domain.layout.text_rows import DocumentRows, RowSpan, TextRow
from ingestion.domain.normalize import find_dates

HEAD_ROWS = 16
ADDRESS_ROWS = 7
LONGEST_POSTCODE = 8  # digits


@dataclass(frozen=True, slots=True)
class ReceiptHeadLine:
    """Row of the head and its kind: name, registration, contact, tax, heading, date, data, amount, blank."""

    row: TextRow
    kind: str


def _is_heading(row: TextRow, text: str) -> bool:
    return bool(vocabulary.HEADING.search(text))


def _is_phone(row: TextRow, text: str) -> bool:
    bare = not any(map(str.isalpha, text))
    return bare and bool(vocabulary.PHONE_NUMBER.match(text)) and sum(map(str.isdigit, text)) > LONGEST_POSTCODE


def _is_town(row: TextRow, text: str) -> bool:
    has_letters = any(map(str.isalpha, text)) or len(text) <= LONGEST_POSTCODE
    if vocabulary.MONEY_AT_END.search(text):
        return False
    return has_letters and bool(vocabulary.POSTCODE.search(row.text[:40])) and not vocabulary.CONTACT.match(text)


def _is_contact(row: TextRow, text: str) -> bool:
    return bool(vocabulary.CONTACT.search(text) or vocabulary.PHONE_NUMBER.match(text))


def _is_data(row: TextRow, text: str) -> bool:
    return bool(vocabulary.SLIP_DATA.match(text) or (":" in text and vocabulary.SLIP_DATA.search(text)))


# In this order: the first match determines the kind.
_KINDS: tuple[tuple[str, Callable[[TextRow, str], bool]], ...] = (
    ("heading", _is_heading),
    ("contact", _is_phone),
    ("text", _is_town),
    ("contact", _is_contact),
    ("tax", lambda row, text: bool(vocabulary.TAX_LINE.search(text))),
    ("registration", lambda row, text: bool(vocabulary.REGISTRATION.fullmatch(text))),
    ("date", lambda row, text: next(find_dates(row.text), None) is not None),
    ("data", _is_data),
    ("amount", lambda row, text: bool(vocabulary.MONEY_AT_END.search(text))),
)


def line_kind(row: TextRow) -> str:
    """Return the kind of a row of a receipt's head; "text" if none matches."""
    text = row.folded.replace("\t", " ").strip()
    if sum(map(str.isalnum, text)) < 2:
        return "blank"
    for kind, holds in _KINDS:
        if holds(row, text):
            return kind
    return "text" if sum(map(str.isalpha, text)) >= 2 else "number"


def receipt_head(doc: DocumentRows) -> tuple[ReceiptHeadLine, ...]:
    """Return the first rows of the first page with their kinds."""
    first = doc.rows[0].page if doc.rows else 1
    rows = [row for row in doc.rows if row.page == first][: HEAD_ROWS * 2]
    return tuple(ReceiptHeadLine(row, line_kind(row)) for row in rows)[:HEAD_ROWS]


def _whole(row: TextRow) -> RowSpan:
    return RowSpan(row, 0, len(row.text))


def _words_beyond_legal_form(spans: Sequence[RowSpan]) -> float:
    """Count the words of a name's last line beyond its legal form: such a line is a separate name.

    The count is 0 if the line before leaves a bracket open.
    """
    before = " ".join(span.text for span in spans[:-1])
    if len(spans) == 1 or before.count("(") > before.count(")"):
        return 0.0
    rest = vocabulary.LEGAL_FORM.sub(" ", spans[-1].row.folded[spans[-1].start : spans[-1].stop])
    return float(len([word for word in re.findall(r"[a-z]{2,}", rest) if word not in ("co", "company")]))


def _distinctive_words(span: RowSpan) -> list[str]:
    """Return the words of a line that denote neither a legal form nor a trade."""
    rest = vocabulary.LEGAL_FORM.sub(" ", span.row.folded[span.start : span.stop])
    rest = vocabulary.ORGANISATION.sub(" ", rest)
    return re.findall(r"[a-z]{2,}", rest)


def _completes_previous_line(spans: Sequence[RowSpan]) -> float:
    """Return whether the last line only completes the line before: "& ELECTRICAL", "TRADING"."""
    if len(spans) == 1:
        return 0.0
    first = spans[-2].text
    lone = len(spans[-1].text.split()) == 1 and not _distinctive_words(spans[-1])
    return float(first.endswith(("&", "AND", "and")) or (lone and bool(_distinctive_words(spans[-2]))))


def _name_signals(
    line: ReceiptHeadLine, position: int, spans: Sequence[RowSpan], after: str | None
) -> dict[str, float]:
    text = " ".join(span.text for span in spans)
    folded = " ".join(span.row.folded[span.start : span.stop] for span in spans)
    letters = sum(character.isalpha() for character in text)
    return {
        "top": 1.0 / (1 + position),
        "first": float(position == 0),
        "legal_form": float(bool(vocabulary.LEGAL_FORM.search(folded))),
        "organisation": float(
            bool(vocabulary.ORGANISATION.search(folded) or vocabulary.ORGANISATION_INSIDE.search(folded))
        ),
        "street": float(bool(vocabulary.STREET.search(folded)) and not vocabulary.LEGAL_FORM.search(folded)),
        "postcode": float(bool(vocabulary.POSTCODE.search(text))),
        "letters": letters / max(len(text), 1),
        "short": float(letters < 5),
        "comma": float(text.rstrip(".").endswith(",")),
        "before_registration": float(after == "registration" or spans[-1].stop < len(spans[-1].row.text)),
        "before_address": float(after == "text"),
        "joined": float(len(spans) > 1),
        "columns": float(max(len(span.row.segments) for span in spans) - 1),
        "unbalanced": float(text.count("(") != text.count(")")),
        "own_words": _words_beyond_legal_form(spans),
        "completes": _completes_previous_line(spans),
        "leading_digits": float(text[:1].isdigit()),
    }


def _kind_after(lines: Sequence[ReceiptHeadLine], index: int) -> str | None:
    return lines[index + 1].kind if index + 1 < len(lines) else None


def seller_name_candidates(doc: DocumentRows) -> list[FieldCandidate]:
    """Propose the seller's name: a row of the head, or two or three that only together end in a legal form."""
    lines = receipt_head(doc)
    made = []
    position, passed = 0, False
    for index, line in enumerate(lines):
        passed = passed or line.kind == "contact" or (index > 0 and _like_address(lines[index - 1].row))
        if not _may_name(line):
            continue
        for count in _joinable_line_counts(lines, index):
            spans = [trim_name(_whole(each.row)) for each in lines[index : index + count]]
            after = _kind_after(lines, index + count - 1)
            made.append(_name_candidate(line, position, spans, after).with_signals(passed=float(passed)))
        position += 1
    return made


def _may_name(line: ReceiptHeadLine) -> bool:
    """Return whether a line can contain a name: a legal form indicates one even beside a number."""
    if line.kind == "text":
        return True
    return line.kind in ("tax", "registration", "contact") and bool(vocabulary.LEGAL_FORM.search(line.row.folded))


def _joinable_line_counts(lines: Sequence[ReceiptHeadLine], index: int) -> Iterator[int]:
    """Yield the possible numbers of lines of a name that begins at `index`."""
    yield 1
    for count in (2, 3):
        parts = lines[index : index + count]
        if len(parts) < count or any(part.kind != "text" for part in parts[1:]):
            return
        if vocabulary.LEGAL_FORM.search(parts[-2].row.folded) or (count == 3 and "(" not in parts[-2].row.text):
            return
        if count == 2 or vocabulary.LEGAL_FORM.search(parts[-1].row.folded):
            yield count


def _name_candidate(line: ReceiptHeadLine, position: int, spans: list[RowSpan], after: str | None) -> FieldCandidate:
    value = " ".join(span.text for span in spans).strip(" ,*-_:;")
    return FieldCandidate(
        value, fix_misread_letters(value, spans), tuple(spans), "layout", _name_signals(line, position, spans, after)
    )


def _like_address(row: TextRow) -> bool:
    return bool(
        vocabulary.STREET.search(row.folded) or vocabulary.POSTCODE.search(row.text) or re.match(r"\D*+\d.*,", row.text)
    )


def _before_town(row: TextRow, following: TextRow | None) -> bool:
    """Return whether a row with a house number is above one with a postcode."""
    numbered = any(map(str.isdigit, row.text)) and any(map(str.isalpha, row.text))
    return numbered and following is not None and bool(vocabulary.POSTCODE.search(following.text))


def address_rows(lines: Sequence[ReceiptHeadLine], after: int) -> Iterator[TextRow]:
    """Yield the rows of the address that follows row number `after` of the document."""
    taken = 0
    for index, line in enumerate(lines):
        if line.row.index <= after:
            continue
        if not taken:
            following = lines[index + 1].row if index + 1 < len(lines) else None
            begins = line.kind == "text" or (line.kind == "amount" and vocabulary.STREET.search(line.row.folded))
            if begins and (_like_address(line.row) or _before_town(line.row, following)):
                taken = 1
                yield line.row
            elif line.kind == "amount" or (line.kind == "data" and index >= ADDRESS_ROWS):
                return
            else:
                continue
        elif line.kind in ("text", "number") and taken < ADDRESS_ROWS:
            taken += 1
            yield line.row
        else:
            return
        if vocabulary.COUNTRY_AT_END.search(line.row.folded):
            return


def _address_part(row: TextRow) -> RowSpan:
    """Cut the telephone or tax number that an engine joined to a line of the address."""
    hit = vocabulary.GLUED_TAIL.search(row.folded)
    return RowSpan(row, 0, hit.start() if hit and hit.start() > 3 else len(row.text))


def seller_address_candidates(doc: DocumentRows, name: FieldCandidate | None) -> list[FieldCandidate]:
    """Propose the seller's address: the rows below its name up to telephone, tax number or heading."""
    lines = receipt_head(doc)
    after = name.spans[-1].row.index if name else (lines[0].row.index - 1 if lines else 0)
    rows = list(address_rows(lines, after)) or list(address_rows(lines, -1))
    made = []
    for count in range(len(rows), 0, -1):
        spans = tuple(_address_part(row) for row in rows[:count])
        value = " ".join(span.text for span in spans).strip()
        signals = {
            "rows": float(count),
            "missing_rows": float(len(rows) - count),
            "postcode": float(any(vocabulary.POSTCODE.search(span.text) for span in spans)),
            "last_like_address": float(_like_address(rows[count - 1])),
            "street": float(any(vocabulary.STREET.search(span.row.folded) for span in spans)),
            "named": float(name is not None),
        }
        made.append(FieldCandidate(value, fix_misread_letters(value.rstrip(" ."), spans), spans, "layout", signals))
    return made
