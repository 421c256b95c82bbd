"""Evaluation of candidate and champion on the same labels, which neither has learnt from."""

from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from quality.domain.evaluation import ModelEvaluation, evaluate_model, paired_gain
from quality.domain.ports import ModelRuntime
from quality.domain.promotion import Advice, PromotionAdvice, decide
from quality.domain.training import Dataset
from quality.models import Evaluation as EvaluationRow
from quality.models import ModelVersion
from quality.services.champion import PRIOR, champion_row, read_weights
from refinery.core.types import TenantId


@dataclass(frozen=True, slots=True)
class Comparison:
    """Metrics of both on one set; None where there are no held-out labels."""

    candidate: ModelEvaluation | None
    champion: ModelEvaluation | None
    champion_name: str
    champion_id: Any
    promotion: PromotionAdvice
    data_hash: str

    def as_json(self) -> dict[str, Any]:
        """Return the metrics stored in a model's row and shown on its page."""
        return {
            "candidate": asdict(self.candidate) if self.candidate else None,
            "champion": asdict(self.champion) if self.champion else None,
            "champion_name": self.champion_name,
            "advice": self.promotion.advice.value,
            "reasons": list(self.promotion.reasons),
            "data_hash": self.data_hash,
        }


def compare_models(tenant_id: TenantId, weights: bytes, dataset: Dataset, runtime: ModelRuntime) -> Comparison:
    """Evaluate a candidate against the champion, or against the reader's own estimate without a champion."""
    row = champion_row(tenant_id)
    name, held_out = (str(row) if row else PRIOR), dataset.audit
    digest = sha256("\n".join(example.id for example in held_out).encode()).hexdigest()
    if not held_out:
        nothing = PromotionAdvice(Advice.KEEP, ("No label is held out yet to measure it on",))
        return Comparison(None, None, name, row.id if row else None, nothing, digest)
    cases, right = [example.case for example in held_out], [example.right for example in held_out]
    new = runtime.predict(weights, cases)
    old = runtime.predict(read_weights(row.blob_key, row.sha256), cases) if row else [case.confidence for case in cases]
    ours, theirs = evaluate_model(new, right), evaluate_model(old, right)
    gain = paired_gain(new, old, right, [example.family for example in held_out])
    return Comparison(ours, theirs, name, row.id if row else None, decide(ours, theirs, gain), digest)


def save_evaluations(candidate: ModelVersion, comparison: Comparison) -> None:
    """Store both evaluations; keep the champion's existing one if it was made on the same labels."""
    measured = [(candidate.id, comparison.candidate), (comparison.champion_id, comparison.champion)]
    rows = [
        EvaluationRow(
            tenant_id=candidate.tenant_id,
            model_id=model_id,
            data_hash=comparison.data_hash,
            examples=figures.examples,
            metrics=asdict(figures),
        )
        for model_id, figures in measured
        if model_id is not None and figures is not None
    ]
    EvaluationRow.objects.bulk_create(rows, ignore_conflicts=True)
