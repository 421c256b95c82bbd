"""Training of the field-confidence model: `python -m benchmarks.model [--documents 240] [--cache DIR]`.

Generated documents are read by the program's own reader, their fields extracted as in production, and each field
found is labelled by the truth, as a reviewer would have confirmed or corrected it. The model is trained and evaluated
by the code that the training workflow calls; no sender is in both training and evaluation.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.figures import spread, table
from benchmarks.readings import Readings
from ingestion.domain.extraction import date_order_of, extract_fields
from ingestion.domain.layout.text_rows import build_document_rows
from ingestion.domain.normalize.comparison import same_value
from ingestion.domain.schemas import built_in_schema
from ingestion.domain.schemas.fields import ExtractedField, SchemaSpec
from quality.adapters.torch_confidence import TorchRuntime
from quality.domain.evaluation import ModelEvaluation, evaluate_model
from quality.domain.pools import family_of, pool_of
from quality.domain.training import Dataset, LabelKind, LabelledExample, TrainedModel, TrainingConfig, build_dataset
from samples.generate import make_samples
from samples.plans import batch_plans
from samples.sample import Sample

SEED = 4_711
LABELLED_AT = datetime(2025, 6, 1, tzinfo=UTC)
BATCH = 10_000


@dataclass(frozen=True, slots=True)
class LabelledSample:
    """Document with its schema and its extracted fields."""

    sample: Sample
    schema: SchemaSpec
    fields: tuple[ExtractedField, ...]
    right: dict[str, bool]

    def examples(self) -> Iterator[LabelledExample]:
        """Yield a label for each field whose truth the generator knows."""
        truth: dict[str, Any] = self.sample.truth["fields"]  # type: ignore[assignment]  # plain data by contract
        known = {name: value["normalized"] for name, value in truth.items()}
        family = family_of(self.schema.key, known, self.sample.name)
        for found in self.fields:
            if found.name in self.right:
                yield LabelledExample(
                    id=f"{self.sample.name}/{found.name}",
                    kind=LabelKind.CONFIRMED if self.right[found.name] else LabelKind.CORRECTED,
                    document=self.sample.name,
                    schema=self.schema.key,
                    field=found.name,
                    model_prediction=found.normalized,
                    expert_correction=known[found.name],
                    confidence=found.confidence,
                    features=found.features,
                    model_version="prior",
                    reviewer_role="reviewer",
                    pool=pool_of(family),
                    family=family,
                    created_at=LABELLED_AT,
                )


def label_sample(sample: Sample, readings: Readings, folder: Path) -> LabelledSample:
    """Read a document and compare its fields with its truth."""
    path = folder / sample.filename
    path.write_bytes(sample.content)
    pages = readings.of(path)
    path.unlink()
    schema = built_in_schema(str(sample.truth["schema"]))
    fields, order = extract_fields(build_document_rows(pages), schema), date_order_of(pages)
    truth: dict[str, Any] = sample.truth["fields"]  # type: ignore[assignment]  # plain data by contract
    right = {
        found.name: same_value(
            schema.spec(found.name).kind, truth[found.name]["normalized"], found.normalized, order=order
        )
        for found in fields
        if found.name in truth
    }
    return LabelledSample(sample, schema, fields, right)


def make_labelled_samples(count: int, cache: Path | None) -> Dataset:
    """Generate, read and label documents, half of them scans."""
    examples: list[LabelledExample] = []
    with tempfile.TemporaryDirectory() as name, Readings(cache) as readings:
        for sample in make_samples(batch_plans(SEED, count)):
            examples += label_sample(sample, readings, Path(name)).examples()
    return build_dataset(examples)


def train(runtime: TorchRuntime, dataset: Dataset, times: int) -> tuple[TrainedModel, list[float]]:
    """Train several times: the time varies, the model does not."""
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        model = runtime.train(dataset, TrainingConfig())
        seconds.append(time.perf_counter() - began)
    return model, seconds


def report(dataset: Dataset, model: TrainedModel, seconds: Sequence[float], runtime: TorchRuntime) -> Iterator[str]:
    """Yield the tables."""
    held_out = dataset.audit
    cases, right = [one.case for one in held_out], [one.right for one in held_out]
    took, device = spread(seconds), runtime.device()
    began = time.perf_counter()
    runtime.predict(model.weights, [held_out[at % len(held_out)].case for at in range(BATCH)])
    batch_ms = 1000 * (time.perf_counter() - began)
    wrong = sum(not one.right for pool in (dataset.train, dataset.calibrate, dataset.audit) for one in pool)
    yield (
        f"{len(dataset)} labels ({wrong} of them corrections): {len(dataset.train)} to learn from, "
        f"{len(dataset.calibrate)} to calibrate by, {len(held_out)} held out to measure on.\n"
    )
    yield (
        f"Training on {device.kind} ({device.runtime}): p50 {took.p50:.2f} s, slowest {took.most:.2f} s of "
        f"{took.count}; {model.metrics['epochs']:.0f} epochs until the families held back got no better; "
        f"weights {len(model.weights) / 1024:.0f} KiB. {BATCH:,} fields are judged in {batch_ms:.0f} ms.\n"
    )
    yield "On the labels held out:\n"
    head = ("source of the confidence", "log loss", "Brier", "calibration error", "AUROC, 95 % interval")
    yield table(
        head,
        (
            _row("the reader's own estimate", evaluate_model([case.confidence for case in cases], right)),
            _row("the trained model", evaluate_model(runtime.predict(model.weights, cases), right)),
        ),
    )


def _row(name: str, figures: ModelEvaluation) -> tuple[str, ...]:
    ranked = figures.auroc
    auroc = f"{ranked.value:.3f} ({ranked.low:.3f} to {ranked.high:.3f})" if ranked else "-"
    return (name, f"{figures.log_loss:.3f}", f"{figures.brier:.3f}", f"{figures.ece:.3f}", auroc)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=240)
    parser.add_argument("--times", type=int, default=5, help="trainings, for the time (5)")
    parser.add_argument("--cache", type=Path, help="folder that keeps readings between runs")
    options = parser.parse_args()
    runtime = TorchRuntime()
    dataset = make_labelled_samples(options.documents, options.cache)
    model, seconds = train(runtime, dataset, options.times)
    print(f"{options.documents} generated documents of all kinds, half of them scans, a third with a flaw.\n")
    print("\n".join(report(dataset, model, seconds, runtime)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
