"""Containers through a real child process: every file is unpacked or reported, or none of them counts."""

import os
from pathlib import Path

import pytest

from ingestion.adapters.reader.page_reader import SandboxedPageReader
from ingestion.adapters.reader.unpacker import SandboxedUnpacker
from ingestion.adapters.sandbox.pool import SandboxDied, SandboxPool, SandboxProcess
from ingestion.domain.errors import (
    CorruptFile,
    PolicyViolation,
    ResourceLimit,
    TooLarge,
    UnsupportedFile,
    WrongPassword,
)
from ingestion.domain.formats.containers import ContainerLimits, SkippedFile, SkipReason
from ingestion.domain.formats.entries.archives import ZIP
from ingestion.domain.formats.entries.mails import EML
from ingestion.domain.formats.entries.pdf import PDF
from ingestion.domain.ports import ContainerContents, UnpackOptions
from tests.support import container_files


def unpack(
    reader: SandboxedPageReader, folder: Path, content: bytes, media_type: str = ZIP, **options: object
) -> ContainerContents:
    """Unpack a container in a child process."""
    source = folder / "box"
    source.write_bytes(content)
    files = folder / "files"
    files.mkdir(exist_ok=True)
    wanted = UnpackOptions(media_type, **options)  # type: ignore[arg-type]  # a test names what it needs
    return SandboxedUnpacker(reader.pool).unpack(source, files, wanted)


class ExhaustedPool(SandboxPool):
    """Pool whose children use all their CPU time before they answer."""

    taken = 0

    def acquire(self) -> SandboxProcess:
        """Count another failed child."""
        self.taken += 1
        raise SandboxDied(exhausted=True, cpu_exhausted=True)


def test_unpacker_endless_container_is_tried_once(tmp_path: Path) -> None:
    """Another child would take as long."""
    pool, source = ExhaustedPool(prestart=False), tmp_path / "box"
    source.touch()
    with pytest.raises(ResourceLimit):
        SandboxedUnpacker(pool).unpack(source, tmp_path, UnpackOptions(ZIP))
    assert pool.taken == 1


def test_unpacker_gives_files_and_names_skipped_ones(reader: SandboxedPageReader, tmp_path: Path) -> None:
    noise = os.urandom(700_000)
    found = unpack(
        reader, tmp_path, container_files.zipped({"a.pdf": container_files.PDF, "b.bin": noise, "x/.DS_Store": b"x"})
    )
    assert [(one.part, one.name, one.size) for one in found.files] == [
        (1, "a.pdf", len(container_files.PDF)),
        (2, "b.bin", len(noise)),
    ]
    assert found.files[1].path.read_bytes() == noise
    assert found.files[1].head == noise[:4096]
    assert found.skipped == (SkippedFile(3, "x/.DS_Store", SkipReason.LITTER),)


def test_unpacker_damaged_file_does_not_affect_others(reader: SandboxedPageReader, tmp_path: Path) -> None:
    content = bytearray(container_files.zipped({"a.pdf": container_files.PDF, "b.bin": os.urandom(1000)}, 0))
    content[200] ^= 0xFF
    found = unpack(reader, tmp_path, bytes(content))
    assert [one.name for one in found.files] == ["a.pdf"]
    assert found.skipped == (SkippedFile(2, "b.bin", SkipReason.DAMAGED),)
    assert sorted(path.name for path in (tmp_path / "files").iterdir()) == ["part-000001"]


def test_unpacker_archive_with_damaged_files_only_is_corrupt(reader: SandboxedPageReader, tmp_path: Path) -> None:
    content = bytearray(container_files.zipped({"b.bin": os.urandom(1000)}, 0))
    content[200] ^= 0xFF
    with pytest.raises(CorruptFile):
        unpack(reader, tmp_path, bytes(content))


def test_unpacker_unknown_compression_is_reported(reader: SandboxedPageReader, tmp_path: Path) -> None:
    content = container_files.zipped({"a.pdf": container_files.PDF}, 0)
    strange = container_files.zip_with_method(content, 97)
    with pytest.raises(UnsupportedFile):
        unpack(reader, tmp_path, strange)


def test_unpacker_mail_has_headers(reader: SandboxedPageReader, tmp_path: Path) -> None:
    message = container_files.mail_with_files(
        "Invoices", ("a.pdf", "application/pdf", container_files.PDF), ("s.p7s", "application/x", b"s")
    )
    found = unpack(reader, tmp_path, message.as_bytes(), EML)
    assert found.mail_headers
    assert (found.mail_headers.sender, found.mail_headers.subject) == ("Ann <ann@example.org>", "Invoices")
    assert [one.name for one in found.files] == ["a.pdf"]
    assert found.skipped == (SkippedFile(2, "s.p7s", SkipReason.SIDE),)


def test_unpacker_pdf_portfolio_gives_files(reader: SandboxedPageReader, tmp_path: Path) -> None:
    content = container_files.pdf_with_attachments(
        tmp_path / "a.pdf", {"b.pdf": container_files.PDF, "factur-x.xml": b"<x/>"}
    ).read_bytes()
    found = unpack(reader, tmp_path, content, PDF)
    assert [one.name for one in found.files] == ["b.pdf"]
    assert [one.reason for one in found.skipped] == [SkipReason.DATA]


def test_unpacker_uses_password(reader: SandboxedPageReader, tmp_path: Path) -> None:
    content = container_files.encrypted_zip({"a.pdf": container_files.PDF}, "sesame", 3)
    (file,) = unpack(reader, tmp_path, content, password="sesame").files
    assert file.path.read_bytes() == container_files.PDF
    with pytest.raises(WrongPassword):
        unpack(reader, tmp_path, content, password="other")


@pytest.mark.parametrize(
    ("content", "limits", "kind"),
    [
        (container_files.zip_with_false_sizes(1000, 5_000_000), ContainerLimits(), PolicyViolation),
        (container_files.zipped({"a.bin": os.urandom(3000)}), ContainerLimits(total_bytes=2000), TooLarge),
        (container_files.zipped({str(number): b"x" for number in range(4)}), ContainerLimits(entries=3), TooLarge),
    ],
    ids=["lying", "bytes", "entries"],
)
def test_unpacker_refusal_applies_to_whole_container(
    reader: SandboxedPageReader, tmp_path: Path, content: bytes, limits: ContainerLimits, kind: type[Exception]
) -> None:
    with pytest.raises(kind):
        unpack(reader, tmp_path, content, limits=limits)
