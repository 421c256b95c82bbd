"""First bytes that several formats share, and those of unreadable files."""

ZIP_ENTRY = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_UNREAD_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (ZIP_ENTRY, "a zip or office file that is damaged or of an unknown kind"),
    (OLE, "an old office file that is damaged or of an unknown kind"),
    (b"RIFF", "a RIFF file"),
    (b"\x1f\x8b", "a gzip file that holds no TAR archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\xfd7zXZ\x00", "an XZ archive"),
    (b"BZh", "a bzip2 archive"),
    (b"{\\rtf", "an RTF file"),
    (b"%!PS", "a PostScript file"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)


def unread_type_name(head: bytes) -> str | None:
    """Return the name of a known but unreadable type, for people; None if the bytes prove none."""
    return next((words for signature, words in _UNREAD_SIGNATURES if head.startswith(signature)), None)
