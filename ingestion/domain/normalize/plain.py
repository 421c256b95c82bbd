"""Plain characters: digits of any script, blanks, dashes, apostrophes and separators as ASCII, one for one."""

import re
from unicodedata import decimal

_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"
_APOSTROPHES = "\u2019\u2018\u02bc\u02b9\u00b4\u0060\u2032\uff07"
_PLAIN = str.maketrans(
    {
        **dict.fromkeys(_SPACES, " "),
        **dict.fromkeys(_DASHES, "-"),
        **dict.fromkeys(_APOSTROPHES, "'"),
        "\u066b": ".",  # Arabic decimal separator
        "\u066c": ",",  # Arabic thousands separator
        "\uff0e": ".",
        "\uff0c": ",",
        "\uff08": "(",
        "\uff09": ")",
        "\uff0b": "+",
        "\uff04": "$",
        "\uffe5": "\u00a5",
        "\uffe1": "\u00a3",
        "\uffe6": "\u20a9",
        "\u066a": "%",
        "\uff05": "%",
        "\uff0f": "/",
        "\uff1a": ":",
    }
)
_BRITISH_POSTCODE = re.compile(r"(?<![A-Za-z\d])[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}(?![A-Za-z\d])")
_FOREIGN_DIGIT = re.compile(r"(?![0-9])\d")


def plain(text: str) -> str:
    """Return `text` with such characters replaced; the result has exactly as many characters."""
    if text.isascii():
        return text.replace("`", "'")
    return _FOREIGN_DIGIT.sub(lambda hit: str(decimal(hit[0])), text.translate(_PLAIN))


def plain_amounts(text: str) -> str:
    """Return plain text with British postcodes blacked out: RM1 2AB and YO1 9TL are no ringgit and no lira."""
    return _BRITISH_POSTCODE.sub(lambda hit: "x" * len(hit[0]), plain(text))
