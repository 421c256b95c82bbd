"""The head of a receipt: who sold, and where; told by the shape of its lines, for hardly any shop labels them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingestion.domain.fields import words_of
from ingestion.domain.fields.candidates import Candidate
from ingestion.domain.fields.rows import Row, Sheet, Span
from ingestion.domain.normalize import find_dates

HEAD_ROWS = 16
ADDRESS_ROWS = 7


@dataclass(frozen=True, slots=True)
class HeadLine:
    """A row of the head and what it is: name, registration, contact, tax, heading, date, data, amount, blank."""

    row: Row
    kind: str


def kind_of(row: Row) -> str:
    """Tell what a row of a receipt's head is; "text" when nothing gives it away."""
    text = row.folded.replace("\t", " ").strip()
    letters = sum(character.isalpha() for character in text)
    if letters + sum(character.isdigit() for character in text) < 2:
        return "blank"
    if words_of.HEADING.search(text):
        return "heading"
    if words_of.CONTACT.search(text) or (
        words_of.PHONE_NUMBER.match(text) and not words_of.POSTCODE.search(row.text)
    ):
        return "contact"
    if words_of.TAX_LINE.search(text):
        return "tax"
    if words_of.REGISTRATION.fullmatch(text):
        return "registration"
    if next(find_dates(row.text), None):
        return "date"
    if words_of.SLIP_DATA.match(text) or (":" in text and words_of.SLIP_DATA.search(text)):
        return "data"
    if words_of.MONEY_AT_END.search(text):
        return "amount"
    return "text" if letters >= 2 else "number"


def read_head(sheet: Sheet) -> tuple[HeadLine, ...]:
    """Give the first rows of the first page with their kinds."""
    first = sheet.rows[0].page if sheet.rows else 1
    rows = [row for row in sheet.rows if row.page == first][: HEAD_ROWS * 2]
    return tuple(HeadLine(row, kind_of(row)) for row in rows)[:HEAD_ROWS]


def _whole(row: Row) -> Span:
    return Span(row, 0, len(row.text))


def _without_registration(span: Span) -> Span:
    hit = words_of.TRAILING_REGISTRATION.search(span.row.text, span.start, span.stop)
    return Span(span.row, span.start, hit.start()) if hit and hit.start() > span.start + 2 else span


def _own_words(span: Span) -> float:
    """Count the words of a name's second line that are more than its legal form."""
    rest = words_of.LEGAL_FORM.sub(" ", span.row.folded[span.start : span.stop])
    return float(len([word for word in re.findall(r"[a-z]{2,}", rest) if word not in ("co", "company")]))


def _name_signals(line: HeadLine, position: int, spans: Sequence[Span], after: str | None) -> dict[str, float]:
    text = " ".join(span.text for span in spans)
    folded = " ".join(span.row.folded[span.start : span.stop] for span in spans)
    letters = sum(character.isalpha() for character in text)
    return {
        "top": 1.0 / (1 + position),
        "first": float(position == 0),
        "legal_form": float(bool(words_of.LEGAL_FORM.search(folded))),
        "organisation": float(bool(words_of.ORGANISATION.search(folded))),
        "street": float(bool(words_of.STREET.search(folded)) and not words_of.LEGAL_FORM.search(folded)),
        "postcode": float(bool(words_of.POSTCODE.search(text))),
        "letters": letters / max(len(text), 1),
        "short": float(letters < 5),
        "comma": float(text.rstrip(".").endswith(",")),
        "before_registration": float(after == "registration" or spans[-1].stop < len(spans[-1].row.text)),
        "before_address": float(after == "text"),
        "joined": float(len(spans) - 1),
        "own_words": _own_words(spans[-1]) if len(spans) > 1 else 0.0,
        "leading_digits": float(text[:1].isdigit()),
    }


def _kind_after(lines: Sequence[HeadLine], index: int) -> str | None:
    return lines[index + 1].kind if index + 1 < len(lines) else None


def names(sheet: Sheet) -> list[Candidate]:
    """Propose the seller's name: a row of the head, or two that only together end in a legal form."""
    lines = read_head(sheet)
    made = []
    seen = 0
    passed = 0.0
    for index, line in enumerate(lines):
        passed = max(passed, float(line.kind == "contact" or (index > 0 and _like_address(lines[index - 1].row))))
        if line.kind not in ("text", "tax", "registration", "contact"):
            continue
        span = _without_registration(_whole(line.row))
        if line.kind != "text" and not words_of.LEGAL_FORM.search(span.row.folded[: span.stop]):
            continue
        spans = [span]
        made.append(_name(line, seen, spans, _kind_after(lines, index)).with_signals(passed=passed))
        following = lines[index + 1] if index + 1 < len(lines) else None
        if following and following.kind == "text" and not words_of.LEGAL_FORM.search(span.row.folded):
            second = _without_registration(_whole(following.row))
            if words_of.LEGAL_FORM.search(second.row.folded[: second.stop]):
                made.append(_name(line, seen, [span, second], _kind_after(lines, index + 1)))
        seen += 1
    return made


def _name(line: HeadLine, position: int, spans: list[Span], after: str | None) -> Candidate:
    value = " ".join(span.text for span in spans).strip(" ,*-_:;")
    return Candidate(value, value, tuple(spans), "layout", _name_signals(line, position, spans, after))


def _like_address(row: Row) -> bool:
    return bool(
        words_of.STREET.search(row.folded) or words_of.POSTCODE.search(row.text) or re.search(r"\d.*,", row.text)
    )


def address_rows(lines: Sequence[HeadLine], after: int) -> Iterator[Row]:
    """Yield the rows of the address that follows row number `after` of the document."""
    begun = 0
    for line in lines:
        if line.row.index <= after:
            continue
        if not begun:
            if line.kind in ("text", "amount") and _like_address(line.row):
                begun = 1
                yield line.row
            elif line.kind in ("data", "date", "heading", "amount"):
                return
        elif line.kind in ("text", "number") and begun < ADDRESS_ROWS:
            begun += 1
            yield line.row
        else:
            return


def addresses(sheet: Sheet, name: Candidate | None) -> list[Candidate]:
    """Propose the seller's address: the rows below its name up to telephone, tax number or heading."""
    lines = read_head(sheet)
    after = name.spans[-1].row.index if name else (lines[0].row.index - 1 if lines else 0)
    rows = list(address_rows(lines, after))
    made = []
    for count in range(len(rows), 0, -1):
        spans = tuple(_whole(row) for row in rows[:count])
        value = " ".join(span.text for span in spans).strip()
        signals = {
            "rows": float(count),
            "missing_rows": float(len(rows) - count),
            "postcode": float(any(words_of.POSTCODE.search(span.text) for span in spans)),
            "last_like_address": float(_like_address(rows[count - 1])),
            "street": float(any(words_of.STREET.search(span.row.folded) for span in spans)),
            "named": float(name is not None),
        }
        made.append(Candidate(value, value.rstrip(" ."), spans, "layout", signals))
    return made
