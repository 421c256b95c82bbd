"""Printed bank accounts with wrong check digits: extraction drops them, but people should see them."""

import re
from collections.abc import Iterator

from stdnum import iban
from stdnum.exceptions import ValidationError

from ingestion.domain.layout.text_rows import DocumentRows, RowSpan, TextRow, bbox_of
from quality.domain.facts import Misprint

_FORM = re.compile(r"(?<![A-Z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Z0-9])")


def find_invalid_ibans(doc: DocumentRows) -> tuple[Misprint, ...]:
    """Find text that has a country's IBAN format and would be an IBAN with other check digits."""
    return tuple(misprint for row in doc.rows for misprint in _in_row(row))


def _in_row(row: TextRow) -> Iterator[Misprint]:
    for match in _FORM.finditer(row.text):
        number = match[0].replace(" ", "")
        box = bbox_of([RowSpan(row, match.start(), match.end())])
        if (
            box is not None
            and not _is_valid_iban(number)
            and _is_valid_iban(number[:2] + iban.calc_check_digits(number) + number[4:])
        ):
            yield Misprint(row.page, box, match[0])


def _is_valid_iban(number: str) -> bool:
    try:
        iban.validate(number, check_country=False)
    except ValidationError:
        return False
    return True
