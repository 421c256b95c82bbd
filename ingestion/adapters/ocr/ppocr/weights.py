"""Location of the models, and verification that they are the ones that were measured."""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

PACKAGE = "rapidocr"
VERSION = "PP-OCRv6-small"


class ModelMissing(Exception):
    """The package with the models is not installed, or its models are not the expected ones."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """Model inside the package: its name and the SHA-256 it must have."""

    name: str
    sha256: str


DETECTION = ModelFile("PP-OCRv6_det_small.onnx", "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f")
RECOGNITION = ModelFile("PP-OCRv6_rec_small.onnx", "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884")


@cache
def model_folder() -> Path:
    """Return the folder of the models without importing the package; raises ModelMissing."""
    try:
        return Path(str(distribution(PACKAGE).locate_file(PACKAGE))) / "models"
    except PackageNotFoundError as absent:
        message = f"the package {PACKAGE} is not installed"
        raise ModelMissing(message) from absent


def verified_path(model: ModelFile) -> Path:
    """Return a model's path after verifying its digest; raises ModelMissing."""
    path = model_folder() / model.name
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as absent:
        raise ModelMissing(model.name) from absent
    if digest != model.sha256:
        message = f"{model.name} does not have the expected digest"
        raise ModelMissing(message)
    return path
