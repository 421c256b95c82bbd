"""Check of an office file before anything opens it: its size limits, and its encryption."""

from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from ingestion.adapters.formats.containers.zip import ZipArchive
from ingestion.domain.errors import CorruptFile, NeedsPassword, UnsupportedFile, WrongPassword
from ingestion.domain.formats.containers import ContainerLimits, check_archive_directory
from ingestion.domain.formats.entries.office import RTF
from ingestion.domain.formats.registry import ZIPPED_OFFICE
from ingestion.domain.formats.signatures import OLE, ZIP_ENTRY
from ingestion.domain.formats.text import plain_rtf, wide_encoding

_HEAD = 4096
EXIT_REFUSED = 3  # exit status if the file was refused
OFFICE_LIMITS = ContainerLimits(ratio=200, ratio_from=64 * 2**20, total_bytes=512 * 2**20, entries=10_000)
_UNSUPPORTED_ENCRYPTION = "It is encrypted with an unsupported method: send it without a password."


def check_and_unlock(path: Path, media_type: str, password: str | None = None) -> bytes | None:
    """Check a file, decrypt an encrypted one, convert RTF in another encoding: return its bytes then, else None.

    Raises NeedsPassword, WrongPassword, CorruptFile, UnsupportedFile, and TooLarge or PolicyViolation for a bomb.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    opened = _unlocked(path, password) if head.startswith(OLE) else None
    if media_type in ZIPPED_OFFICE:
        _check_zip(path, opened, head)
    return plain_rtf(path.read_bytes()) if media_type == RTF and wide_encoding(head) else opened


def _check_zip(path: Path, opened: bytes | None, head: bytes) -> None:
    if opened is None and not head.startswith(ZIP_ENTRY):
        raise CorruptFile("The file is not what it says it is.")
    with BytesIO(opened) if opened is not None else path.open("rb") as file:
        archive = ZipArchive(file, OFFICE_LIMITS)
        check_archive_directory([entry for _, entry in archive.entries], archive.size, OFFICE_LIMITS)
    if opened is None:
        _check_open_document(path)


def _check_open_document(path: Path) -> None:
    """Refuse an OpenDocument whose content is encrypted: its manifest says so (ODF 1.3 part 2, 4.8.3)."""
    try:
        with ZipFile(path) as archive, archive.open("META-INF/manifest.xml") as manifest:
            if b"encryption-data" in manifest.read(2**20):
                raise UnsupportedFile(_UNSUPPORTED_ENCRYPTION)
    except (KeyError, BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError):
        return


def _unlocked(path: Path, password: str | None) -> bytes | None:
    """Return an encrypted file's decrypted bytes; None if it is not encrypted."""
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
        raise UnsupportedFile(_UNSUPPORTED_ENCRYPTION) from unknown
    except (FileFormatError, ParseError, OSError, ValueError, KeyError, IndexError, AttributeError, TypeError):
        return None  # no known encryption: the program may still read it
