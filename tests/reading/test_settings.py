"""The one name of a reading's settings: what it heeds, and what it must not."""

from dataclasses import replace

import pytest

from ingestion.adapters.reader import environment
from ingestion.adapters.reader.environment import reading_settings
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
def test_what_changes_a_reading_changes_its_name(other: dict[str, object]) -> None:
    """Mode, engines and their order, language, type."""
    assert reading_settings(replace(USUAL, **other)) != reading_settings(USUAL)  # type: ignore[arg-type]  # parametrized


def test_password_first_page_and_place_are_not_in_it() -> None:
    """They open the file, say where an attempt goes on, and where papers are kept."""
    told = replace(USUAL, password="secret", first_page=7, paper="tenants/one/papers/two")
    assert reading_settings(told) == reading_settings(USUAL)


def test_another_version_of_the_code_or_of_an_engine_is_another_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has to remember to count up a number."""
    before = reading_settings(USUAL)
    monkeypatch.setattr(environment, "reader_code", lambda: "changed")
    changed_code = reading_settings(USUAL)
    described = environment.describe_environment()
    engines = tuple(replace(engine, version=f"{engine.version}.1", problem="") for engine in described.engines)
    monkeypatch.setattr(environment, "describe_environment", lambda: replace(described, engines=engines))
    assert len({before, changed_code, reading_settings(USUAL)}) == 3


def test_the_name_fits_its_column() -> None:
    """64 characters."""
    assert len(reading_settings(USUAL)) == 64
