"""What another document is to this one: a copy, a near copy, another version, a contradiction, or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ingestion.domain.normalize import letters_and_digits
from ingestion.domain.schemas.fields import FieldKind
from quality.domain.facts import FactSet, Neighbour
from quality.domain.vocabulary import BIRTHS, DOCUMENT_KEYS, ISSUED, ISSUERS, PERSON_FACTS, PERSON_KEYS, PERSONS

LOOSE = frozenset({FieldKind.PARTY, FieldKind.ADDRESS, FieldKind.TEXT, FieldKind.MRZ})
"""Kinds that reading varies too much for a difference to mean anything."""


class Relation(StrEnum):
    """Exactly one of these holds between two documents."""

    EXACT_DUPLICATE = "exact_duplicate"
    NEAR_DUPLICATE = "near_duplicate"
    NEWER_VERSION = "newer_version"  # the other is the newer one
    OLDER_VERSION = "older_version"  # the other is the older one
    CONTRADICTION = "contradiction"
    UNRELATED = "unrelated"


@dataclass(frozen=True, slots=True)
class Related:
    """A relation with the fields in which the two differ."""

    relation: Relation
    neighbour: Neighbour
    differs: tuple[str, ...] = ()


def relate(facts: FactSet, other: Neighbour) -> Related:
    """Tell what `other` is, the surest evidence first: bytes, a stated replacement, keys, persons, text."""
    if facts.sha256 and facts.sha256 == other.sha256:
        return Related(Relation.EXACT_DUPLICATE, other)
    ours = {found.name: found.normalized for found in facts.fields if found.value and found.normalized}
    differs = _differences(facts, ours, other.fields)
    if facts.supersedes == other.document_id:
        return Related(Relation.OLDER_VERSION, other, differs)
    if other.supersedes == facts.document_id:
        return Related(Relation.NEWER_VERSION, other, differs)
    if facts.schema_key and other.schema_key and facts.schema_key != other.schema_key:
        return _same_person(ours, other)
    key = _same_matter(ours, other.fields)
    if key:
        return _of_one_matter(facts, ours, other, differs)
    if key is None and _copied(facts, other):
        return Related(Relation.NEAR_DUPLICATE, other, differs)
    if key is False and _misread_key(ours, other, differs):
        return Related(Relation.NEAR_DUPLICATE, other, differs)
    return _same_person(ours, other)


def _differences(facts: FactSet, ours: Mapping[str, str], theirs: Mapping[str, str]) -> tuple[str, ...]:
    """Name the material fields that both have and that differ by more than their printing."""
    specs = facts.schema.fields if facts.schema else ()
    return tuple(
        spec.name
        for spec in specs
        if spec.material
        and spec.kind not in LOOSE
        and ours.get(spec.name)
        and theirs.get(spec.name)
        and not _same(spec.kind, ours[spec.name], theirs[spec.name])
    )


def _same(kind: FieldKind, ours: str, theirs: str) -> bool:
    """Compare two values that are normalised already; only numbers of documents still vary in punctuation."""
    if ours == theirs:
        return True
    return kind is FieldKind.IDENTIFIER and letters_and_digits(ours) == letters_and_digits(theirs)


def _same_matter(ours: Mapping[str, str], theirs: Mapping[str, str]) -> bool | None:
    """Say whether both carry the same document number of the same issuer; None when one carries none."""
    for name in DOCUMENT_KEYS:
        if ours.get(name) and theirs.get(name):
            equal = letters_and_digits(ours[name]) == letters_and_digits(theirs[name])
            return equal and _same_issuer(ours, theirs)
    return None


def _same_issuer(ours: Mapping[str, str], theirs: Mapping[str, str]) -> bool:
    for name in ISSUERS:
        if ours.get(name) and theirs.get(name):
            a, b = letters_and_digits(ours[name]), letters_and_digits(theirs[name])
            return a in b or b in a or _shared(a, b) >= 0.7
    return True


def _shared(a: str, b: str) -> float:
    """Give the share of letter pairs that two names have in common (Dice): robust to a misread letter."""
    pairs = [{name[at : at + 2] for at in range(len(name) - 1)} for name in (a, b)]
    total = len(pairs[0]) + len(pairs[1])
    return 2 * len(pairs[0] & pairs[1]) / total if total else 0.0


def _of_one_matter(facts: FactSet, ours: Mapping[str, str], other: Neighbour, differs: tuple[str, ...]) -> Related:
    """One number, one issuer: the same again, another version of it, or two that cannot both be true."""
    order = _order(facts, ours, other)
    if order > 0:
        return Related(Relation.OLDER_VERSION, other, differs)
    if order < 0:
        return Related(Relation.NEWER_VERSION, other, differs)
    return Related(Relation.CONTRADICTION if differs else Relation.NEAR_DUPLICATE, other, differs)


def _order(facts: FactSet, ours: Mapping[str, str], other: Neighbour) -> int:
    """Give 1 when ours is the later version, -1 when theirs is, 0 when nothing tells versions apart.

    The time of arrival alone tells nothing: a copy sent again arrives later too.
    """
    if facts.revision != other.revision:
        return 1 if _ordinal(facts.revision) > _ordinal(other.revision) else -1
    for name in ISSUED:
        if ours.get(name) and other.fields.get(name) and ours[name] != other.fields[name]:
            return 1 if ours[name] > other.fields[name] else -1
    same_sender_id = bool(facts.external_id) and facts.external_id == other.external_id
    return _arrival(facts.received_at, other.received_at) if same_sender_id else 0


def _ordinal(revision: str) -> int:
    if revision.isdigit():
        return int(revision)
    return ord(revision[0]) - ord("a") + 1 if revision else 0


def _arrival(ours: datetime, theirs: datetime) -> int:
    return (ours > theirs) - (ours < theirs)


def _copied(facts: FactSet, other: Neighbour) -> bool:
    """A copy has the text and the numbers; two letters of one template have the text alone."""
    return other.text_similarity >= facts.limits.near_duplicate_from and other.number_similarity >= 0.7


def _misread_key(ours: Mapping[str, str], other: Neighbour, differs: tuple[str, ...]) -> bool:
    """A copy whose number was misread: it differs in its key alone, and hardly in its text."""
    only_keys = bool(differs) and all(name in DOCUMENT_KEYS for name in differs)
    agreeing = sum(1 for name in ours if name in other.fields and name not in DOCUMENT_KEYS)
    return only_keys and agreeing >= 3 and other.text_similarity >= 0.95 and other.number_similarity >= 0.85


def _same_person(ours: Mapping[str, str], other: Neighbour) -> Related:
    """Two documents about one person may differ in everything but what does not change."""
    differs = tuple(
        name
        for name in PERSON_FACTS
        if ours.get(name) and other.fields.get(name) and ours[name] != other.fields[name]
    )
    if differs and _one_person(ours, other.fields):
        return Related(Relation.CONTRADICTION, other, differs)
    return Related(Relation.UNRELATED, other)


def _one_person(ours: Mapping[str, str], theirs: Mapping[str, str]) -> bool:
    """One number is one person; one name is, where the births differ in a single part: a slip, not a namesake."""
    for name in PERSON_KEYS:
        if ours.get(name) and theirs.get(name):
            return letters_and_digits(ours[name]) == letters_and_digits(theirs[name])
    named = any(
        ours.get(name) and letters_and_digits(ours[name]) == letters_and_digits(theirs.get(name, ""))
        for name in PERSONS
    )
    return named and any(_nearly(ours.get(name, ""), theirs.get(name, "")) for name in BIRTHS)


def _nearly(ours: str, theirs: str) -> bool:
    a, b = ours.split("-"), theirs.split("-")
    if len(a) != 3 or len(b) != 3:
        return False
    swapped = a[0] == b[0] and a[1:] == b[:0:-1]
    return swapped or sum(x == y for x, y in zip(a, b, strict=True)) == 2
