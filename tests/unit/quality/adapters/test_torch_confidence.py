"""The torch model learns the available signal, is calibrated, and predicts the same without torch."""

import json
import subprocess
import sys
from dataclasses import replace
from math import isfinite

import pytest

from quality.adapters.on_demand import TorchProcess
from quality.adapters.torch_confidence import TorchRuntime, describe_device
from quality.domain.confidence import ConfidenceModel, UnknownWeights
from quality.domain.evaluation import evaluate_model, paired_gain
from quality.domain.ports import ModelRuntime
from quality.domain.promotion import Advice, decide
from quality.domain.training import Dataset, FieldCase, TooFewExamples, TrainedModel, TrainingConfig, build_dataset
from refinery.core.idle_process import IdleProcess
from tests.support.training_examples import make_examples, true_probability

CONFIG = TrainingConfig(epochs=200)


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    """Return 900 documents of 60 senders."""
    return build_dataset(make_examples(900))


@pytest.fixture(scope="module")
def trained(dataset: Dataset) -> TrainedModel:
    """Return one candidate for all tests."""
    return TorchRuntime("cpu").train(dataset, CONFIG)


def _predictions(trained: TrainedModel, dataset: Dataset) -> list[float]:
    model = ConfidenceModel.from_bytes(trained.weights)
    return [model.probability(example.case) for example in dataset.audit]


def test_trained_model_beats_reader_confidence(dataset: Dataset, trained: TrainedModel) -> None:
    right = [example.right for example in dataset.audit]
    ours = evaluate_model(_predictions(trained, dataset), right)
    stated = evaluate_model([example.confidence for example in dataset.audit], right)
    best = evaluate_model(
        [true_probability(each.field, each.confidence, dict(each.features)) for each in dataset.audit], right
    )
    assert ours.brier < ours.brier_prior
    assert ours.log_loss < stated.log_loss - 0.03
    assert ours.log_loss < best.log_loss + 0.03
    assert ours.auroc is not None
    assert stated.auroc is not None
    assert ours.auroc.value > stated.auroc.value + 0.05
    assert ours.ece < 0.07


def test_trained_model_qualifies_for_promotion(dataset: Dataset, trained: TrainedModel) -> None:
    right = [example.right for example in dataset.audit]
    stated = [example.confidence for example in dataset.audit]
    ours = _predictions(trained, dataset)
    gain = paired_gain(ours, stated, right, [example.family for example in dataset.audit])
    verdict = decide(evaluate_model(ours, right), evaluate_model(stated, right), gain)
    assert verdict.advice is Advice.PROMOTE, verdict


def test_exported_model_predicts_like_torch(dataset: Dataset, trained: TrainedModel) -> None:
    cases = [example.case for example in dataset.audit]
    odd = [
        FieldCase("unseen", "field", 1.0, {}),
        FieldCase("invoice", "total", 0.0, {"ocr_min": 1e9, "noise": float("nan")}),
    ]
    runtime: ModelRuntime = TorchRuntime("cpu")
    theirs = runtime.predict(trained.weights, cases + odd)
    model = ConfidenceModel.from_bytes(trained.weights)
    ours = [model.probability(case) for case in cases + odd]
    assert ours == pytest.approx(theirs, abs=1e-9)
    assert all(isfinite(value) and 0 < value < 1 for value in ours)
    assert runtime.predict(trained.weights, []) == []


def test_training_is_deterministic_for_data_and_seed(dataset: Dataset, trained: TrainedModel) -> None:
    again = TorchRuntime("cpu").train(dataset, CONFIG)
    assert again.sha256 == trained.sha256
    other = TorchRuntime("cpu").train(dataset, replace(CONFIG, seed=2))
    assert other.sha256 != trained.sha256


def test_weights_round_trip_are_small_and_contain_no_code(trained: TrainedModel) -> None:
    model = ConfidenceModel.from_bytes(trained.weights)
    assert model.to_bytes() == trained.weights
    assert json.loads(trained.weights)["format"] == "refinery.field-confidence/1"
    assert len(trained.weights) < 100_000
    assert "constant" not in model.scaling.names


@pytest.mark.parametrize("broken", [b"", b"\x80\x04pickle", b"{}", b"[1]", b'{"format":"other/1"}'])
def test_weights_in_foreign_format_are_refused(broken: bytes) -> None:
    with pytest.raises(UnknownWeights):
        ConfidenceModel.from_bytes(broken)


def test_weights_of_wrong_shape_are_refused(trained: TrainedModel) -> None:
    content = json.loads(trained.weights)
    content["w1"] = content["w1"][:-1]
    with pytest.raises(UnknownWeights):
        ConfidenceModel.from_bytes(json.dumps(content).encode())


def test_training_with_too_few_labels_raises() -> None:
    few = build_dataset(make_examples(3))
    with pytest.raises(TooFewExamples, match="at least"):
        TorchRuntime("cpu").train(few, CONFIG)
    unanimous = build_dataset([example for example in make_examples(100) if example.right])
    with pytest.raises(TooFewExamples):
        TorchRuntime("cpu").train(unanimous, CONFIG)


@pytest.mark.parametrize("seed", range(4))
def test_training_with_few_labels_stays_near_reader_confidence(seed: int) -> None:
    """With few labels the model stays near the reader's own confidence."""
    small = build_dataset(make_examples(30, seed=seed))
    many = build_dataset(make_examples(400, seed=99))
    trained = TorchRuntime("cpu").train(small, CONFIG)
    right = [example.right for example in many.audit]
    ours = evaluate_model(_predictions(trained, many), right)
    stated = evaluate_model([example.confidence for example in many.audit], right)
    assert ours.log_loss < stated.log_loss + 0.1


def test_prediction_imports_no_torch() -> None:
    code = (
        "import sys; from quality.domain.confidence import ConfidenceModel; "
        "sys.exit(any(name in sys.modules for name in ('torch', 'numpy')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_describe_device_names_kind_and_runtime() -> None:
    device = describe_device("cpu")
    assert device.kind == "cpu"
    assert device.name
    assert device.runtime.startswith("torch")
    assert TorchRuntime("auto").device().kind in ("cpu", "cuda")


def test_child_process_trains_and_predicts_the_same(dataset: Dataset, trained: TrainedModel) -> None:
    runtime = TorchProcess(IdleProcess())
    cases = [example.case for example in dataset.audit]
    assert runtime.device() == TorchRuntime().device()
    assert runtime.predict(trained.weights, cases) == TorchRuntime().predict(trained.weights, cases)
    again = runtime.train(dataset, CONFIG)
    assert again.metrics.keys() == trained.metrics.keys()
    assert runtime.predict(again.weights, cases) == pytest.approx(_predictions(again, dataset), abs=1e-9)


def test_child_process_raises_typed_errors() -> None:
    runtime = TorchProcess(IdleProcess())
    with pytest.raises(TooFewExamples):
        runtime.train(build_dataset([]), CONFIG)
    with pytest.raises(UnknownWeights):
        runtime.predict(b"{}", [FieldCase("total", "invoice", 0.5, {})])
