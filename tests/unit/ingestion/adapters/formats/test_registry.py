"""Every entry of the format registry is complete: detected by its example, unambiguous, and opened."""

from collections import Counter

import pytest

from ingestion.adapters.formats.open_file import CONTAINER_OPENERS, OPENER_MODULES, PAGE_OPENERS
from ingestion.domain.formats.file_format import FileFormat
from ingestion.domain.formats.intake import IntakeLimits, admit_file, detect_media_type
from ingestion.domain.formats.registry import ARCHIVES, BY_MEDIA_TYPE, FORMATS, MAILS, list_formats
from ingestion.selectors.labels import FILE_TYPE_LABELS, file_type_label

every_format = pytest.mark.parametrize("file_format", FORMATS, ids=lambda one: one.name)


@every_format
def test_format_example_is_detected_and_admitted(file_format: FileFormat) -> None:
    example, name = file_format.example, f"example{file_format.suffixes[0]}"
    assert example, "an entry needs an example"
    assert detect_media_type(example, example, name, "") == file_format.media_type
    admitted = admit_file(
        head=example, tail=example, filename=name, declared_type="", size=1, sha256="", limits=IntakeLimits()
    )
    assert admitted.media_type == file_format.media_type


@every_format
def test_format_has_an_opener(file_format: FileFormat) -> None:
    assert file_format.media_type in ARCHIVES or file_format.media_type in PAGE_OPENERS
    assert file_format.media_type not in ARCHIVES | MAILS or file_format.media_type in CONTAINER_OPENERS


@every_format
def test_format_is_described(file_format: FileFormat) -> None:
    assert file_format.proves or file_format.detects
    assert file_format.note
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in file_format.suffixes)
    assert file_type_label(file_format.media_type) == (file_format.label or file_format.name)
    assert file_format.name in list_formats()


def test_formats_claim_distinct_types_and_suffixes() -> None:
    claimed = Counter(name for one in FORMATS for name in (one.media_type, *one.aliases, *one.suffixes))
    assert [name for name, count in claimed.items() if count > 1] == []
    assert FILE_TYPE_LABELS.keys() == BY_MEDIA_TYPE.keys()


@pytest.mark.parametrize("openers", ["PAGE_OPENERS", "CONTAINER_OPENERS"])
def test_openers_claim_distinct_registered_types(openers: str) -> None:
    claimed = Counter(media_type for module in OPENER_MODULES for media_type in getattr(module, openers, {}))
    assert [media_type for media_type, count in claimed.items() if count > 1] == []
    assert claimed.keys() <= BY_MEDIA_TYPE.keys()
