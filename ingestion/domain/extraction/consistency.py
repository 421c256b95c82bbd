"""Consistency between fields: net and tax must add up to the total, a customer is not the supplier."""

from collections.abc import Sequence
from decimal import Decimal

from ingestion.domain.extraction.adjustments import SumAdjustment
from ingestion.domain.extraction.amount_sums import best_triple
from ingestion.domain.extraction.candidates import FieldCandidate
from ingestion.domain.normalize import letters_and_digits
from ingestion.domain.schemas.fields import FieldKind, SchemaSpec

CandidatesByField = dict[str, list[FieldCandidate]]
OWNER_BONUS = 4.0
SUM_BONUS = 2.0  # value of agreement relative to the candidates' own scores


def _first(candidates: Sequence[FieldCandidate], winner: FieldCandidate) -> list[FieldCandidate]:
    return [winner, *(each for each in candidates if each.normalized != winner.normalized)]


def _add_up(ranked: CandidatesByField, adjustments: Sequence[SumAdjustment]) -> None:
    names = ("net_total", "tax_total", "total")
    if not all(ranked.get(name) for name in names):
        return
    triple = best_triple(ranked["net_total"], ranked["tax_total"], ranked["total"], adjustments)
    if triple is None or _is_of_one_rate(triple[2], ranked["total"][0]):
        return
    alone = sum(ranked[name][0].score for name in names)
    if sum(candidate.score for candidate in triple) + 3 * SUM_BONUS >= alone:
        for name, candidate in zip(names, triple, strict=True):
            agreed = candidate.with_signals(adds_up=1.0)
            ranked[name] = _first(ranked[name], agreed)


def _is_of_one_rate(total: FieldCandidate, best: FieldCandidate) -> bool:
    """Return whether the sum covers only one tax rate: a label indicates a larger total."""
    unnamed = bool(best.signals.get("label")) and not total.signals.get("label")
    return unnamed and Decimal(total.normalized) < Decimal(best.normalized)


def _separate_parties(ranked: CandidatesByField, one: str, other: str) -> None:
    """Make the names of two parties differ: the one with the lower score for a shared name takes its next candidate."""
    if not ranked.get(one) or not ranked.get(other):
        return
    first, second = ranked[one][0], ranked[other][0]
    if letters_and_digits(first.normalized) != letters_and_digits(second.normalized):
        return
    weaker = one if first.score < second.score else other
    shared = letters_and_digits(first.normalized)
    ranked[weaker] = [each for each in ranked[weaker] if letters_and_digits(each.normalized) != shared]


def _prefer_owner_address(ranked: CandidatesByField, address: str, owner: str, others: Sequence[str]) -> None:
    """Prefer the address next to its owner's name, and none next to another party's."""
    if not ranked.get(address) or not ranked.get(owner):
        return
    own = letters_and_digits(ranked[owner][0].normalized)
    foreign = {letters_and_digits(ranked[name][0].normalized) for name in others if ranked.get(name)} - {own}

    def belongs(candidate: FieldCandidate) -> float:
        beside = candidate.nearby_names
        mine = any(own in key or (key and key in own) for key in beside)
        return candidate.score + OWNER_BONUS * mine - OWNER_BONUS * any(key in foreign for key in beside)

    ranked[address] = sorted(ranked[address], key=belongs, reverse=True)


def reconcile_fields(
    schema: SchemaSpec, ranked: CandidatesByField, adjustments: Sequence[SumAdjustment] = ()
) -> CandidatesByField:
    """Return the candidates of all fields, ordered so that they are consistent with each other."""
    reconciled = {name: list(candidates) for name, candidates in ranked.items()}
    _add_up(reconciled, adjustments)
    parties = [spec.name for spec in schema.fields if spec.kind == FieldKind.PARTY]
    if "supplier" in parties and "customer" in parties:
        _separate_parties(reconciled, "supplier", "customer")
    for spec in schema.fields:
        owner = spec.name.removesuffix("_address")
        if spec.kind == FieldKind.ADDRESS and owner in parties:
            _prefer_owner_address(reconciled, spec.name, owner, [name for name in parties if name != owner])
    return reconciled
