"""Containers through a real child process: every file comes out or is told of, or none of them counts."""

import os
from pathlib import Path

import pytest

from ingestion.adapters.reader.page_reader import SandboxedPageReader
from ingestion.adapters.reader.unpacker import SandboxedUnpacker
from ingestion.adapters.sandbox.pool import Child, ChildDied, Nursery
from ingestion.domain.errors import (
    CorruptFile,
    PolicyViolation,
    ResourceLimit,
    TooLarge,
    UnsupportedFile,
    WrongPassword,
)
from ingestion.domain.formats.containers import EML, ZIP, ContainerLimits, LeftOut, Why
from ingestion.domain.formats.intake import PDF
from ingestion.domain.ports import Contents, UnpackOptions
from tests.reading import boxes


def unpack(
    reader: SandboxedPageReader, folder: Path, content: bytes, media_type: str = ZIP, **options: object
) -> Contents:
    """Take a container apart in a child."""
    source = folder / "box"
    source.write_bytes(content)
    files = folder / "files"
    files.mkdir(exist_ok=True)
    wanted = UnpackOptions(media_type, **options)  # type: ignore[arg-type]  # a test names what it needs
    return SandboxedUnpacker(reader.nursery).unpack(source, files, wanted)


class SpentNursery(Nursery):
    """Its children spend all their processor time before they answer."""

    taken = 0

    def take(self) -> Child:
        """Lose one more."""
        self.taken += 1
        raise ChildDied(exhausted=True, spent=True)


def test_a_container_that_never_ends_is_tried_once(tmp_path: Path) -> None:
    """Another child would need as long."""
    nursery, source = SpentNursery(spare=False), tmp_path / "box"
    source.touch()
    with pytest.raises(ResourceLimit):
        SandboxedUnpacker(nursery).unpack(source, tmp_path, UnpackOptions(ZIP))
    assert nursery.taken == 1


def test_files_come_out_counted_and_the_others_are_named(reader: SandboxedPageReader, tmp_path: Path) -> None:
    noise = os.urandom(700_000)
    found = unpack(reader, tmp_path, boxes.zipped({"a.pdf": boxes.PDF, "b.bin": noise, "x/.DS_Store": b"x"}))
    assert [(one.part, one.name, one.size) for one in found.files] == [
        (1, "a.pdf", len(boxes.PDF)),
        (2, "b.bin", len(noise)),
    ]
    assert found.files[1].path.read_bytes() == noise
    assert found.files[1].head == noise[:4096]
    assert found.left_out == (LeftOut(3, "x/.DS_Store", Why.LITTER),)


def test_a_damaged_file_takes_no_other_along(reader: SandboxedPageReader, tmp_path: Path) -> None:
    content = bytearray(boxes.zipped({"a.pdf": boxes.PDF, "b.bin": os.urandom(1000)}, 0))
    content[200] ^= 0xFF
    found = unpack(reader, tmp_path, bytes(content))
    assert [one.name for one in found.files] == ["a.pdf"]
    assert found.left_out == (LeftOut(2, "b.bin", Why.DAMAGED),)
    assert sorted(path.name for path in (tmp_path / "files").iterdir()) == ["part-000001"]


def test_an_archive_of_damaged_files_alone_is_corrupt(reader: SandboxedPageReader, tmp_path: Path) -> None:
    content = bytearray(boxes.zipped({"b.bin": os.urandom(1000)}, 0))
    content[200] ^= 0xFF
    with pytest.raises(CorruptFile):
        unpack(reader, tmp_path, bytes(content))


def test_files_packed_in_an_unknown_way_are_told_of(reader: SandboxedPageReader, tmp_path: Path) -> None:
    content = boxes.zipped({"a.pdf": boxes.PDF}, 0)
    strange = boxes.with_method(content, 97)
    with pytest.raises(UnsupportedFile):
        unpack(reader, tmp_path, strange)


def test_a_mail_is_told_with_who_wrote_it(reader: SandboxedPageReader, tmp_path: Path) -> None:
    message = boxes.mail("Invoices", ("a.pdf", "application/pdf", boxes.PDF), ("s.p7s", "application/x", b"s"))
    found = unpack(reader, tmp_path, message.as_bytes(), EML)
    assert found.letterhead
    assert (found.letterhead.sender, found.letterhead.subject) == ("Ann <ann@example.org>", "Invoices")
    assert [one.name for one in found.files] == ["a.pdf"]
    assert found.left_out == (LeftOut(2, "s.p7s", Why.SIDE),)


def test_a_portfolio_gives_its_files(reader: SandboxedPageReader, tmp_path: Path) -> None:
    content = boxes.pdf_with(tmp_path / "a.pdf", {"b.pdf": boxes.PDF, "factur-x.xml": b"<x/>"}).read_bytes()
    found = unpack(reader, tmp_path, content, PDF)
    assert [one.name for one in found.files] == ["b.pdf"]
    assert [one.why for one in found.left_out] == [Why.DATA]


def test_a_password_goes_along(reader: SandboxedPageReader, tmp_path: Path) -> None:
    content = boxes.locked({"a.pdf": boxes.PDF}, "sesame", 3)
    (file,) = unpack(reader, tmp_path, content, password="sesame").files
    assert file.path.read_bytes() == boxes.PDF
    with pytest.raises(WrongPassword):
        unpack(reader, tmp_path, content, password="other")


@pytest.mark.parametrize(
    ("content", "limits", "kind"),
    [
        (boxes.shrunk(1000, 5_000_000), ContainerLimits(), PolicyViolation),
        (boxes.zipped({"a.bin": os.urandom(3000)}), ContainerLimits(total_bytes=2000), TooLarge),
        (boxes.zipped({str(number): b"x" for number in range(4)}), ContainerLimits(entries=3), TooLarge),
    ],
    ids=["lying", "bytes", "entries"],
)
def test_what_is_refused_is_refused_whole(
    reader: SandboxedPageReader, tmp_path: Path, content: bytes, limits: ContainerLimits, kind: type[Exception]
) -> None:
    with pytest.raises(kind):
        unpack(reader, tmp_path, content, limits=limits)
