"""Receipts: the unlabelled head, the total among similar amounts, words merged by OCR engines."""

import pytest

from ingestion.domain.schemas import RECEIPT
from tests.support.text_pages import fields_of, normalized

SLIP = """
        POPULAR BOOK
       CO. (M) SDN BHD
     (Co. No. 113825-W)
   No 8, Jalan 7/118B, Desa Tun
 56000 Kuala Lumpur, Malaysia
     TEL: 03-9173 7766
   (GST Reg No. 001492992000)

12/01/18 16:52      Slip No.: 0020070154
Description                       Amount
2pc @ 13.69                      27.38 T
Great Saving                      -6.40
Total RM Incl. of GST             20.98
Rounding Adj                       0.02
Total RM                          21.00
Cash                             -50.00
CHANGE                            29.00
GST Summary     Amount (RM)     Tax (RM)
T @ 6%             19.79            1.19
"""


def test_receipt_fields_are_extracted() -> None:
    assert normalized(SLIP, RECEIPT) == {
        "company": "POPULAR BOOK CO. (M) SDN BHD",
        "address": "No 8, Jalan 7/118B, Desa Tun 56000 Kuala Lumpur, Malaysia",
        "date": "2018-01-12",
        "total": "21.00",
    }


def test_receipt_total_has_box_alternatives_and_supporting_sum() -> None:
    total = fields_of(SLIP, RECEIPT)["total"]
    assert (total.value, total.page, total.source) == ("21.00", 1, "label")
    assert total.bbox is not None
    assert total.bbox.x0 > 0.6
    assert total.features["arithmetic"] == 1.0
    assert "20.98" in [alternative.value for alternative in total.alternatives]
    assert len(total.alternatives) <= 4
    assert total.confidence > 0.8


@pytest.mark.parametrize(
    ("line", "total"),
    [
        ("Total:9.00", "9.00"),
        ("TotalRM9.00", "9.00"),
        ("TOTAL SALES (INCLUSIVE GST) RM 9.00", "9.00"),
        ("T0TAL AMOUNT          9.00", "9.00"),
        ("NETT TOTAL:      RM1,284.50", "1284.50"),
    ],
)
def test_receipt_glued_or_misread_label_gives_total(line: str, total: str) -> None:
    assert normalized(f"ADVANCO COMPANY\n28/02/2018\nGlue    4.50\n{line}\n", RECEIPT)["total"] == total


def test_receipt_total_is_not_subtotal_cash_or_change() -> None:
    text = (
        "SHOP\nSUB TOTAL      41.23\nTOTAL GST       2.33\nTOTAL          41.20\nCASH          100.00\n"
        "CHANGE         58.80\n"
    )
    assert normalized(text, RECEIPT)["total"] == "41.20"


def test_receipt_registration_number_is_not_part_of_company() -> None:
    found = normalized("99 SPEED MART S/B (519537-X)\nLOT P.T. 2811, JALAN ANGSA,\n41150 KLANG, SELANGOR\n", RECEIPT)
    assert found["company"] == "99 SPEED MART S/B"
    assert found["address"] == "LOT P.T. 2811, JALAN ANGSA, 41150 KLANG, SELANGOR"


def test_receipt_misread_company_is_corrected_in_normalized_value_only() -> None:
    company = fields_of("URBAN 1DEA SDN BHD\nJALAN 1, 47301 PETALING JAYA\n", RECEIPT)["company"]
    assert (company.value, company.normalized) == ("URBAN 1DEA SDN BHD", "URBAN IDEA SDN BHD")


def test_receipt_empty_page_yields_empty_fields() -> None:
    found = fields_of("-", RECEIPT)
    assert [field.normalized for field in found.values()] == ["", "", "", ""]
    assert found["total"].validations[0].code == "missing"
    assert found["total"].features["found"] == 0.0
