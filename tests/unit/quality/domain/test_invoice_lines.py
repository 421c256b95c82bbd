"""Invoice lines as they must match the total."""

from decimal import Decimal

import pytest

from ingestion.domain.layout.text_rows import build_document_rows
from ingestion.domain.page.orientation import inverse_rotation, rotate_upright
from quality.domain.invoice_lines import find_line_amounts
from tests.support.text_pages import page_from_text

BILL = """
Description                Qty      Price     Amount
Calibration of scales        2     310,00     620,00
Report and seal              3     120,00     360,00
{carried}                                     980,00
Travel                       1      99,45      99,45
Net total                                   1.079,45
"""


@pytest.mark.parametrize("carried", ["Carried forward", "Übertrag", "À reporter", "Report", "Report page 1"])
def test_read_lines_skips_carried_sums_but_keeps_similar_goods(carried: str) -> None:
    lines = find_line_amounts(build_document_rows([page_from_text(BILL.format(carried=carried))]))
    assert [line.amount for line in lines] == [Decimal("620.00"), Decimal("360.00"), Decimal("99.45")]


def test_read_lines_rotated_page_has_boxes_on_shown_page() -> None:
    page = rotate_upright(page_from_text(BILL.format(carried="Carried over")), inverse_rotation(1))
    first = find_line_amounts(build_document_rows([page]))[0]
    assert first.amount == Decimal("620.00")
    assert first.bbox.height > first.bbox.width


WHOLE = """
Description                Qty      Price     Amount
Anvil                        1   1.000,00   1.000,00
Chain, 30 metres            30         10        300
Grade                        3          5          2
Net total                                   1.300,00
"""


def test_read_lines_amount_without_decimals_counts_if_confirmed() -> None:
    lines = find_line_amounts(build_document_rows([page_from_text(WHOLE)]))
    assert [line.amount for line in lines] == [Decimal("1000.00"), Decimal("300.00")]


RUPIAH = """
Uraian / Description       Qty      Price     Amount
Meja / Desk                  2    250.000    500.000
Kursi / Chair                1    150.000    150.000
Net total                              Rp    650.000
"""
DINAR = """
Description                Qty      Price     Amount
Pump                         1    1.250       1.250
Valve set                    1    0.500       0.500
Total                                KWD      1.750
"""


@pytest.mark.parametrize(
    ("text", "amounts"), [(RUPIAH, ["500000", "150000"]), (DINAR, ["1.250", "0.500"])], ids=["whole", "three decimals"]
)
def test_read_lines_reads_amounts_as_the_document_prints_them(text: str, amounts: list[str]) -> None:
    lines = find_line_amounts(build_document_rows([page_from_text(text)]))
    assert [line.amount for line in lines] == [Decimal(amount) for amount in amounts]
