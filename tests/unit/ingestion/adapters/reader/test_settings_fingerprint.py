"""Fingerprint of the reading settings: which options it includes and which it ignores."""

from dataclasses import replace

import pytest

from ingestion.adapters.reader import environment
from ingestion.adapters.reader.environment import reading_fingerprint
from ingestion.domain.ports import ReadingOptions

USUAL = ReadingOptions("application/pdf")


@pytest.mark.parametrize(
    "other",
    [
        {"mode": "thorough"},
        {"engines": ("tesseract",)},
        {"engines": ("tesseract", "rapidocr")},
        {"language": "deu"},
        {"media_type": "image/tiff"},
    ],
)
def test_settings_fingerprint_changes_with_reading_options(other: dict[str, object]) -> None:
    """Mode, engines and their order, language, type."""
    assert reading_fingerprint(replace(USUAL, **other)) != reading_fingerprint(USUAL)  # type: ignore[arg-type]  # parametrized


def test_settings_fingerprint_ignores_password_first_page_and_path() -> None:
    """They open the file, resume an attempt, or locate data, and do not affect the result."""
    options = replace(USUAL, password="secret", first_page=7, rendition_key="tenants/one/renditions/two")
    assert reading_fingerprint(options) == reading_fingerprint(USUAL)


def test_settings_fingerprint_changes_with_code_or_engine_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """It changes without a manually maintained version number."""
    before = reading_fingerprint(USUAL)
    monkeypatch.setattr(environment, "reader_code_digest", lambda: "changed")
    changed_code = reading_fingerprint(USUAL)
    described = environment.describe_environment()
    engines = tuple(replace(engine, version=f"{engine.version}.1", problem="") for engine in described.engines)
    monkeypatch.setattr(environment, "describe_environment", lambda: replace(described, engines=engines))
    assert len({before, changed_code, reading_fingerprint(USUAL)}) == 3


def test_settings_fingerprint_fits_column() -> None:
    """64 characters."""
    assert len(reading_fingerprint(USUAL)) == 64
