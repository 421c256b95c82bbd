"""Office files and books, detected by their members before their name counts.

A ZIP file lists its members at its end, an OLE file wherever its directory is: both ends are searched.
"""

from collections.abc import Callable

from ingestion.domain.formats.file_format import FileFormat, FileSample, FormatKind, Precedence
from ingestion.domain.formats.signatures import OLE, ZIP_ENTRY
from ingestion.domain.formats.text import ascii_part

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

_RTF_START = b"{\\rtf"
_CONTENTS = b"[Content_Types].xml"
_BOOK = b"META-INF/container.xml"
_MIMETYPE = b"mimetype"
_MIMETYPE_AT = 30  # ODF 1.3 part 2, 3.3 and OCF 3.3, 4.3: the first member, stored, named mimetype, without extras
_STREAMS = tuple(
    f"{name}\0\0".encode("utf-16-le") for name in ("WordDocument", "Workbook", "Book", "PowerPoint Document")
)
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ZIP_START = ZIP_ENTRY + bytes(_MIMETYPE_AT - len(ZIP_ENTRY))
_NOTE = "LibreOffice makes a PDF, which is read; its text is typeset where LibreOffice is missing or fails"
_OLD_NOTE = "LibreOffice makes a PDF, which is read; not read where LibreOffice is missing"

Detector = Callable[[FileSample], bool]


def open_xml_detector(media_type: str, member: bytes) -> Detector:
    """Return a detector of Office Open XML whose main part begins with `member`."""

    def detects(sample: FileSample) -> bool:
        if _declared_content(sample.head) is None and sample.zip_names:
            return _CONTENTS in sample.zip_names and any(name.startswith(member) for name in sample.zip_names)
        return _is_promised_package(sample, media_type) or _is_promised_ole(sample, media_type)

    return detects


def open_document_detector(media_type: str) -> Detector:
    """Return a detector of OpenDocument; the type of a template begins with that of its document."""

    def detects(sample: FileSample) -> bool:
        content = _declared_content(sample.head)
        if content is not None:
            return content.startswith(media_type.encode())
        return _is_promised_package(sample, media_type) or _is_promised_ole(sample, media_type)

    return detects


def _old_office(media_type: str, *streams: bytes) -> Detector:
    """Return a detector of OLE files by the names of their streams."""

    def detects(sample: FileSample) -> bool:
        found = sample.head.startswith(OLE) and any(stream in sample.head + sample.tail for stream in streams)
        return found or _is_promised_ole(sample, media_type)

    return detects


def _is_rtf(sample: FileSample) -> bool:
    return ascii_part(sample.head).startswith(_RTF_START) or _is_encrypted_ole(sample, RTF)


def _is_book(sample: FileSample) -> bool:
    content = _declared_content(sample.head)
    if content is not None:
        return content.startswith(EPUB.encode())
    in_directory = _BOOK in sample.zip_names and _CONTENTS not in sample.zip_names
    return in_directory or _is_encrypted_ole(sample, EPUB)


def _declared_content(head: bytes) -> bytes | None:
    """Return what follows the name of a first member `mimetype`, None for files without one."""
    start = _MIMETYPE_AT + len(_MIMETYPE)
    return head[start:] if head.startswith(ZIP_ENTRY) and head[_MIMETYPE_AT:start] == _MIMETYPE else None


def _is_promised_package(sample: FileSample, media_type: str) -> bool:
    """Return whether a ZIP whose directory was not seen may have the type that its name indicates."""
    if sample.promised != media_type or sample.zip_names or _declared_content(sample.head) is not None:
        return False
    return sample.head.startswith(ZIP_ENTRY) and _CONTENTS in sample.head


def _is_promised_ole(sample: FileSample, media_type: str) -> bool:
    """Return whether an OLE file without a known stream may have the type of its name: it may be encrypted."""
    if sample.promised != media_type or not sample.head.startswith(OLE):
        return False
    return not any(stream in sample.head + sample.tail for stream in _STREAMS)


def _is_encrypted_ole(sample: FileSample, media_type: str) -> bool:
    return _is_promised_ole(sample, media_type) and _ENCRYPTED in sample.head + sample.tail


def _office(
    media_type: str,
    detects: Detector,
    example: bytes,
    suffixes: str,
    *,
    note: str = _NOTE,
    kind: FormatKind = FormatKind.OFFICE,
    zip_package: bool = False,
) -> FileFormat:
    return FileFormat(
        media_type=media_type,
        name=suffixes.split(maxsplit=1)[0].removeprefix(".").upper(),
        kind=kind,
        suffixes=tuple(suffixes.split()),
        precedence=Precedence.PACKAGE,
        detects=detects,
        example=example,
        note=note,
        zip_package=zip_package,
    )


def _open_document(media_type: str, suffixes: str) -> FileFormat:
    example = _ZIP_START + _MIMETYPE + media_type.encode()
    return _office(media_type, open_document_detector(media_type), example, suffixes, zip_package=True)


def _open_xml(media_type: str, member: bytes, suffixes: str) -> FileFormat:
    detects = open_xml_detector(media_type, member)
    return _office(media_type, detects, _ZIP_START + _CONTENTS, suffixes, zip_package=True)


FORMATS = (
    _open_xml(DOCX, b"word/document", ".docx .docm .dotx"),
    _open_xml(XLSX, b"xl/workbook", ".xlsx .xlsm .xltx"),
    _open_xml(PPTX, b"ppt/presentation", ".pptx .pptm .ppsx .potx"),
    _open_document(ODT, ".odt .ott"),
    _open_document(ODS, ".ods .ots"),
    _open_document(ODP, ".odp .otp"),
    _office(RTF, _is_rtf, _RTF_START + b"1", ".rtf"),
    _office(DOC, _old_office(DOC, _STREAMS[0]), OLE + _STREAMS[0], ".doc .dot", note=_OLD_NOTE),
    _office(XLS, _old_office(XLS, *_STREAMS[1:3]), OLE + _STREAMS[1], ".xls .xlt", note=_OLD_NOTE),
    _office(PPT, _old_office(PPT, _STREAMS[3]), OLE + _STREAMS[3], ".ppt .pps", note=_OLD_NOTE),
    _office(
        EPUB,
        _is_book,
        _ZIP_START + _MIMETYPE + EPUB.encode(),
        ".epub",
        note="MuPDF, at the size of a printed book",
        kind=FormatKind.BOOK,
        zip_package=True,
    ),
)
