"""Fields settled together: net and tax must add up to the total, a customer is not the supplier."""

from collections.abc import Sequence
from decimal import Decimal

from ingestion.domain.extraction.amount_sums import best_triple
from ingestion.domain.extraction.candidates import Candidate
from ingestion.domain.normalize import letters_and_digits
from ingestion.domain.schemas.fields import FieldKind, SchemaSpec

Ranked = dict[str, list[Candidate]]
OWNED = 4.0
ADDING_UP = 2.0  # what agreement is worth beside the candidates' own scores


def _first(candidates: Sequence[Candidate], winner: Candidate) -> list[Candidate]:
    return [winner, *(each for each in candidates if each.normalized != winner.normalized)]


def _add_up(ranked: Ranked) -> None:
    names = ("net_total", "tax_total", "total")
    if not all(ranked.get(name) for name in names):
        return
    triple = best_triple(ranked["net_total"], ranked["tax_total"], ranked["total"])
    if triple is None or _is_of_one_rate(triple[2], ranked["total"][0]):
        return
    alone = sum(ranked[name][0].score for name in names)
    if sum(candidate.score for candidate in triple) + 3 * ADDING_UP >= alone:
        for name, candidate in zip(names, triple, strict=True):
            agreed = candidate.with_signals(adds_up=1.0)
            ranked[name] = _first(ranked[name], agreed)


def _is_of_one_rate(total: Candidate, best: Candidate) -> bool:
    """Tell what one rate's basis and tax add up to from the total: a label announces a larger one."""
    unnamed = bool(best.signals.get("label")) and not total.signals.get("label")
    return unnamed and Decimal(total.normalized) < Decimal(best.normalized)


def _tell_apart(ranked: Ranked, one: str, other: str) -> None:
    """Give two parties different names: the one less sure of a shared name takes its next candidate."""
    if not ranked.get(one) or not ranked.get(other):
        return
    first, second = ranked[one][0], ranked[other][0]
    if letters_and_digits(first.normalized) != letters_and_digits(second.normalized):
        return
    weaker = one if first.score < second.score else other
    shared = letters_and_digits(first.normalized)
    ranked[weaker] = [each for each in ranked[weaker] if letters_and_digits(each.normalized) != shared]


def _place_with_owner(ranked: Ranked, address: str, owner: str, others: Sequence[str]) -> None:
    """Prefer the address that stands with its owner's name, and none that stands with another party's."""
    if not ranked.get(address) or not ranked.get(owner):
        return
    own = letters_and_digits(ranked[owner][0].normalized)
    foreign = {letters_and_digits(ranked[name][0].normalized) for name in others if ranked.get(name)} - {own}

    def belongs(candidate: Candidate) -> float:
        beside = candidate.companions
        mine = any(own in key or (key and key in own) for key in beside)
        return candidate.score + OWNED * mine - OWNED * any(key in foreign for key in beside)

    ranked[address] = sorted(ranked[address], key=belongs, reverse=True)


def settle(schema: SchemaSpec, ranked: Ranked) -> Ranked:
    """Give the candidates of all fields in the order that fits them together best."""
    settled = {name: list(candidates) for name, candidates in ranked.items()}
    _add_up(settled)
    parties = [spec.name for spec in schema.fields if spec.kind is FieldKind.PARTY]
    if "supplier" in parties and "customer" in parties:
        _tell_apart(settled, "supplier", "customer")
    for spec in schema.fields:
        owner = spec.name.removesuffix("_address")
        if spec.kind is FieldKind.ADDRESS and owner in parties:
            _place_with_owner(settled, spec.name, owner, [name for name in parties if name != owner])
    return settled
