"""The lines of a bill as its total has to match them."""

from decimal import Decimal

import pytest

from ingestion.domain.layout.text_rows import lay_rows
from ingestion.domain.page.orientation import back, set_upright
from quality.domain.invoice_lines import read_lines
from tests.domain.fields.drawing import draw

BILL = """
Description                Qty      Price     Amount
Calibration of scales        2     310,00     620,00
Report and seal              3     120,00     360,00
{carried}                                     980,00
Travel                       1      99,45      99,45
Net total                                   1.079,45
"""


@pytest.mark.parametrize("carried", ["Carried forward", "Übertrag", "À reporter", "Report", "Report page 1"])
def test_a_sum_that_is_carried_is_no_line_and_goods_that_are_a_report_are(carried: str) -> None:
    lines = read_lines(lay_rows([draw(BILL.format(carried=carried))]))
    assert [line.amount for line in lines] == [Decimal("620.00"), Decimal("360.00"), Decimal("99.45")]


def test_lines_of_a_page_that_lies_have_their_boxes_where_it_shows_them() -> None:
    page = set_upright(draw(BILL.format(carried="Carried over")), back(1))
    first = read_lines(lay_rows([page]))[0]
    assert first.amount == Decimal("620.00")
    assert first.bbox.height > first.bbox.width
