"""The fitted calibrations that ship with the program."""

from pathlib import Path

_ARTEFACTS = Path(__file__).resolve().parent / "artefacts"
ARTEFACT = _ARTEFACTS / "word_confidence.json"
PAGE_ARTEFACT = _ARTEFACTS / "page_confidence.json"
