"""Lexicon of known words: only their digests and the number of documents that contain them are stored.

Digits count as equal: "12.50" and "99.80" are one word here, and no number of a document is stored.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from math import log

_DIGIT = re.compile(r"\d")
_BYTES = 4
_SHORTEST = 2  # letters of a part that counts as a word
_LONGEST = 60  # longer texts are not words and are not split


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Number of documents that contain each word, by its digest; words of a single document are not stored."""

    document_counts: Mapping[int, int]

    def log_frequency(self, text: str, own_digests: frozenset[int] = frozenset()) -> float:
        """Return the logarithm of the number of documents with this word, excluding the one of `own_digests`.

        0 for an unknown word.
        """
        digest = digest_of(text)
        return log(max(self.document_counts.get(digest, 0) - (digest in own_digests), 1)) if text else 0.0

    def split_log_frequency(self, text: str, own_digests: frozenset[int] = frozenset()) -> float:
        """Return how well known the lesser of two words is that form this one: a blank may be missing."""
        if len(text) > _LONGEST:
            return 0.0
        cuts = range(_SHORTEST, len(text) - _SHORTEST + 1)
        return max(
            (
                min(self.log_frequency(text[:at], own_digests), self.log_frequency(text[at:], own_digests))
                for at in cuts
            ),
            default=0.0,
        )


@lru_cache(maxsize=4096)
def digest_of(text: str) -> int:
    """Return the digest of a word, independent of its case and digits."""
    plain = _DIGIT.sub("0", text.casefold())
    return int.from_bytes(blake2b(plain.encode(), digest_size=_BYTES).digest(), "big")
