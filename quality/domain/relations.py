"""Relation of another document to this one: copy, near copy, other version, contradiction, or unrelated."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, cast

from ingestion.domain.normalize import letters_and_digits
from ingestion.domain.schemas.fields import FieldKind
from ingestion.domain.schemas.kinds import value_type
from quality.domain import vocabulary
from quality.domain.facts import FactSet, Neighbour

_RELATIONS: Final = "relations"  # in the memo of the facts


class Relation(StrEnum):
    """Relation between two documents; exactly one applies."""

    EXACT_DUPLICATE = "exact_duplicate"
    NEAR_DUPLICATE = "near_duplicate"
    NEWER_VERSION = "newer_version"  # the other is the newer one
    OLDER_VERSION = "older_version"  # the other is the older one
    CONTRADICTION = "contradiction"
    UNRELATED = "unrelated"


@dataclass(frozen=True, slots=True)
class DocumentRelation:
    """Relation with the fields in which the two differ."""

    relation: Relation
    neighbour: Neighbour
    differs: tuple[str, ...] = ()


def find_relations(facts: FactSet) -> tuple[DocumentRelation, ...]:
    """Return the relation of each neighbour; found once for all checks that ask for them."""
    known = facts.memo.get(_RELATIONS)
    if known is None:
        known = facts.memo[_RELATIONS] = tuple(find_relation(facts, other) for other in facts.neighbours or ())
    return cast("tuple[DocumentRelation, ...]", known)


def find_relation(facts: FactSet, other: Neighbour) -> DocumentRelation:
    """Find the relation of `other`, the strongest evidence first: bytes, stated replacement, keys, persons, text."""
    if facts.sha256 and facts.sha256 == other.sha256:
        return DocumentRelation(Relation.EXACT_DUPLICATE, other)
    ours = {found.name: found.normalized for found in facts.fields if found.value and found.normalized}
    differs = _differences(facts, ours, other.fields)
    if facts.supersedes == other.document_id:
        return DocumentRelation(Relation.OLDER_VERSION, other, differs)
    if other.supersedes == facts.document_id:
        return DocumentRelation(Relation.NEWER_VERSION, other, differs)
    if facts.schema_key and other.schema_key and facts.schema_key != other.schema_key:
        return _same_person(ours, other)
    key = _same_document_number(ours, other.fields)
    if key:
        return _relate_same_number(facts, ours, other, differs)
    if key is None and _is_copy(facts, other):
        return DocumentRelation(Relation.NEAR_DUPLICATE, other, differs)
    if key is False and _is_copy_with_misread_number(ours, other, differs):
        return DocumentRelation(Relation.NEAR_DUPLICATE, other, differs)
    return _same_person(ours, other)


def _differences(facts: FactSet, ours: Mapping[str, str], theirs: Mapping[str, str]) -> tuple[str, ...]:
    """Return the material fields that both have and whose values differ by more than formatting."""
    specs = facts.schema.fields if facts.schema else ()
    return tuple(
        spec.name
        for spec in specs
        if spec.material
        and value_type(spec.kind).contradicts
        and ours.get(spec.name)
        and theirs.get(spec.name)
        and not _same(spec.kind, ours[spec.name], theirs[spec.name])
    )


def _same(kind: str, ours: str, theirs: str) -> bool:
    """Compare two normalised values; only document numbers can still differ in punctuation."""
    if ours == theirs:
        return True
    return kind == FieldKind.IDENTIFIER and letters_and_digits(ours) == letters_and_digits(theirs)


def _same_document_number(ours: Mapping[str, str], theirs: Mapping[str, str]) -> bool | None:
    """Return whether both have the same document number and issuer; None when one has no number."""
    for name in vocabulary.DOCUMENT_KEYS:
        if ours.get(name) and theirs.get(name):
            equal = letters_and_digits(ours[name]) == letters_and_digits(theirs[name])
            return equal and _same_issuer(ours, theirs)
    return None


def _same_issuer(ours: Mapping[str, str], theirs: Mapping[str, str]) -> bool:
    for name in vocabulary.ISSUERS:
        if ours.get(name) and theirs.get(name):
            a, b = letters_and_digits(ours[name]), letters_and_digits(theirs[name])
            return a in b or b in a or _shared(a, b) >= 0.7
    return True


def _shared(a: str, b: str) -> float:
    """Return the share of common letter pairs of two names (Dice), which tolerates a misread letter."""
    pairs = [{name[at : at + 2] for at in range(len(name) - 1)} for name in (a, b)]
    total = len(pairs[0]) + len(pairs[1])
    return 2 * len(pairs[0] & pairs[1]) / total if total else 0.0


def _relate_same_number(
    facts: FactSet, ours: Mapping[str, str], other: Neighbour, differs: tuple[str, ...]
) -> DocumentRelation:
    """Relate documents of one number and issuer: near duplicate, another version, or contradiction."""
    order = _order(facts, ours, other)
    if order > 0:
        return DocumentRelation(Relation.OLDER_VERSION, other, differs)
    if order < 0:
        return DocumentRelation(Relation.NEWER_VERSION, other, differs)
    return DocumentRelation(Relation.CONTRADICTION if differs else Relation.NEAR_DUPLICATE, other, differs)


def _order(facts: FactSet, ours: Mapping[str, str], other: Neighbour) -> int:
    """Return 1 when ours is the later version, -1 when theirs is, 0 when the order is unknown.

    The time of arrival is evidence only with the same external id: a copy sent again arrives later too.
    """
    if facts.revision != other.revision:
        return 1 if _ordinal(facts.revision) > _ordinal(other.revision) else -1
    for name in vocabulary.ISSUE_DATE_FIELDS:
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


def _is_copy(facts: FactSet, other: Neighbour) -> bool:
    """Return whether text and numbers match; letters from one template share only the text."""
    return other.text_similarity >= facts.limits.near_duplicate_from and other.number_similarity >= 0.7


def _is_copy_with_misread_number(ours: Mapping[str, str], other: Neighbour, differs: tuple[str, ...]) -> bool:
    """Return whether only the document number differs, as if misread, and the text hardly differs."""
    only_keys = bool(differs) and all(name in vocabulary.DOCUMENT_KEYS for name in differs)
    agreeing = sum(1 for name in ours if name in other.fields and name not in vocabulary.DOCUMENT_KEYS)
    return only_keys and agreeing >= 3 and other.text_similarity >= 0.95 and other.number_similarity >= 0.85


def _same_person(ours: Mapping[str, str], other: Neighbour) -> DocumentRelation:
    """Relate documents about one person, which contradict each other only in permanent facts."""
    differs = tuple(
        name
        for name in vocabulary.PERSON_FACTS
        if ours.get(name) and other.fields.get(name) and ours[name] != other.fields[name]
    )
    if differs and _one_person(ours, other.fields):
        return DocumentRelation(Relation.CONTRADICTION, other, differs)
    return DocumentRelation(Relation.UNRELATED, other)


def _one_person(ours: Mapping[str, str], theirs: Mapping[str, str]) -> bool:
    """Return whether both name one person: same number, or same name and almost the same date of birth."""
    for name in vocabulary.PERSON_KEYS:
        if ours.get(name) and theirs.get(name):
            return letters_and_digits(ours[name]) == letters_and_digits(theirs[name])
    named = any(
        ours.get(name) and letters_and_digits(ours[name]) == letters_and_digits(theirs.get(name, ""))
        for name in vocabulary.PERSONS
    )
    return named and any(_nearly(ours.get(name, ""), theirs.get(name, "")) for name in vocabulary.BIRTH_DATE_FIELDS)


def _nearly(ours: str, theirs: str) -> bool:
    a, b = ours.split("-"), theirs.split("-")
    if len(a) != 3 or len(b) != 3:
        return False
    swapped = a[0] == b[0] and a[1:] == b[:0:-1]
    return swapped or sum(x == y for x, y in zip(a, b, strict=True)) == 2
