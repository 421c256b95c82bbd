"""Paths of the fitted calibrations that ship with the program."""

from pathlib import Path

_ARTEFACTS = Path(__file__).resolve().parent / "artefacts"
WORD_CONFIDENCE_PATH = _ARTEFACTS / "word_confidence.json"
PAGE_CONFIDENCE_PATH = _ARTEFACTS / "page_confidence.json"
