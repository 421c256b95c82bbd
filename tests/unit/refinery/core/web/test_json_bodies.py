"""JSON from clients: what is rejected, and what is not."""

import pytest

from refinery.core.web.json_bodies import MAX_JSON_DEPTH, InvalidJson, parse_json
from refinery.core.web.streaming import streamed_json
from refinery.core.web.whole_numbers import whole_number


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "[" * (MAX_JSON_DEPTH + 1) + "]" * (MAX_JSON_DEPTH + 1),
        '{"a":' * (MAX_JSON_DEPTH + 1) + "1" + "}" * (MAX_JSON_DEPTH + 1),
        "9" * 5000,
        "1e999",
        "NaN",
        "-Infinity",
        b"\xff",
        "{",
    ],
)
def test_unreadable_json_is_rejected(text: str | bytes) -> None:
    with pytest.raises(InvalidJson):
        parse_json(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[" * MAX_JSON_DEPTH + "]" * MAX_JSON_DEPTH, None),
        ('{"a": [1, 2.5, -3e2, "\\u00e9", null, true]}', {"a": [1, 2.5, -300.0, "é", None, True]}),
        ("1", 1),
        (b'"\xc3\xa9"', "é"),
    ],
)
def test_ordinary_json_is_parsed(text: str | bytes, value: object) -> None:
    parsed = parse_json(text)
    assert value is None or parsed == value


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("999999999", 999_999_999), ("-1", None), ("9" * 10, None), ("9" * 5000, None), ("", None), ("-", None),
     ("1.0", None), ("٣", None), ("²", None), ("1_000", None), ("+1", None)],
)  # fmt: skip
def test_whole_number_of_text(text: str, number: int | None) -> None:
    assert whole_number(text) == number


def test_whole_number_is_within_its_limits() -> None:
    assert [whole_number(text, -5, 5) for text in ("-6", "-5", "5", "6", "--5")] == [None, -5, 5, None, None]


@pytest.mark.parametrize("rows", [[], [1], [{"a": 'é"'}, None]])
@pytest.mark.parametrize("head", [{}, {"id": 1, "name": 'é"'}])
def test_streamed_json_is_the_whole_object(head: dict[str, object], rows: list[object]) -> None:
    assert parse_json("".join(streamed_json(head, "rows", iter(rows)))) == {**head, "rows": rows}
