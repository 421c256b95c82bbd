"""What reading stands on here: for the health page, and for the record of what read a document."""

import json
from dataclasses import asdict, dataclass, replace
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from ingestion.adapters.formats.office.program import libreoffice_version
from ingestion.adapters.ocr.calibration_files import ARTEFACT, PAGE_ARTEFACT
from ingestion.adapters.ocr.ppocr import weights
from ingestion.adapters.ocr.tesseract_program import tesseract_languages, tesseract_version
from ingestion.adapters.sandbox.launcher import bubblewrap_path, sandbox_kind
from ingestion.domain.ports import ReadingOptions


@dataclass(frozen=True, slots=True)
class Engine:
    """A part that reads: `version` names code and model together; `problem` says why it is not to be had."""

    name: str
    version: str
    problem: str = ""

    @property
    def available(self) -> bool:
        """Say whether it can be used."""
        return not self.problem


@dataclass(frozen=True, slots=True)
class ReadingEnvironment:
    """The engines, the sandbox (`bubblewrap` or `plain`), the witness's languages, the calibration in use."""

    engines: tuple[Engine, ...]
    sandbox: str
    languages: tuple[str, ...]
    calibration: str

    @property
    def version(self) -> str:
        """Name everything that a reading depends on, in one line: equal lines read alike."""
        parts = [f"{engine.name} {engine.version}" for engine in self.engines if engine.available]
        return "; ".join([*parts, self.calibration])


@cache
def describe_environment() -> ReadingEnvironment:
    """Look once; loads no engine."""
    fits = (json.loads(artefact.read_text(encoding="utf-8")) for artefact in (ARTEFACT, PAGE_ARTEFACT))
    calibration = ", ".join(str(fit["version"]) for fit in fits)
    engines = (_package("pymupdf"), _ppocr(), _tesseract(), _libreoffice())
    return ReadingEnvironment(engines, sandbox_kind(), tesseract_languages(), calibration)


def reading_settings(options: ReadingOptions) -> str:
    """Name all that a reading depends on besides its file, as one digest: equal names read alike.

    A password opens the file and changes nothing of it; neither do the pages that a reading begins with or leaves
    out, nor the place where papers are kept; a page that was turned has a name of its own. The code counts as a
    whole, so that nobody has to remember a number when a step of the preparation changes.
    """
    asked = asdict(replace(options, first_page=1, known=(), turns=(), password=None, paper=""))
    wishes = [f"{name}={value}" for name, value in sorted(asked.items())]
    named = "\n".join([describe_environment().version, reader_code(), *wishes])
    return sha256(named.encode()).hexdigest()


@cache
def reader_code() -> str:
    """Give the digest of the reader's own code: adapters and rules, with the artefacts beside them."""
    home = Path(__file__).resolve().parents[2]
    digest = sha256()
    for folder in ("adapters", "domain"):
        for path in sorted((home / folder).rglob("*")):
            if path.suffix in {".py", ".json"}:
                digest.update(f"{path.relative_to(home)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def _package(name: str) -> Engine:
    try:
        return Engine(name, version(name))
    except PackageNotFoundError:
        return Engine(name, "", f"the package {name} is not installed")


def _ppocr() -> Engine:
    runtime = _package("onnxruntime")
    if not runtime.available:
        return Engine("rapidocr", "", runtime.problem)
    try:
        for model in (weights.DETECTION, weights.RECOGNITION):
            weights.locate(model)
    except weights.ModelMissing as missing:
        return Engine("rapidocr", "", str(missing))
    return Engine("rapidocr", f"{weights.VERSION} {weights.RECOGNITION.sha256[:8]} onnxruntime {runtime.version}")


def _tesseract() -> Engine:
    found = tesseract_version()
    return Engine("tesseract", found) if found else Engine("tesseract", "", "tesseract is not installed")


def _libreoffice() -> Engine:
    if bubblewrap_path() is None:
        return Engine("libreoffice", "", "bubblewrap is missing, without which no office program is started")
    found = libreoffice_version()
    return Engine("libreoffice", found) if found else Engine("libreoffice", "", "libreoffice is not installed")
