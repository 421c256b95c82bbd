"""Number formats whose print may name another day than the cell are replaced; all others are kept."""

import pytest

from ingestion.domain.formats.date_formats import BUILT_IN_DATE_FORMATS, definite_date_format


@pytest.mark.parametrize(
    ("code", "definite"),
    [
        ("m/d/yyyy", "yyyy-mm-dd"),
        ("DD/MM/YYYY", "yyyy-mm-dd"),
        ("dd-mm-yy", "yyyy-mm-dd"),
        ("yy-mm-dd", "yyyy-mm-dd"),
        ("m.d.yyyy", "yyyy-mm-dd"),
        ("yyyy/d/m", "yyyy-mm-dd"),
        (r"d\/m\/yyyy", "yyyy-mm-dd"),
        ("m/d/yy h:mm", "yyyy-mm-dd h:mm"),
        (r"[$-409]m/d/yy\ h:mm\ AM/PM;@", r"yyyy-mm-dd\ h:mm\ AM/PM;@"),
        ('[Red]"due "dd/mm/yyyy', '[Red]"due "yyyy-mm-dd'),
        ("ddd dd/mm/yy", "ddd yyyy-mm-dd"),
        ("dd/mm/yyyy hh:mm:ss", "yyyy-mm-dd hh:mm:ss"),
        (r"[$-F800]dddd\,\ mmmm\ dd\,\ yyyy", "yyyy-mm-dd"),
        ("[$-x-sysdate]dddd, mmmm dd, yyyy", "yyyy-mm-dd"),
        (r"[$-F400]h:mm:ss\ AM/PM", "hh:mm:ss"),
    ],
)
def test_date_format_with_uncertain_order_is_replaced(code: str, definite: str) -> None:
    assert definite_date_format(code) == definite


@pytest.mark.parametrize(
    "code", ["[$-107041E]d/m/yyyy", "[$-D07041E]yyyy/mm/dd", "[$-2060401]d mmmm yyyy", "[$-404]e/m/d", "dd/mm/bbbb"]
)
def test_date_format_of_another_calendar_is_replaced(code: str) -> None:
    assert definite_date_format(code) == "yyyy-mm-dd"


def test_date_format_of_an_era_loses_its_signs() -> None:
    assert definite_date_format('[$-411]ggge"年"m"月"d"日"') == "yyyy-mm-dd"


@pytest.mark.parametrize(
    "code",
    [
        "General",
        "0.00E+00",
        r'#,##0.00\ "€";[Red]-#,##0.00\ "€"',
        "yyyy-mm-dd",
        "yyyy/mm/dd",
        'yyyy"年"m"月"d"日"',
        "dd.mm.yyyy",
        "dd.mm.yy hh:mm",
        "d-mmm-yy",
        "[$-409]d mmmm yyyy",
        "[$-1010409]d mmmm yyyy",
        "mmmm d, yyyy",
        "mm/yyyy",
        "d/m",
        "h:mm",
        "mm:ss",
        "[h]:mm:ss",
        "[mm]:ss",
        '"d/m/yyyy"',
        "",
    ],
)
def test_date_format_that_cannot_be_misread_is_kept(code: str) -> None:
    assert definite_date_format(code) == code


def test_built_in_formats_name_definite_dates() -> None:
    assert {14, 22, 27, 36, 50, 58} <= set(BUILT_IN_DATE_FORMATS)
    assert all(definite_date_format(code) == code for code in BUILT_IN_DATE_FORMATS.values())
    assert all("yyyy-mm-dd" in code for code in BUILT_IN_DATE_FORMATS.values())
