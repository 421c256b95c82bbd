"""Fitted forests of word confidence, evaluated by ONNX Runtime, all words of a page in one call."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np


class DamagedCalibration(Exception):
    """A fitted forest is not the file that the calibration names."""


class OnnxForest:
    """Forest in ONNX Runtime, in 64 bits: results do not depend on the processor."""

    def __init__(self, model: bytes) -> None:
        """Load a model with one thread and no threads of its own, so that processes can be forked afterwards."""
        import onnxruntime

        options: Any = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 4
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name
        names: list[str] = json.loads(self._session.get_modelmeta().custom_metadata_map["features"])
        self.feature_names = tuple(names)

    def probabilities(self, rows: Sequence[Sequence[float]]) -> tuple[float, ...]:
        """Return the probability for each row of features, in the order of `feature_names`."""
        table = np.asarray(rows, dtype=np.float64).reshape(len(rows), len(self.feature_names))
        found: list[float] = self._session.run(None, {self._input: table})[0].ravel().tolist()
        return tuple(found)


def load_forests(folder: Path, digests: Mapping[str, str]) -> dict[str, OnnxForest]:
    """Load the forest of each basis; raises DamagedCalibration if a file does not have its SHA-256 of `digests`."""
    forests = {}
    for basis, digest in digests.items():
        model = forest_path(folder, basis).read_bytes()
        if hashlib.sha256(model).hexdigest() != digest:
            message = f"the forest {basis} does not have the expected digest"
            raise DamagedCalibration(message)
        forests[basis] = OnnxForest(model)
    return forests


def forest_path(folder: Path, basis: str) -> Path:
    """Return the file of a basis."""
    return folder / f"word_confidence.{basis}.onnx"
