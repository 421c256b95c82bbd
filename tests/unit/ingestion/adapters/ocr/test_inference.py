"""Both runtimes compute the same, in 32 bits, from several threads and in forked processes."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from ingestion.adapters.ocr.ppocr import inference
from ingestion.adapters.ocr.ppocr.inference import (
    InferenceModel,
    OnnxRuntimeModel,
    OpenVinoModel,
    load_model,
    missing_runtime,
    runtime_versions,
)
from ingestion.adapters.ocr.ppocr.weights import DETECTION, RECOGNITION, ModelFile
from ingestion.adapters.sandbox.launcher import ROOT, clean_environment

Floats = np.ndarray[Any, np.dtype[np.float32]]
INPUTS = ((DETECTION, (1, 3, 96, 160)), (RECOGNITION, (1, 3, 48, 160)))


def random_input(shape: tuple[int, ...], seed: int = 1) -> Floats:
    """Return numbers as in pictures."""
    return np.random.default_rng(seed).uniform(-1, 1, shape).astype(np.float32)


@pytest.fixture(scope="module", params=INPUTS, ids=["detection", "recognition"])
def pair(request: pytest.FixtureRequest) -> tuple[InferenceModel, InferenceModel, tuple[int, ...]]:
    """Return one model in both runtimes, and a shape of its input."""
    model, shape = request.param
    return OnnxRuntimeModel(model), OpenVinoModel(model), shape


def test_runtimes_give_equal_numbers(pair: tuple[InferenceModel, InferenceModel, tuple[int, ...]]) -> None:
    """16 bits would differ in the second decimal."""
    onnx, openvino, shape = pair
    tensor = random_input(shape)
    expected = onnx.run(tensor)
    assert expected.std() > 0
    np.testing.assert_allclose(openvino.run(tensor), expected, atol=1e-4)


def test_openvino_computes_in_32_bits_on_every_processor() -> None:
    model = OpenVinoModel(DETECTION)
    model.run(random_input(INPUTS[0][1]))
    assert model.precision == inference.PRECISION


def test_results_of_threads_do_not_mix(pair: tuple[InferenceModel, InferenceModel, tuple[int, ...]]) -> None:
    _, openvino, (*head, width) = pair
    tensors = [random_input((*head, width + 32 * (seed % 3)), seed) for seed in range(12)]
    alone = [openvino.run(tensor) for tensor in tensors]
    with ThreadPoolExecutor(3) as pool:
        beside = list(pool.map(openvino.run, tensors))
    for expected, found in zip(alone, beside, strict=True):
        np.testing.assert_array_equal(found, expected)


FORKING = """
import os
import cv2
import numpy as np
from ingestion.adapters.ocr.ppocr.engine import PpOcrEngine

cv2.setNumThreads(1)
engine = PpOcrEngine()
engine.warm()
print(len(os.listdir("/proc/self/task")), flush=True)
for side in (736, 800):
    if os.fork() == 0:
        for height in (side, side + 32):
            engine.detector.find(np.full((height, side, 3), 255, np.uint8))
        engine.recogniser.read(np.full((48, side, 3), 255, np.uint8))
        os._exit(0)
print(*(os.wait()[1] for _ in range(2)))
"""


def test_processes_forked_after_the_load_read() -> None:
    """Loading starts no thread, beside which the fork server refuses to fork; each child compiles for its pages."""
    command = [sys.executable, "-c", FORKING]
    done = subprocess.run(
        command, cwd=ROOT, env=clean_environment(), capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.split() == ["1", "0", "0"]


def test_process_forked_after_a_run_is_refused() -> None:
    """It would wait without end for threads that it lacks."""
    model = OpenVinoModel(DETECTION)
    model.run(random_input(INPUTS[0][1]))
    child = os.fork()
    if child == 0:
        try:
            model.run(random_input(INPUTS[0][1]))
        except RuntimeError:
            os._exit(0)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_metadata_is_the_same(pair: tuple[InferenceModel, InferenceModel, tuple[int, ...]]) -> None:
    onnx, openvino, shape = pair
    if shape == INPUTS[1][1]:
        assert openvino.metadata("character") == onnx.metadata("character") != ""
    for model in (onnx, openvino):
        with pytest.raises(KeyError):
            model.metadata("no such name")


@pytest.mark.parametrize("model", [DETECTION, RECOGNITION], ids=["detection", "recognition"])
def test_without_openvino_onnx_runtime_computes(model: ModelFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inference, "find_spec", lambda _: None)
    assert isinstance(load_model(model), OnnxRuntimeModel)
    assert "openvino" not in runtime_versions()


def test_engine_is_named_with_runtimes_and_precision() -> None:
    """Pages that another runtime read are not used again."""
    assert missing_runtime() == ""
    assert {name.split()[0] for name in runtime_versions().split(", ")} == {"openvino", "onnxruntime"}
    assert runtime_versions().count(" f32") == 2
