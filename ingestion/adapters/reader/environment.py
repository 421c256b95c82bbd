"""Reading environment of this machine: for the health page, and for the record of what read a document."""

import json
from dataclasses import asdict, dataclass, replace
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from ingestion.adapters.formats.einvoice.schematron import missing_rules, rules_version
from ingestion.adapters.formats.office.program import libreoffice_version
from ingestion.adapters.ocr.calibration_files import PAGE_CONFIDENCE_PATH, WORD_CONFIDENCE_PATH
from ingestion.adapters.ocr.ppocr import weights
from ingestion.adapters.ocr.ppocr.inference import missing_runtime, runtime_versions
from ingestion.adapters.ocr.tesseract_program import tesseract_languages, tesseract_version
from ingestion.adapters.sandbox.launcher import bubblewrap_path, sandbox_kind
from ingestion.domain.ports import ReadingOptions


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """Component that reads: `version` identifies code and model together; `problem` says why it is not available."""

    name: str
    version: str
    problem: str = ""

    @property
    def available(self) -> bool:
        """Return whether it can be used."""
        return not self.problem


@dataclass(frozen=True, slots=True)
class ReadingEnvironment:
    """The engines, the sandbox (`bubblewrap` or `plain`), the second engine's languages, the calibration in use."""

    engines: tuple[EngineInfo, ...]
    sandbox: str
    languages: tuple[str, ...]
    calibration: str

    @property
    def version(self) -> str:
        """Return everything that a reading depends on, in one line: equal lines mean equal readings."""
        parts = [f"{engine.name} {engine.version}" for engine in self.engines if engine.available]
        return "; ".join([*parts, self.calibration])


def describe_environment() -> ReadingEnvironment:
    """Inspect the environment, once for each version of LibreOffice, which may be installed later.

    Loads no engine.
    """
    return _environment(libreoffice_version())


@cache
def _environment(office_version: str | None) -> ReadingEnvironment:
    fits = (
        json.loads(artefact.read_text(encoding="utf-8")) for artefact in (WORD_CONFIDENCE_PATH, PAGE_CONFIDENCE_PATH)
    )
    calibration = ", ".join(str(fit["version"]) for fit in fits)
    engines = (_package("pymupdf"), _ppocr(), _tesseract(), _libreoffice(office_version), _official_rules())
    return ReadingEnvironment(engines, sandbox_kind(), tesseract_languages(), calibration)


def reading_fingerprint(options: ReadingOptions) -> str:
    """Return a digest of everything that a reading depends on except the file: equal digests mean equal readings.

    Options that do not change a page's reading are left out: the password, the first page, the known pages and the key
    of the renditions. A rotated page has a separate fingerprint. The digest covers the whole code, so that no version
    number has to be updated when a preprocessing step changes.
    """
    values = asdict(replace(options, first_page=1, known_pages=(), rotations=(), password=None, rendition_key=""))
    settings = [f"{name}={value}" for name, value in sorted(values.items())]
    named = "\n".join([describe_environment().version, reader_code_digest(), *settings])
    return sha256(named.encode()).hexdigest()


@cache
def reader_code_digest() -> str:
    """Return the digest of the reader's own code: adapters and domain, with their data files."""
    home = Path(__file__).resolve().parents[2]
    digest = sha256()
    for folder in ("adapters", "domain"):
        for path in sorted((home / folder).rglob("*")):
            if path.suffix in {".py", ".json", ".onnx"}:
                digest.update(f"{path.relative_to(home)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def _package(name: str) -> EngineInfo:
    try:
        return EngineInfo(name, version(name))
    except PackageNotFoundError:
        return EngineInfo(name, "", f"the package {name} is not installed")


def _ppocr() -> EngineInfo:
    if problem := missing_runtime():
        return EngineInfo("rapidocr", "", problem)
    try:
        for model in (weights.DETECTION, weights.RECOGNITION):
            weights.verified_path(model)
    except weights.ModelMissing as missing:
        return EngineInfo("rapidocr", "", str(missing))
    return EngineInfo("rapidocr", f"{weights.VERSION} {weights.RECOGNITION.sha256[:8]} {runtime_versions()}")


def _tesseract() -> EngineInfo:
    found = tesseract_version()
    return EngineInfo("tesseract", found) if found else EngineInfo("tesseract", "", "tesseract is not installed")


def _libreoffice(found: str | None) -> EngineInfo:
    if bubblewrap_path() is None:
        return EngineInfo("libreoffice", "", "bubblewrap is missing: without it no office program is started")
    return EngineInfo("libreoffice", found) if found else EngineInfo("libreoffice", "", "libreoffice is not installed")


def _official_rules() -> EngineInfo:
    return EngineInfo("e-invoice rules", rules_version(), missing_rules())
