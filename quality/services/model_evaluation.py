"""Candidate and champion, measured on the same labels that neither has learnt from."""

from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from quality.domain.evaluation import Evaluation, evaluate, paired_gain
from quality.domain.ports import ModelRuntime
from quality.domain.promotion import Advice, PromotionVerdict, decide
from quality.domain.training import Dataset
from quality.models import Evaluation as EvaluationRow
from quality.models import ModelVersion
from quality.services.champion import PRIOR, champion_row, read_weights
from refinery.core.types import TenantId


@dataclass(frozen=True, slots=True)
class Comparison:
    """Figures of both on one set; None where there is nothing held out to measure on."""

    candidate: Evaluation | None
    champion: Evaluation | None
    champion_name: str
    champion_id: Any
    verdict: PromotionVerdict
    data_hash: str

    def as_json(self) -> dict[str, Any]:
        """Give what a model's row keeps and its page shows."""
        return {
            "candidate": asdict(self.candidate) if self.candidate else None,
            "champion": asdict(self.champion) if self.champion else None,
            "champion_name": self.champion_name,
            "advice": self.verdict.advice.value,
            "reasons": list(self.verdict.reasons),
            "data_hash": self.data_hash,
        }


def compare(tenant_id: TenantId, weights: bytes, dataset: Dataset, runtime: ModelRuntime) -> Comparison:
    """Measure a candidate beside the champion, or beside the reader's own estimate before there is one."""
    row = champion_row(tenant_id)
    name, held_out = (str(row) if row else PRIOR), dataset.audit
    digest = sha256("\n".join(example.id for example in held_out).encode()).hexdigest()
    if not held_out:
        nothing = PromotionVerdict(Advice.KEEP, ("No label is held out yet to measure it on",))
        return Comparison(None, None, name, row.id if row else None, nothing, digest)
    cases, right = [example.case for example in held_out], [example.right for example in held_out]
    new = runtime.predict(weights, cases)
    old = (
        runtime.predict(read_weights(row.blob_key, row.sha256), cases)
        if row
        else [case.confidence for case in cases]
    )
    ours, theirs = evaluate(new, right), evaluate(old, right)
    gain = paired_gain(new, old, right, [example.family for example in held_out])
    return Comparison(ours, theirs, name, row.id if row else None, decide(ours, theirs, gain), digest)


def keep_evaluations(candidate: ModelVersion, comparison: Comparison) -> None:
    """Write both measurements; a champion measured on the same labels before keeps that one."""
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
