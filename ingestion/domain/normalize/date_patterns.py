"""Forms of printed dates: numbers in any order, with month names of many languages, with the signs of East Asia.

All patterns but the last group expect folded plain text; their groups are the three parts as printed.
"""

import re

_WORD = r"[^\s\d.,/'()\[\]:;|_\-]{1,20}(?:\.[^\s\d.,/'()\[\]:;|_\-]{1,5}){0,2}"
_WORDS = rf"{_WORD}(?:-{_WORD})?"
_TIME = r"(?=\s?\d{1,2}[:.]\d{2})"
_AFTER_YEAR4 = rf"(?:(?!\d)|{_TIME})"
_AFTER_YEAR2 = r"(?:(?![\d])(?![./-]\d)|(?=\d{1,2}:\d{2}))"
_YEAR = r"(?:(?:1[349]|20|25)\d{2}|24[6-9]\d)"  # of the Islamic, Persian, Gregorian and Buddhist calendars
_YEAR_FIRST = r"(?:(?:1[349]|20)\d{2}|25[4-9]\d)"
_OF = r"(?:of |de |del |do |d')?"
_ERA_BEFORE_YEAR = r"(?:พ\.?\s?ศ\.?\s?|b\.?e\.?\s)?"

NUMERIC_FORMS = ("num4", "num2")
NAMED_FORMS = ("dmon", "mond", "ymond", "ydmon")
YEAR_FIRST_FORMS = ("ymd", "compact", "ymond", "cjk", "era", "minguo")
DateForm = tuple[str, re.Pattern[str]]
PATTERNS: tuple[DateForm, ...] = (
    ("ymd", re.compile(rf"(?<!\d)({_YEAR_FIRST})\s?([-./])\s?(\d{{1,2}})\s?\2\s?(\d{{1,2}})(?:(?!\d)|(?=\d{{2}}:))")),
    (
        "num4",
        re.compile(
            rf"(?<!\d)(?<!\d[./-])(\d{{1,2}})\s?([-./,])\s?(\d{{1,2}})"
            rf"\s?[-./,]\s?{_ERA_BEFORE_YEAR}({_YEAR}){_AFTER_YEAR4}"
        ),
    ),
    ("num2", re.compile(rf"(?<!\d)(?<!\d[./,-])(\d{{1,2}})([-./])(\d{{1,2}})\2(\d{{2}}){_AFTER_YEAR2}")),
    (
        "dmon",
        re.compile(
            rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|er|ter)?[\s.,/'-]{{0,3}}{_OF}({_WORDS}(?: {_WORDS})?)"
            rf"(?:\s?/\s?{_WORD})?[\s.,/'-]{{0,3}}{_OF}{_ERA_BEFORE_YEAR}({_YEAR}|\d{{2}}){_AFTER_YEAR4}"
        ),
    ),
    (
        "mond",
        re.compile(
            rf"(?<![^\W\d_])({_WORD})[\s.,/-]{{0,2}}(\d{{1,2}})(?:st|nd|rd|th)?[\s,./-]{{1,3}}"
            rf"({_YEAR}|\d{{2}}){_AFTER_YEAR4}"
        ),
    ),
    (
        "ymond",  # Hungarian, Lithuanian, technical: 2026. március 4., 2026 m. kovo 4 d., 2026-Mar-04
        re.compile(rf"(?<!\d)({_YEAR_FIRST})[\s.,/-]{{1,2}}(?:m\. ?)?({_WORD})[\s.,/-]{{1,2}}(\d{{1,2}})(?!\d)"),
    ),
    (
        "ydmon",  # Latvian: 2026. gada 4. marts
        re.compile(rf"(?<!\d)((?:19|20)\d{{2}})\. ?gada (\d{{1,2}})\. ?({_WORD})"),
    ),
    (
        "vietnamese",  # ngày 4 tháng 3 năm 2026
        re.compile(r"(?<!\d)(\d{1,2}) thang (\d{1,2}),? (?:nam )?((?:19|20)\d{2})(?!\d)"),
    ),
    ("compact", re.compile(r"(?<![\d.,/-])(20\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?![\d./-])")),
    ("spaced", re.compile(r"(?<!\d)(\d{2}) (\d{2}) ((?:19|20)\d{2})(?!\d)")),
)

COMPACT_PATTERNS = tuple(each for each in PATTERNS if each[0] == "compact")
"""The form of a date that is one number."""
TWO_NUMBER_PATTERNS = tuple(each for each in PATTERNS if each[0] in (*NAMED_FORMS, "compact"))
"""The forms of a date with two numbers, the month in words, or with one."""
TWO_NUMBERS_NOT_MONTH_FIRST = tuple(each for each in TWO_NUMBER_PATTERNS if each[0] != "mond")

KANJI_ERAS = {
    "令和": "reiwa", "平成": "heisei", "昭和": "showa", "大正": "taisho", "明治": "meiji",
    "中華民國": "minguo", "民國": "minguo", "民国": "minguo",
}  # fmt: skip
LETTER_ERAS = {"R": "reiwa", "H": "heisei", "S": "showa", "T": "taisho", "M": "meiji"}
EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
CJK_DATE = re.compile(
    rf"(?P<era>{'|'.join(KANJI_ERAS)})?\s?(?<!\d)(?P<year>(?:19|20)\d{{2}}|\d{{1,3}}|元)\s?[年년]"
    r"\s?(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日일号]"
)
ERA_DATE = re.compile(
    rf"(?<![\w.])(?P<era>[RHSTM]|{'|'.join(KANJI_ERAS)})\.?\s?(?P<year>\d{{1,3}})[./-](?P<month>\d{{1,2}})[./-]"
    r"(?P<day>\d{1,2})(?![\w./-])"
)
MINGUO_DATE = re.compile(
    r"(?<!\d)(?P<roc>(?:R\.?O\.?C\.?|Minguo) ?)?(?P<year>1[01]\d)(?P<mark>[./-])(?P<month>\d{1,2})(?P=mark)"
    r"(?P<day>\d{1,2})(?![\d./-])"
)
