"""TAR archives, plain and packed: their files come out in order; what is made to do harm is refused whole."""

import gzip
import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ingestion.adapters.formats.containers.contained_file import Held
from ingestion.adapters.formats.containers.open_container import open_container
from ingestion.adapters.reader.page_reader import SandboxedPageReader
from ingestion.adapters.reader.unpacker import SandboxedUnpacker
from ingestion.domain.errors import CorruptFile, EmptyFile, PolicyViolation, TooLarge, UnsupportedFile
from ingestion.domain.formats.containers import ContainerLimits, LeftOut, Why
from ingestion.domain.formats.intake import IntakeLimits, admit, type_of
from ingestion.domain.formats.tar import TAR, TGZ
from ingestion.domain.ports import UnpackOptions

FILES = {
    "2026/march/a.txt": b"first",
    "b.txt": b"second" * 100_000,
    "._b.txt": b"\0\5\x16\7",
    ".DS_Store": b"litter",
}
LIMITS = ContainerLimits()
Change = Callable[[tarfile.TarInfo], None]


def tarred(files: dict[str, bytes], change: Change = lambda _: None, style: int = tarfile.PAX_FORMAT) -> bytes:
    """Write an archive; `change` is done to each header."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=style) as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            change(info)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def taken_out(
    folder: Path, content: bytes, media_type: str = TAR, limits: ContainerLimits = LIMITS, depth: int = 1
) -> dict[str, bytes | Why]:
    """Give what comes out, by name; what stays by why."""
    path = folder / "file"
    path.write_bytes(content)
    found: dict[str, bytes | Why] = {}
    for one in open_container(path, media_type, depth, limits):
        assert isinstance(one, Held | LeftOut)
        found[one.name] = b"".join(one.chunks) if isinstance(one, Held) else one.why
    return found


@pytest.mark.parametrize("style", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT])
@pytest.mark.parametrize("packed", [False, True])
def test_files_come_out_in_order(tmp_path: Path, style: int, packed: bool) -> None:
    """Of each dialect, told by their bytes alone."""
    content = tarred(FILES, style=style)
    content, media_type = (gzip.compress(content), TGZ) if packed else (content, TAR)
    assert type_of(content[:4096], content[-65536:], "upload", "") == media_type
    assert taken_out(tmp_path, content, media_type) == {**FILES, "._b.txt": Why.LITTER, ".DS_Store": Why.LITTER}


def test_names_of_before_utf_8_keep_their_letters(tmp_path: Path) -> None:
    """As Western machines wrote them."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT, encoding="cp1252") as archive:
        archive.addfile(tarfile.TarInfo("Müller/Bücher.txt"))
    assert list(taken_out(tmp_path, out.getvalue())) == ["Müller/Bücher.txt"]


def test_an_old_archive_without_a_mark_is_told_by_its_sum() -> None:
    """Version 7 had no magic; a text is none, whatever its length."""
    content = tarred({"a.txt": b"first"}, style=tarfile.USTAR_FORMAT)
    block = bytearray(content[:512])
    block[257:512] = bytes(255)
    block[148:156] = b"        "
    block[148:156] = b"%06o\0 " % sum(block)
    assert type_of(bytes(block) + content[512:4096], b"", "", "") == TAR
    assert type_of(b"a line of text\n" * 300, b"", "a.tar", "") != TAR


def test_the_sandbox_takes_them_out(reader: SandboxedPageReader, tmp_path: Path) -> None:
    """In a process of its own, by their places."""
    path, folder = tmp_path / "file", tmp_path / "out"
    path.write_bytes(gzip.compress(tarred(FILES)))
    folder.mkdir()
    contents = SandboxedUnpacker(reader.nursery).unpack(path, folder, UnpackOptions(TGZ))
    assert [(file.part, file.name, file.path.read_bytes()) for file in contents.files] == [
        (1, "2026/march/a.txt", b"first"),
        (2, "b.txt", FILES["b.txt"]),
    ]
    assert [(left.part, left.why) for left in contents.left_out] == [(3, Why.LITTER), (4, Why.LITTER)]


def link(kind: bytes) -> Change:
    """Make a header point elsewhere."""

    def change(info: tarfile.TarInfo) -> None:
        info.type, info.linkname, info.size = kind, "/etc/passwd", 0

    return change


@pytest.mark.parametrize(
    ("content", "failure"),
    [
        (tarred({"a": b""}, link(tarfile.SYMTYPE)), PolicyViolation),
        (tarred({"a": b""}, link(tarfile.LNKTYPE)), PolicyViolation),
        (tarred({"a": b""}, link(tarfile.CHRTYPE)), PolicyViolation),
        (tarred({"a": b""}, link(tarfile.FIFOTYPE)), PolicyViolation),
        (tarred({"../../etc/passwd": b"x"}), PolicyViolation),
        (tarred({"a": b"x" * 9000})[:6000], CorruptFile),
        (tarred({".DS_Store": b"x"}), EmptyFile),
        (tarred({}), EmptyFile),
    ],
    ids=["symlink", "hardlink", "device", "pipe", "climbing", "cut", "litter", "nothing"],
)
def test_what_does_harm_is_refused(tmp_path: Path, content: bytes, failure: type[Exception]) -> None:
    with pytest.raises(failure):
        taken_out(tmp_path, content)


def test_a_bomb_is_refused_before_it_bursts(tmp_path: Path) -> None:
    """By what comes out of the packed bytes, whatever a header says."""
    with pytest.raises(PolicyViolation, match="100 times"):
        taken_out(tmp_path, gzip.compress(tarred({"a": bytes(30 * 2**20)})), TGZ)
    with pytest.raises(TooLarge):
        taken_out(tmp_path, tarred({"a": bytes(5000)}), limits=ContainerLimits(total_bytes=4000))


def test_many_files_and_deep_nests_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TooLarge, match="more than 3 files"):
        taken_out(tmp_path, tarred({str(n): b"x" for n in range(4)}), limits=ContainerLimits(entries=3))
    with pytest.raises(PolicyViolation, match="nested"):
        taken_out(tmp_path, tarred({"a": b"x"}), depth=LIMITS.depth + 1)


def test_a_header_that_is_damaged_is_no_end(tmp_path: Path) -> None:
    """What stands behind it would vanish."""
    content = bytearray(tarred({"a": b"x" * 100, "b": b"y" * 100}, style=tarfile.USTAR_FORMAT))
    content[1024 + 10] ^= 0xFF
    with pytest.raises(CorruptFile):
        taken_out(tmp_path, bytes(content))


def test_packed_bytes_that_are_damaged_take_all_along(tmp_path: Path) -> None:
    """Behind them nothing can be told apart."""
    content = bytearray(gzip.compress(tarred({"a": bytes(range(256)) * 40, "b": b"x"}), mtime=0))
    content[-30] ^= 0xFF
    with pytest.raises(CorruptFile):
        taken_out(tmp_path, bytes(content), TGZ)


@pytest.mark.parametrize(
    ("head", "name", "words"),
    [
        (
            b"Rar!\x1a\x07\x01\x00",
            "a.rar",
            "a RAR archive, which is not read here: send its files",
        ),
        (b"7z\xbc\xaf\x27\x1c\x00\x04", "a.7z", "a 7z archive"),
        (b"\xfd7zXZ\x00", "a.tar.xz", "an XZ archive"),
        (b"BZh91AY&SY", "a.tar.bz2", "a bzip2 archive"),
        (gzip.compress(b"a letter"), "a.txt.gz", "a gzip file that holds no TAR"),
    ],
)
def test_other_archives_are_refused_in_clear_words(head: bytes, name: str, words: str) -> None:
    with pytest.raises(UnsupportedFile, match=words):
        admit(head=head, filename=name, declared_type="", size=9999, sha256="", limits=IntakeLimits())
