"""A look at an office file before anything opens it: is it bounded, and is it locked?"""

from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from ingestion.adapters.formats.containers.zip import Archive
from ingestion.domain.errors import CorruptFile, NeedsPassword, UnsupportedFile, WrongPassword
from ingestion.domain.formats.containers import ContainerLimits, check_directory
from ingestion.domain.formats.office import EPUB, ZIPPED

REFUSED = 3  # exit status of a start that found something wrong with the file
LIMITS = ContainerLimits(ratio=200, ratio_from=64 * 2**20, total_bytes=512 * 2**20, entries=10_000)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_HOW = "It is encrypted in a way that is not opened here: send it without its password."


def readable(path: Path, media_type: str, password: str | None = None) -> bytes | None:
    """Check a file, and unlock one that is encrypted: gives its bytes then, None where it can be read as it is.

    Raises NeedsPassword, WrongPassword, CorruptFile, UnsupportedFile, and TooLarge or PolicyViolation for a bomb.
    """
    with path.open("rb") as file:
        head = file.read(8)
    opened = _unlocked(path, password) if head == _OLE else None
    if media_type in ZIPPED | {EPUB}:
        _check_zip(path, opened, head)
    return opened


def _check_zip(path: Path, opened: bytes | None, head: bytes) -> None:
    if opened is None and not head.startswith(_ZIP):
        raise CorruptFile("The file is not what it says it is.")
    with BytesIO(opened) if opened is not None else path.open("rb") as file:
        archive = Archive(file, LIMITS)
        check_directory([entry for _, entry in archive.lines], archive.size, LIMITS)
    if opened is None:
        _check_open_document(path)


def _check_open_document(path: Path) -> None:
    """Refuse an OpenDocument whose content is encrypted: its manifest says so (ODF 1.3 part 2, 4.8.3)."""
    try:
        with ZipFile(path) as archive, archive.open("META-INF/manifest.xml") as manifest:
            if b"encryption-data" in manifest.read(2**20):
                raise UnsupportedFile(_HOW)
    except (KeyError, BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError):
        return


def _unlocked(path: Path, password: str | None) -> bytes | None:
    """Give an encrypted file's bytes; None where it is not encrypted."""
    import msoffcrypto
    from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError, ParseError

    try:
        with path.open("rb") as file:
            locked = msoffcrypto.OfficeFile(file)
            if not locked.is_encrypted():
                return None
            if password is None:
                raise NeedsPassword("This document is encrypted: its password is needed.")
            locked.load_key(password=password)
            opened = BytesIO()
            locked.decrypt(opened)
            return opened.getvalue()
    except InvalidKeyError as wrong:
        raise WrongPassword("The password does not open this document.") from wrong
    except (DecryptionError, NotImplementedError) as unknown:
        raise UnsupportedFile(_HOW) from unknown
    except (FileFormatError, ParseError, OSError, ValueError, KeyError, IndexError, AttributeError, TypeError):
        return None  # no encryption that can be told: the program may still read it
