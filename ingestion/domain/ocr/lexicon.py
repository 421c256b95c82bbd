"""Words that print is known to have, told by their digests alone: which texts stand on many papers, and how often.

Digits count as equal: "12.50" and "99.80" are one word here, and no number of a paper is kept.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from math import log

_DIGIT = re.compile(r"\d")
_BYTES = 4
_SHORTEST = 2  # letters of a part that counts as a word
_LONGEST = 60  # nobody parts what is longer: it is no word


@dataclass(frozen=True, slots=True)
class Lexicon:
    """On how many papers each word stood, by its digest; what stood on one alone is not kept."""

    papers: Mapping[int, int]

    def known(self, text: str, own: frozenset[int] = frozenset()) -> float:
        """Give the logarithm of the papers with this word, 0 for one alone; `own` are this paper's own."""
        digest = digest_of(text)
        return log(max(self.papers.get(digest, 0) - (digest in own), 1)) if text else 0.0

    def parted(self, text: str, own: frozenset[int] = frozenset()) -> float:
        """Say how well known the lesser of two words is that make this one: perhaps a blank is missing."""
        if len(text) > _LONGEST:
            return 0.0
        cuts = range(_SHORTEST, len(text) - _SHORTEST + 1)
        return max((min(self.known(text[:at], own), self.known(text[at:], own)) for at in cuts), default=0.0)


@lru_cache(maxsize=4096)
def digest_of(text: str) -> int:
    """Give the number that stands for a word, whatever its case and its digits."""
    plain = _DIGIT.sub("0", text.casefold())
    return int.from_bytes(blake2b(plain.encode(), digest_size=_BYTES).digest(), "big")


def digests(words: Iterable[str]) -> frozenset[int]:
    """Give the digests of a paper's words."""
    return frozenset(digest_of(word) for word in words)
