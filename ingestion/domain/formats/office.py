"""Office files and books: which kinds are read, told by what they hold before their name counts.

A zip says what is in it at its end, an old office file wherever its directory lies; so both ends are looked at.
"""

from pathlib import PurePosixPath

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
ODT = "application/vnd.oasis.opendocument.text"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
ODP = "application/vnd.oasis.opendocument.presentation"
DOC = "application/msword"
XLS = "application/vnd.ms-excel"
PPT = "application/vnd.ms-powerpoint"
RTF = "application/rtf"
EPUB = "application/epub+zip"

OFFICE = frozenset({DOCX, XLSX, PPTX, ODT, ODS, ODP, DOC, XLS, PPT, RTF})
"""Kinds of which an office program makes pages."""

ZIPPED = frozenset({DOCX, XLSX, PPTX, ODT, ODS, ODP})
OLD = frozenset({DOC, XLS, PPT})
SUFFIXES = {
    DOCX: ".docx", XLSX: ".xlsx", PPTX: ".pptx", ODT: ".odt", ODS: ".ods", ODP: ".odp", DOC: ".doc", XLS: ".xls",
    PPT: ".ppt", RTF: ".rtf",
}  # fmt: skip
BY_SUFFIX = {
    **{suffix: media_type for media_type, suffix in SUFFIXES.items()},
    ".docm": DOCX, ".dotx": DOCX, ".xlsm": XLSX, ".xltx": XLSX, ".pptm": PPTX, ".ppsx": PPTX, ".potx": PPTX,
    ".ott": ODT, ".ots": ODS, ".otp": ODP, ".dot": DOC, ".xlt": XLS, ".pps": PPT, ".epub": EPUB,
}  # fmt: skip

_LOCAL = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MEMBERS = ((b"word/document", DOCX), (b"xl/workbook", XLSX), (b"ppt/presentation", PPTX))
_CONTENTS = b"[Content_Types].xml"
_BOOK = b"META-INF/container.xml"
_NAMES_TO = 10_000
_MIMETYPE = b"mimetype"
_DECLARED_AT = 30  # ODF 1.3 part 2, 3.3 and OCF 3.3, 4.3: the first file, stored, named mimetype, without extras
_ODF = (  # the longest first: a template's type begins with its document's
    (EPUB.encode(), EPUB),
    (ODT.encode(), ODT),
    (ODS.encode(), ODS),
    (ODP.encode(), ODP),
)
_STREAMS = (("WordDocument", DOC), ("Workbook", XLS), ("Book", XLS), ("PowerPoint Document", PPT))
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def office_type(head: bytes, tail: bytes, filename: str, declared_type: str) -> str | None:
    """Give the type of an office file or a book, None for other files; `tail` is how the file ends."""
    promised = _promised(filename, declared_type)
    if head.startswith(b"{\\rtf"):
        return RTF
    if head.startswith(_LOCAL):
        return _zipped(head, tail, promised)
    if head.startswith(_OLE):
        return _old(head + tail, promised)
    return None


def _zipped(head: bytes, tail: bytes, promised: str | None) -> str | None:
    if head[_DECLARED_AT : _DECLARED_AT + len(_MIMETYPE)] == _MIMETYPE:
        content = head[_DECLARED_AT + len(_MIMETYPE) :]
        return next((media_type for name, media_type in _ODF if content.startswith(name)), None)
    names = zip_names(tail)
    if names:
        found = (media_type for start, media_type in _MEMBERS if any(name.startswith(start) for name in names))
        return next(found, None) if _CONTENTS in names else EPUB if _BOOK in names else None
    return promised if promised in ZIPPED and _CONTENTS in head else None


def holds_files(head: bytes, tail: bytes) -> bool:
    """Say whether a zip's directory shows an archive of files, whatever their names begin with."""
    names = zip_names(tail) if head.startswith(_LOCAL) else frozenset()
    return bool(names) and not names & {_CONTENTS, _BOOK, _MIMETYPE}


def zip_names(tail: bytes) -> frozenset[bytes]:
    """Give the names that the end of a zip's directory holds; empty where there is none."""
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) < end + 22:
        return frozenset()
    start = end - int.from_bytes(tail[end + 12 : end + 16], "little")
    at = start if start >= 0 else tail.find(b"PK\x01\x02")
    names: set[bytes] = set()
    while 0 <= at < end and tail[at : at + 4] == b"PK\x01\x02" and len(names) < _NAMES_TO:
        name, extra, note = (int.from_bytes(tail[at + place : at + place + 2], "little") for place in (28, 30, 32))
        names.add(tail[at + 46 : at + 46 + name])
        at += 46 + name + extra + note
    return frozenset(names)


def _old(ends: bytes, promised: str | None) -> str | None:
    """Tell by the names of its streams; one that is encrypted by the kind that its name promises."""
    for name, media_type in _STREAMS:
        if _entry(name) in ends:
            return media_type
    if _ENCRYPTED in ends or promised in OLD:
        return promised
    return promised if promised in ZIPPED else None


def _entry(name: str) -> bytes:
    """Give a stream's name as the directory of an old office file has it, to its end."""
    return f"{name}\0\0".encode("utf-16-le")


def _promised(filename: str, declared_type: str) -> str | None:
    suffix = PurePosixPath(filename.lower()).suffix
    if suffix:
        return BY_SUFFIX.get(suffix)
    declared = declared_type.partition(";")[0].strip().lower()
    return declared if declared in OFFICE | {EPUB} else None
