"""File of an internet mail as MIME parts: in any encoding of its characters, and out of a signature around it."""

from email import message_from_binary_file, message_from_bytes, policy
from email.message import Message
from pathlib import Path
from typing import cast

from ingestion.adapters.formats.containers.mail import call_safely
from ingestion.adapters.formats.containers.signed_content import SIGNED_TYPES, signed_content
from ingestion.domain.formats.entries.mails import is_mail, mail_text
from ingestion.domain.formats.text import wide_encoding

_HEAD = 4096
_BOM = b"\xef\xbb\xbf"
_CODED = frozenset({"base64", "quoted-printable", "x-uuencode", "uuencode", "uue", "x-uue"})
_CONTENT_HEADERS = ("Content-Type", "Content-Transfer-Encoding", "Content-Disposition", "Content-ID")
_SIGNATURES_TO = 3  # around each other


def parse_mail(path: Path) -> Message:
    """Parse a mail; one that was saved as UTF-16 or UTF-32 is converted before. Raises RecursionError."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
        if wide_encoding(head) is None:
            file.seek(0)
            return message_from_binary_file(file, policy=policy.default)
        mail = message_from_bytes(mail_text(head + file.read()), policy=policy.default)
    if not head.startswith(_BOM):
        _declare_utf8(mail)
    return mail


def _declare_utf8(mail: Message) -> None:
    """Correct the encoding that the parts of a converted mail declare; coded parts kept theirs."""
    for part in mail.walk():
        coding = str(call_safely(lambda part=part: part.get("Content-Transfer-Encoding"), "") or "").strip().lower()  # type: ignore[misc]
        if part.get_content_maintype() == "text" and coding not in _CODED:
            call_safely(lambda part=part: part.set_param("charset", "utf-8"), None)  # type: ignore[misc]


def unwrap_signed_parts(mail: Message) -> None:
    """Replace each part that a signature packs by what was signed; an encrypted one stays as it is."""
    waiting = [(mail, 0)]
    while waiting:
        part, depth = waiting.pop()
        if depth < _SIGNATURES_TO and part.get_content_type() in SIGNED_TYPES and _unwrap(part):
            waiting.append((part, depth + 1))
        elif part.is_multipart():
            waiting.extend((inner, depth) for inner in cast("list[Message]", part.get_payload()))


def _unwrap(part: Message) -> bool:
    packed = call_safely(lambda: part.get_payload(decode=True), None)
    content = signed_content(packed) if isinstance(packed, bytes) else None
    if content is None or not is_mail(content[:_HEAD], hinted=True):
        return False
    inner = message_from_bytes(content, policy=policy.default)
    for name in _CONTENT_HEADERS:
        del part[name]
        value = call_safely(lambda name=name: inner.get(name), None)  # type: ignore[misc]
        if value:
            part[name] = str(value)
    part.set_payload(inner.get_payload())
    return True
