"""Bank accounts as printed whose check digits are wrong: readers drop them, people should see them."""

import re
from collections.abc import Iterator

from stdnum import iban
from stdnum.exceptions import ValidationError

from ingestion.domain.layout.text_rows import Row, Sheet, Span, bbox_of
from quality.domain.facts import Misprint

_FORM = re.compile(r"(?<![A-Z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Z0-9])")


def read_broken_ibans(sheet: Sheet) -> tuple[Misprint, ...]:
    """Find what has a country's form of an IBAN and would be one with other check digits."""
    return tuple(misprint for row in sheet.rows for misprint in _in_row(row))


def _in_row(row: Row) -> Iterator[Misprint]:
    for match in _FORM.finditer(row.text):
        number = match[0].replace(" ", "")
        box = bbox_of([Span(row, match.start(), match.end())])
        if (
            box is not None
            and not _stands(number)
            and _stands(number[:2] + iban.calc_check_digits(number) + number[4:])
        ):
            yield Misprint(row.page, box, match[0])


def _stands(number: str) -> bool:
    try:
        iban.validate(number, check_country=False)
    except ValidationError:
        return False
    return True
