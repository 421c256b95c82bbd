"""Inference of the models on the processor: by OpenVINO where that is faster, else by ONNX Runtime.

The detector is one convolution over a large picture after another: OpenVINO takes a quarter of the time of ONNX
Runtime. The recogniser reads lines of all widths: OpenVINO compiles it for each width and is then no faster in 32 bits.
Both compute in 32 bits here, so that results depend neither on the runtime nor on the processor: as it comes, OpenVINO
uses 16 bits where the processor has instructions for them, and probabilities differ by up to 0.28.
"""

import os
import sys
import threading
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

from ingestion.adapters.ocr.ppocr.weights import DETECTION, RECOGNITION, ModelFile, verified_path

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

PRECISION: Final = "f32"
ONNX_RUNTIME, OPENVINO = "onnxruntime", "openvino"
PREFERRED: Final[Mapping[ModelFile, str]] = {DETECTION: OPENVINO, RECOGNITION: ONNX_RUNTIME}
"""Runtime of each model, if it is installed."""


class InferenceModel(Protocol):
    """Loaded model with one input and one output."""

    def run(self, tensor: "Floats") -> "Floats":
        """Return the output for an input; may be called from several threads."""
        ...

    def metadata(self, name: str) -> str:
        """Return a value that is stored in the model's file; raises KeyError."""
        ...


def runtime_of(model: ModelFile) -> str:
    """Return the name of the runtime that a model is loaded with."""
    preferred = PREFERRED[model]
    return preferred if find_spec(preferred) else ONNX_RUNTIME


def runtime_versions() -> str:
    """Return the runtimes of detector and recogniser with version and precision; raises PackageNotFoundError."""
    names = dict.fromkeys(runtime_of(model) for model in (DETECTION, RECOGNITION))
    return ", ".join(f"{name} {version(name)} {PRECISION}" for name in names)


def missing_runtime() -> str:
    """Return why no model can be loaded; an empty text if one can."""
    try:
        runtime_versions()
    except PackageNotFoundError as absent:
        return f"the package {absent.name} is not installed"
    return ""


def load_model(model: ModelFile) -> InferenceModel:
    """Load a model with one thread per call, because processes run in parallel; raises ModelMissing."""
    loaded: InferenceModel = OpenVinoModel(model) if runtime_of(model) == OPENVINO else OnnxRuntimeModel(model)
    return loaded


class OnnxRuntimeModel:
    """Model in ONNX Runtime."""

    def __init__(self, model: ModelFile) -> None:
        """Load the model; raises ModelMissing."""
        import onnxruntime

        options: Any = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # an arena would keep the largest page's memory permanently
        options.log_severity_level = 4
        self._session = onnxruntime.InferenceSession(
            str(verified_path(model)), options, providers=["CPUExecutionProvider"]
        )
        self._input = self._session.get_inputs()[0].name

    def run(self, tensor: "Floats") -> "Floats":
        """Return the output for an input."""
        return cast("Floats", self._session.run(None, {self._input: tensor})[0])

    def metadata(self, name: str) -> str:
        """Return a value of the model's file; raises KeyError."""
        found: str = self._session.get_modelmeta().custom_metadata_map[name]
        return found


def _openvino() -> Any:  # noqa: ANN401 - the package's module
    """Import OpenVINO without its telemetry client, which its import starts, and which needs a home directory."""
    sys.modules.setdefault("openvino_telemetry", cast("Any", None))  # its own stub takes the place
    import openvino

    return openvino


class OpenVinoModel:
    """Model in OpenVINO, compiled for each shape of its input, of which the latest is kept.

    Compiled for any shape, it would hold half a gigabyte after the first page instead of a quarter, and its first
    inference for a shape takes as long. Until then it starts no thread, so that processes can be forked after the load.
    """

    def __init__(self, model: ModelFile) -> None:
        """Load the model; raises ModelMissing."""
        self._core = _openvino().Core()
        self._model = self._core.read_model(str(verified_path(model)))
        self._shape: tuple[int, ...] = ()
        self._request: Any = None
        self._process = 0  # that compiled it
        self._lock = threading.Lock()

    def run(self, tensor: "Floats") -> "Floats":
        """Return the output for an input; raises RuntimeError in a process that was forked after an earlier run.

        OpenVINO's threads are missing there, and it would wait for them without end.
        """
        if self._process not in {0, os.getpid()}:
            message = "the model was compiled before this process was forked"
            raise RuntimeError(message)
        with self._lock:  # a request computes one input at a time
            if tensor.shape != self._shape:
                self._compile(tensor.shape)
            return cast("Floats", self._request.infer([tensor])[0])

    def metadata(self, name: str) -> str:
        """Return a value of the model's file; raises KeyError."""
        place = ["framework", name]
        if not self._model.has_rt_info(place):
            raise KeyError(name)
        return str(self._model.get_rt_info(place).value)

    @property
    def precision(self) -> str:
        """Precision in which the latest input was computed."""
        kind = self._request.get_compiled_model().get_property("INFERENCE_PRECISION_HINT")
        return str(kind.get_type_name())

    def _compile(self, shape: tuple[int, ...]) -> None:
        self._request, self._shape = None, ()  # frees the memory of the previous shape first
        sized = self._model.clone()
        sized.reshape(list(shape))
        settings = {
            "INFERENCE_PRECISION_HINT": PRECISION,
            "INFERENCE_NUM_THREADS": 1,
            "NUM_STREAMS": 1,
            "ENABLE_CPU_PINNING": False,  # several processes would share one core
        }
        self._request = self._core.compile_model(sized, "CPU", settings).create_infer_request()
        self._shape, self._process = shape, os.getpid()
