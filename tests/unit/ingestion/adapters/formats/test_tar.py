"""TAR archives, plain and compressed: files are unpacked in order; hostile archives are refused entirely."""

import gzip
import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ingestion.adapters.formats.containers.contained_file import ContainerFile
from ingestion.adapters.formats.open_file import open_container
from ingestion.adapters.reader.page_reader import SandboxedPageReader
from ingestion.adapters.reader.unpacker import SandboxedUnpacker
from ingestion.domain.errors import CorruptFile, EmptyFile, PolicyViolation, TooLarge, UnsupportedFile
from ingestion.domain.formats.containers import ContainerLimits, SkippedFile, SkipReason
from ingestion.domain.formats.entries.archives import TAR, TGZ
from ingestion.domain.formats.intake import IntakeLimits, admit_file, detect_media_type
from ingestion.domain.ports import UnpackOptions

FILES = {"2026/march/a.txt": b"first", "b.txt": b"second" * 100_000, "._b.txt": b"\0\5\x16\7", ".DS_Store": b"litter"}
LIMITS = ContainerLimits()
Change = Callable[[tarfile.TarInfo], None]


def tar_archive(files: dict[str, bytes], change: Change = lambda _: None, style: int = tarfile.PAX_FORMAT) -> bytes:
    """Build an archive; `change` is applied to each header."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=style) as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            change(info)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def unpacked_files(
    folder: Path, content: bytes, media_type: str = TAR, limits: ContainerLimits = LIMITS, depth: int = 1
) -> dict[str, bytes | SkipReason]:
    """Return the unpacked files by name, and the reasons of the skipped ones."""
    path = folder / "file"
    path.write_bytes(content)
    found: dict[str, bytes | SkipReason] = {}
    for one in open_container(path, media_type, depth, limits):
        assert isinstance(one, ContainerFile | SkippedFile)
        found[one.name] = b"".join(one.chunks) if isinstance(one, ContainerFile) else one.reason
    return found


@pytest.mark.parametrize("style", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT])
@pytest.mark.parametrize("packed", [False, True])
def test_tar_files_come_out_in_order(tmp_path: Path, style: int, packed: bool) -> None:
    """In every dialect, recognised by content only."""
    content = tar_archive(FILES, style=style)
    content, media_type = (gzip.compress(content), TGZ) if packed else (content, TAR)
    assert detect_media_type(content[:4096], content[-65536:], "upload", "") == media_type
    assert unpacked_files(tmp_path, content, media_type) == {
        **FILES,
        "._b.txt": SkipReason.LITTER,
        ".DS_Store": SkipReason.LITTER,
    }


def test_tar_names_before_utf_8_are_decoded_as_windows_1252(tmp_path: Path) -> None:
    """Old Western systems wrote names in that encoding."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT, encoding="cp1252") as archive:
        archive.addfile(tarfile.TarInfo("Müller/Bücher.txt"))
    assert list(unpacked_files(tmp_path, out.getvalue())) == ["Müller/Bücher.txt"]


def test_tar_without_magic_is_detected_by_checksum() -> None:
    """Version 7 archives have no magic number; text files of any length are not recognised as TAR."""
    content = tar_archive({"a.txt": b"first"}, style=tarfile.USTAR_FORMAT)
    block = bytearray(content[:512])
    block[257:512] = bytes(255)
    block[148:156] = b"        "
    block[148:156] = b"%06o\0 " % sum(block)
    assert detect_media_type(bytes(block) + content[512:4096], b"", "", "") == TAR
    assert detect_media_type(b"a line of text\n" * 300, b"", "a.tar", "") != TAR


def test_tar_whose_first_member_is_named_like_mail_headers_is_tar() -> None:
    """The checksum of its header proves more than lines that mail begins with as well."""
    content = tar_archive({"From: a@example.org\nTo: b\n": b"x"}, style=tarfile.USTAR_FORMAT)
    assert detect_media_type(content[:4096], content[-4096:], "upload", "") == TAR
    assert detect_media_type(content[:4096], content[-4096:], "x.eml", "") == TAR


def test_tar_is_unpacked_in_sandbox(reader: SandboxedPageReader, tmp_path: Path) -> None:
    """In a separate process, with the paths of the files."""
    path, folder = tmp_path / "file", tmp_path / "out"
    path.write_bytes(gzip.compress(tar_archive(FILES)))
    folder.mkdir()
    contents = SandboxedUnpacker(reader.pool).unpack(path, folder, UnpackOptions(TGZ))
    assert [(file.part, file.name, file.path.read_bytes()) for file in contents.files] == [
        (1, "2026/march/a.txt", b"first"),
        (2, "b.txt", FILES["b.txt"]),
    ]
    assert [(left.part, left.reason) for left in contents.skipped] == [(3, SkipReason.LITTER), (4, SkipReason.LITTER)]


def make_link(kind: bytes) -> Change:
    """Return a change that turns a header into a link."""

    def change(info: tarfile.TarInfo) -> None:
        info.type, info.linkname, info.size = kind, "/etc/passwd", 0

    return change


@pytest.mark.parametrize(
    ("content", "failure"),
    [
        (tar_archive({"a": b""}, make_link(tarfile.SYMTYPE)), PolicyViolation),
        (tar_archive({"a": b""}, make_link(tarfile.LNKTYPE)), PolicyViolation),
        (tar_archive({"a": b""}, make_link(tarfile.CHRTYPE)), PolicyViolation),
        (tar_archive({"a": b""}, make_link(tarfile.FIFOTYPE)), PolicyViolation),
        (tar_archive({"../../etc/passwd": b"x"}), PolicyViolation),
        (tar_archive({"a": b"x" * 9000})[:6000], CorruptFile),
        (tar_archive({".DS_Store": b"x"}), EmptyFile),
        (tar_archive({}), EmptyFile),
    ],
    ids=["symlink", "hardlink", "device", "pipe", "climbing", "cut", "litter", "nothing"],
)
def test_tar_hostile_archive_is_refused(tmp_path: Path, content: bytes, failure: type[Exception]) -> None:
    with pytest.raises(failure):
        unpacked_files(tmp_path, content)


def test_tar_bomb_is_refused_by_unpacked_size(tmp_path: Path) -> None:
    """The uncompressed bytes count, not the declared size."""
    with pytest.raises(PolicyViolation, match="100 times"):
        unpacked_files(tmp_path, gzip.compress(tar_archive({"a": bytes(30 * 2**20)})), TGZ)
    with pytest.raises(TooLarge):
        unpacked_files(tmp_path, tar_archive({"a": bytes(5000)}), limits=ContainerLimits(total_bytes=4000))


def test_tar_too_many_files_or_too_deep_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TooLarge, match="more than 3 files"):
        unpacked_files(tmp_path, tar_archive({str(n): b"x" for n in range(4)}), limits=ContainerLimits(entries=3))
    with pytest.raises(PolicyViolation, match="nested"):
        unpacked_files(tmp_path, tar_archive({"a": b"x"}), depth=LIMITS.depth + 1)


def test_tar_damaged_header_is_corrupt(tmp_path: Path) -> None:
    """The files after it would be lost."""
    content = bytearray(tar_archive({"a": b"x" * 100, "b": b"y" * 100}, style=tarfile.USTAR_FORMAT))
    content[1024 + 10] ^= 0xFF
    with pytest.raises(CorruptFile):
        unpacked_files(tmp_path, bytes(content))


def test_tar_damaged_compression_is_corrupt(tmp_path: Path) -> None:
    """The data after it cannot be decoded."""
    content = bytearray(gzip.compress(tar_archive({"a": bytes(range(256)) * 40, "b": b"x"}), mtime=0))
    content[-30] ^= 0xFF
    with pytest.raises(CorruptFile):
        unpacked_files(tmp_path, bytes(content), TGZ)


@pytest.mark.parametrize(
    ("head", "name", "words"),
    [
        (b"Rar!\x1a\x07\x01\x00", "a.rar", "a RAR archive, which is not supported: send its files"),
        (b"7z\xbc\xaf\x27\x1c\x00\x04", "a.7z", "a 7z archive"),
        (b"\xfd7zXZ\x00", "a.tar.xz", "an XZ archive"),
        (b"BZh91AY&SY", "a.tar.bz2", "a bzip2 archive"),
        (gzip.compress(b"a letter", mtime=0), "a.txt.gz", "a gzip file that holds no TAR"),
    ],
)
def test_unsupported_archives_are_refused_with_clear_message(head: bytes, name: str, words: str) -> None:
    with pytest.raises(UnsupportedFile, match=words):
        admit_file(head=head, filename=name, declared_type="", size=9999, sha256="", limits=IntakeLimits())
