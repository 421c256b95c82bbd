"""Advice on promoting a candidate to champion, from held-out labels that neither has learnt."""

from dataclasses import dataclass
from enum import StrEnum

from quality.domain.bounds import ConfidenceInterval
from quality.domain.evaluation import ModelEvaluation


class Advice(StrEnum):
    """PROMOTE: clearly better. PERSON: equally good, a person decides. KEEP: not better, or unproven."""

    PROMOTE = "promote"
    PERSON = "person"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class PromotionPolicy:
    """Requirements on a candidate: enough held-out labels, enough wrong ones, and calibration."""

    examples_from: int = 50
    wrong_from: int = 5
    ece_up_to: float = 0.1
    auroc_slack: float = 0.02
    harm_up_to: float = 0.02


@dataclass(frozen=True, slots=True)
class PromotionAdvice:
    """Advice with its reasons, for people."""

    advice: Advice
    reasons: tuple[str, ...]


def decide(
    candidate: ModelEvaluation,
    champion: ModelEvaluation | None,
    gain: ConfidenceInterval | None = None,
    policy: PromotionPolicy | None = None,
) -> PromotionAdvice:
    """Assess a candidate. `gain` is evaluation.paired_gain over the same examples; None without a champion."""
    policy = policy or PromotionPolicy()
    thin = _too_few_examples(candidate, policy)
    if thin:
        return PromotionAdvice(Advice.KEEP, thin)
    faults = _faults(candidate, champion, policy)
    if faults:
        return PromotionAdvice(Advice.KEEP, faults)
    if champion is None:
        better = candidate.brier < candidate.brier_prior
        text = f"Brier score {candidate.brier:.3f}, always predicting the average scores {candidate.brier_prior:.3f}"
        return PromotionAdvice(Advice.PERSON if better else Advice.KEEP, (text,))
    return _advise_by_loss(candidate, champion, gain, policy)


def _too_few_examples(candidate: ModelEvaluation, policy: PromotionPolicy) -> tuple[str, ...]:
    reasons = []
    if candidate.examples < policy.examples_from:
        reasons.append(f"Only {candidate.examples} held-out labels, {policy.examples_from} are needed")
    if candidate.wrong < policy.wrong_from:
        reasons.append(f"Only {candidate.wrong} of them are corrections, {policy.wrong_from} are needed")
    return tuple(reasons)


def _faults(candidate: ModelEvaluation, champion: ModelEvaluation | None, policy: PromotionPolicy) -> tuple[str, ...]:
    reasons = []
    allowed = max(policy.ece_up_to, champion.ece if champion else 0.0)
    if candidate.ece > allowed:
        reasons.append(f"Its probabilities are off by {candidate.ece:.1%} on average, {allowed:.1%} is allowed")
    ours, theirs = candidate.auroc, champion.auroc if champion else None
    if ours and theirs and ours.high < theirs.value - policy.auroc_slack:
        reasons.append(f"It separates right from wrong values less well: {ours.value:.3f} against {theirs.value:.3f}")
    if champion and champion.examples != candidate.examples:
        reasons.append("The two were not measured on the same examples")
    return tuple(reasons)


def _advise_by_loss(
    candidate: ModelEvaluation, champion: ModelEvaluation, gain: ConfidenceInterval | None, policy: PromotionPolicy
) -> PromotionAdvice:
    saved = gain or _unpaired(candidate, champion)
    text = f"Log loss {candidate.log_loss:.3f} against {champion.log_loss:.3f}, saving {saved.value:+.3f}"
    within = f"{text} ({saved.low:+.3f} to {saved.high:+.3f} at 95 %)"
    if saved.low > 0:
        return PromotionAdvice(Advice.PROMOTE, (within,))
    if saved.value > 0 and saved.low > -policy.harm_up_to:
        return PromotionAdvice(Advice.PERSON, (within, "The difference may be due to chance"))
    return PromotionAdvice(Advice.KEEP, (within,))


def _unpaired(candidate: ModelEvaluation, champion: ModelEvaluation) -> ConfidenceInterval:
    """Compare without paired losses, by the difference only: leave the decision to a person at best."""
    value = champion.log_loss - candidate.log_loss
    return ConfidenceInterval(value, min(0.0, value), max(0.0, value))
