"""Pool of a label, assigned permanently by a hash of its document's family.

A family is a set of documents so similar that a model which saw one has seen the others: copies and versions of a
document, and everything that one sender prints from one template. Splitting a family between training and audit
would reward a model for remembering.
"""

from collections.abc import Mapping
from enum import StrEnum
from hashlib import blake2b, sha256

from ingestion.domain.normalize import letters_and_digits
from quality.domain.vocabulary import DOCUMENT_KEYS, ISSUERS, PERSON_KEYS, PERSONS


class Pool(StrEnum):
    """TRAIN teaches the model, CALIBRATE sets temperatures and thresholds, AUDIT measures and is never learnt."""

    TRAIN = "train"
    CALIBRATE = "calibrate"
    AUDIT = "audit"


SHARES = ((Pool.TRAIN, 0.6), (Pool.CALIBRATE, 0.2), (Pool.AUDIT, 0.2))


def pool_of(family: str) -> Pool:
    """Return the family's pool: the same in every process and at any time."""
    digest = blake2b(family.encode(), digest_size=8, person=b"pool").digest()
    place = int.from_bytes(digest, "big") / 2**64
    for pool, share in SHARES:
        if place < share:
            return pool
        place -= share
    return SHARES[-1][0]


def family_of(schema_key: str, fields: Mapping[str, str], fallback: str) -> str:
    """Return a document's family from its schema and its sender, else its person or number, else `fallback`.

    `fields` are normalised values by name; `fallback` is the file's hash. The result is a digest that does not
    reveal the sender.
    """
    for names in (ISSUERS, PERSON_KEYS, PERSONS, DOCUMENT_KEYS):
        for name in names:
            party = letters_and_digits(fields.get(name, ""))
            if party:
                return sha256(f"{schema_key}:{party}".encode()).hexdigest()
    return fallback


def business_key(schema_key: str, fields: Mapping[str, str]) -> str:
    """Return the value to look up related documents: the document number, else its person; else empty."""
    for names in (DOCUMENT_KEYS, PERSON_KEYS, PERSONS):
        for name in names:
            value = letters_and_digits(fields.get(name, ""))
            if value:
                return f"{schema_key}:{value}"[:200]
    return ""
