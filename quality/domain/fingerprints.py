"""Similarity of texts: MinHash signatures to find candidates, a detailed comparison to confirm them.

Signatures are built from character shingles, not words: one misread character changes a whole word, and with five
wrong words in a hundred, word shingles miss a third of the copies.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

from rapidfuzz.distance import Indel
from rensa import RMinHash

from ingestion.domain.normalize import fold

SHINGLE = 5
NUMBERS = 128
SEED = 7
ROWS = 2
MAX_CHARACTERS_COMPARED = 20_000
"""Maximum number of characters compared by Indel, whose cost is the product of both lengths."""
SIGNATURE_METHOD = f"rensa-{RMinHash.ALGORITHM_VERSION}-{SEED}-{NUMBERS}"
"""Names how signatures are computed: those of two methods cannot be compared."""


@dataclass(frozen=True, slots=True)
class Similarity:
    """Shares, 0..1, of the text and of the numbers that two documents have in common."""

    text: float
    numbers: float


def canonical(text: str) -> str:
    """Fold case, accents, punctuation and white space, which vary with reading and printing."""
    return re.sub(r"[^a-z0-9]+", " ", fold(text)).strip()


def signature(text: str) -> tuple[int, ...]:
    """Return a text's MinHash: 128 numbers of 32 bits; empty for a text too short to have one."""
    plain = canonical(text).encode()  # ASCII: a byte is a character
    if len(plain) < SHINGLE:
        return ()
    minhash = RMinHash(NUMBERS, SEED)
    minhash.update([plain[start : start + SHINGLE] for start in range(len(plain) - SHINGLE + 1)])
    return tuple(minhash.digest())


def bands(minhash: Sequence[int]) -> tuple[int, ...]:
    """Return the 64 band values to look up candidates: a copy with a similarity of 0.3 shares some."""
    return tuple(crc32(repr(tuple(minhash[at : at + ROWS])).encode()) for at in range(0, len(minhash) - ROWS + 1, ROWS))


def estimate_similarity(left: Sequence[int], right: Sequence[int]) -> float:
    """Estimate the Jaccard similarity of two texts' shingles from their signatures, within about 0.05."""
    if not left or len(left) != len(right):
        return 0.0
    return sum(a == b for a, b in zip(left, right, strict=True)) / len(left)


def compare_texts(left: str, right: str) -> Similarity:
    """Compare two texts character by character, and by the numbers in them."""
    ours, theirs = canonical(left)[:MAX_CHARACTERS_COMPARED], canonical(right)[:MAX_CHARACTERS_COMPARED]
    if not ours or not theirs:
        return Similarity(0.0, 0.0)
    return Similarity(Indel.normalized_similarity(ours, theirs), _shared_numbers(left, right))


def _shared_numbers(left: str, right: str) -> float:
    ours, theirs = numbers_in(left), numbers_in(right)
    return len(ours & theirs) / len(ours | theirs) if ours or theirs else 1.0


def numbers_in(text: str) -> frozenset[str]:
    """Return the numbers of a text without separators: they differ between two documents of one template."""
    return frozenset(re.sub(r"\D", "", match) for match in re.findall(r"\d[\d.,:/-]*", text))


_REVISION = re.compile(
    r"\b(?:rev(?:ision)?|version|amendment|fassung)\b[ .:#no]{0,5}(\d{1,3}|[a-h])\b"
    r"|\b(corrected|amended|revised|supersedes|replaces)\b"
    r"|\b(berichtigte?|korrigierte?|rectificative|annule et remplace)\b"
)


def revision_of(text: str) -> str:
    """Return the revision that a document prints ("2", "b"; "1" for only "corrected"), else empty."""
    found = _REVISION.search(fold(text))
    return (found[1] or "1") if found else ""
