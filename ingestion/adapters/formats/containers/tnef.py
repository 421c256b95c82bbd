"""Files in a `winmail.dat` (MS-OXTNEF), the form in which Outlook packs the attachments of a mail in rich text."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingestion.domain.errors import CorruptFile
from ingestion.domain.formats.containers import ContainerLimits, check_entry_count

_SIGNATURE = b"\x78\x9f\x3e\x22"
_HEAD, _CHECKSUM = 6, 2  # bytes of the stream's head, and after each attribute
_ATTRIBUTE = struct.Struct("<BHHI")  # level, number, type, length
_ATTACHMENT_LEVEL = 2
_RENDERING, _TITLE, _DATA, _PROPERTIES, _CODE_PAGE = 0x9002, 0x8010, 0x800F, 0x9005, 0x9007
_LONG_NAME, _SHORT_NAME, _MEDIA_TYPE, _CONTENT_ID, _OBJECT = 0x3707, 0x3704, 0x370E, 0x3712, 0x3701
_INTERFACE = 16  # bytes before an object's content
_MULTIPLE, _NAMED_FROM = 0x1000, 0x8000
_FIXED = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_BYTE_TEXT, _TEXT, _BINARY_OBJECT, _BINARY = 0x1E, 0x1F, 0x0D, 0x102
_VALUES_TO = 10_000
_NESTED_TO = 5


@dataclass(slots=True)
class TnefFile:
    """File packed by Outlook."""

    name: str = ""
    media_type: str = ""
    content_id: str = ""
    content: bytes = field(default=b"", repr=False)


def is_tnef(content: bytes) -> bool:
    """Return whether bytes begin like a `winmail.dat`."""
    return content.startswith(_SIGNATURE)


def tnef_files(content: bytes, limits: ContainerLimits, nested: int = 0) -> list[TnefFile]:
    """Return the files; those of a mail within it are among them. Raises CorruptFile, TooLarge."""
    if not is_tnef(content) or nested > _NESTED_TO:
        raise CorruptFile("The attachment that Outlook packed is damaged.")
    files: list[TnefFile] = []
    code_page = "cp1252"
    for number, level, value in _attributes(content):
        if number == _CODE_PAGE and len(value) >= 4:
            code_page = _codec(int.from_bytes(value[:4], "little"))
        elif level == _ATTACHMENT_LEVEL and number == _RENDERING:
            files.append(TnefFile())
            check_entry_count(len(files), limits)
        elif level == _ATTACHMENT_LEVEL and files:
            _add(files, number, value, code_page)
    return [found for file in files for found in _unpacked(file, limits, nested)]


def _attributes(content: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield number, level and value of each attribute; what follows a cut one is lost."""
    at = _HEAD
    while at + _ATTRIBUTE.size <= len(content):
        level, number, _, length = _ATTRIBUTE.unpack_from(content, at)
        start = at + _ATTRIBUTE.size
        if start + length > len(content):
            return
        yield number, level, content[start : start + length]
        at = start + length + _CHECKSUM


def _add(files: list[TnefFile], number: int, value: bytes, code_page: str) -> None:
    file = files[-1]
    if number == _TITLE:
        file.name = file.name or _decoded(value, code_page)
    elif number == _DATA:
        file.content = value
    elif number == _PROPERTIES:
        known = dict(_properties(value, code_page))
        file.name = str(known.get(_LONG_NAME) or file.name or known.get(_SHORT_NAME) or "")
        file.media_type = str(known.get(_MEDIA_TYPE) or "")
        file.content_id = str(known.get(_CONTENT_ID) or "").strip("<>")
        packed = known.get(_OBJECT)
        file.content = file.content or (packed if isinstance(packed, bytes) else b"")


def _unpacked(file: TnefFile, limits: ContainerLimits, nested: int) -> list[TnefFile]:
    """Return the file itself, or the files of the mail that it is."""
    inner = file.content[_INTERFACE:]
    return tnef_files(inner, limits, nested + 1) if is_tnef(inner) else [file]


def _properties(value: bytes, code_page: str) -> Iterator[tuple[int, str | bytes]]:
    """Yield the properties that are texts or bytes (MS-OXTNEF 2.1.3.4); ends at the first malformed one."""
    reader = _PropertyReader(value)
    try:
        for _ in range(min(reader.number(), _VALUES_TO)):
            kind, number = reader.half(), reader.half()
            if number >= _NAMED_FROM:
                reader.skip_name()
            for found in reader.values(kind):
                yield number, _value(found, kind, code_page)
    except (struct.error, EOFError):
        return


@dataclass(slots=True)
class _PropertyReader:
    """Position in a list of properties; reading beyond its end raises struct.error or EOFError."""

    content: bytes
    at: int = 0

    def half(self) -> int:
        """Read two bytes."""
        return self._unpacked("<H", 2)

    def number(self) -> int:
        """Read four bytes."""
        return self._unpacked("<I", 4)

    def take(self, count: int) -> bytes:
        """Read bytes, and the fill up to a multiple of four."""
        if self.at + count > len(self.content):
            raise EOFError
        found = self.content[self.at : self.at + count]
        self.at += count + -count % 4
        return found

    def skip_name(self) -> None:
        """Skip the name of a property that has no fixed number."""
        self.take(16)
        by_text = self.number() == 1
        self.take(self.number() if by_text else 4)

    def values(self, kind: int) -> list[bytes]:
        """Read the values of a property, which are preceded by their number if they have no fixed length."""
        base = kind & ~_MULTIPLE
        if base in _FIXED:
            count = self.number() if kind & _MULTIPLE else 1
            return [self.take(_FIXED[base]) for _ in range(min(count, _VALUES_TO))]
        if base not in (_BYTE_TEXT, _TEXT, _BINARY, _BINARY_OBJECT):
            raise EOFError
        return [self.take(self.number()) for _ in range(min(self.number(), _VALUES_TO))]

    def _unpacked(self, layout: str, size: int) -> int:
        (found,) = struct.unpack_from(layout, self.content, self.at)
        self.at += size
        return int(found)


def _value(found: bytes, kind: int, code_page: str) -> str | bytes:
    if kind == _TEXT:
        return _decoded(found, "utf-16-le")
    return _decoded(found, code_page) if kind == _BYTE_TEXT else found


def _codec(code_page: int) -> str:
    name = f"cp{code_page}"
    try:
        b"".decode(name)
    except LookupError:
        return "utf-8" if code_page == 65001 else "cp1252"
    return name


def _decoded(value: bytes, codec: str) -> str:
    return value.decode(codec, "replace").partition("\0")[0].strip()
