"""Paths of the fitted calibrations that ship with the program."""

from pathlib import Path

CALIBRATION_FOLDER = Path(__file__).resolve().parent / "artefacts"
WORD_CONFIDENCE_PATH = CALIBRATION_FOLDER / "word_confidence.json"
PAGE_CONFIDENCE_PATH = CALIBRATION_FOLDER / "page_confidence.json"
