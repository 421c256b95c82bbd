"""Code 128 (ISO/IEC 15417), code set B: printable ASCII text as bars and spaces."""

from collections.abc import Sequence
from typing import Final

# Widths of bar, space, bar, space, bar, space by value (annex A, table 1); start B is 104, stop the last.
_WIDTHS: Final = tuple(
    (
        "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 "
        "113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 "
        "212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 "
        "113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 "
        "314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 "
        "241211 221114 413111 241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 "
        "214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 211214 "
        "211232 2331112"
    ).split()
)
_START_B, _STOP, _MODULUS = 104, 106, 103
_FIRST = ord(" ")


def code128_bars(text: str) -> Sequence[tuple[int, int]]:
    """Return each bar as (position, width) in modules, from 0; raises ValueError for text outside set B."""
    values = [ord(character) - _FIRST for character in text]
    if not values or not all(0 <= value <= 94 for value in values):
        message = "a code encodes at least one character of printable ASCII"
        raise ValueError(message)
    check = (_START_B + sum(place * value for place, value in enumerate(values, 1))) % _MODULUS
    return _bar_positions("".join(_WIDTHS[value] for value in (_START_B, *values, check, _STOP)))


def _bar_positions(widths: str) -> Sequence[tuple[int, int]]:
    at, found = 0, []
    for place, width in enumerate(map(int, widths)):
        if place % 2 == 0:
            found.append((at, width))
        at += width
    return found
