"""Internet mail (RFC 5322, MIME), parsed by the standard library."""

from collections.abc import Iterator
from dataclasses import replace
from email import policy
from email.message import Message
from functools import partial
from html import escape
from pathlib import Path
from typing import cast

from ingestion.adapters.formats.containers.mail import MailAttachment, MailMessage, call_safely
from ingestion.adapters.formats.containers.mail_file import parse_mail, unwrap_signed_parts
from ingestion.adapters.formats.containers.signed_content import signed_content
from ingestion.adapters.formats.containers.tnef import is_tnef, tnef_files
from ingestion.domain.errors import CorruptFile, PolicyViolation
from ingestion.domain.formats.attachments import TNEF_TYPE
from ingestion.domain.formats.containers import ContainerLimits, check_entry_count, check_nesting_depth
from ingestion.domain.formats.text import browser_codec

_HEADERS = ("From", "To", "Cc", "Date", "Subject")
_PARTS_DEEP = 50  # nested multiparts: regular mail has about five
_HEAD_LENGTH = 2000
_PLAIN = policy.default.clone(refold_source="none")
_SIGNED_SUFFIX = ".p7m"
_TEXTS = frozenset({"text/plain", "text/html"})


def read_eml(path: Path, depth: int, limits: ContainerLimits) -> MailMessage:
    """Read a mail; raises CorruptFile, TooLarge, or PolicyViolation for excessive nesting."""
    try:
        mail = parse_mail(path)
    except RecursionError as deep:
        raise PolicyViolation(f"Its files are nested more than {limits.depth} deep.") from deep
    if not mail.keys():
        raise CorruptFile("This is not a mail: it has no headers.")
    _check_parts(mail, depth, limits)
    unwrap_signed_parts(mail)
    _check_parts(mail, depth, limits)
    texts = _texts(mail)
    chosen = {id(part) for part in texts}
    rest = [part for part in _leaves(mail) if id(part) not in chosen and not _is_text(part)]
    return MailMessage(
        headers=tuple((name, value) for name in _HEADERS if (value := _header(mail, name))),
        markup="<hr>".join(_as_markup(part) for part in texts) if _has_markup(texts) else "",
        text="\n".join(_content(part) for part in texts) if not _has_markup(texts) else "",
        attachments=tuple(found for number, part in enumerate(rest, 1) for found in _attachments(number, part, limits)),
    )


def _check_parts(mail: Message, depth: int, limits: ContainerLimits) -> None:
    """Check the number and the nesting of all parts, without recursion."""
    waiting: list[tuple[Message, int, int]] = [(mail, depth, 0)]
    count = 0
    while waiting:
        part, level, parts_deep = waiting.pop()
        count += 1
        check_entry_count(count, limits)
        check_nesting_depth(level, limits)
        if parts_deep > _PARTS_DEEP:
            raise PolicyViolation(f"Its parts are nested more than {_PARTS_DEEP} deep.")
        inner = part.get_payload() if part.is_multipart() else []
        is_mail = part.get_content_maintype() == "message"
        deeper = (level + is_mail, 0 if is_mail else parts_deep + 1)
        waiting.extend((one, *deeper) for one in cast("list[Message]", inner))


def _leaves(part: Message) -> Iterator[Message]:
    """Yield the parts that contain bytes, in order; a mail within the mail is one of them."""
    if part.is_multipart() and part.get_content_maintype() == "multipart":
        for inner in cast("list[Message]", part.get_payload()):
            yield from _leaves(inner)
    else:
        yield part


def _texts(part: Message) -> list[Message]:
    """Return the parts of the mail's text: the best of alternatives, and all parts of a sequence."""
    if not part.is_multipart():
        return [part] if _is_text(part) else []
    if part.get_content_maintype() != "multipart":
        return []
    found = [texts for inner in cast("list[Message]", part.get_payload()) if (texts := _texts(inner))]
    if part.get_content_subtype() == "alternative":
        return next((texts for texts in reversed(found) if _has_markup(texts)), found[-1] if found else [])
    return [text for texts in found for text in texts]


def _is_text(part: Message) -> bool:
    attached = call_safely(part.get_content_disposition, None) == "attachment"
    return part.get_content_type() in _TEXTS and not attached and not call_safely(part.get_filename, None)


def _has_markup(texts: list[Message]) -> bool:
    return any(part.get_content_type() == "text/html" for part in texts)


def _as_markup(part: Message) -> str:
    text = _content(part)
    return text if part.get_content_type() == "text/html" else f"<pre>{escape(text)}</pre>"


def _content(part: Message) -> str:
    """Decode a text by its declared encoding, else as UTF-8 or Latin-1."""
    raw = _bytes(part)
    for charset in (call_safely(part.get_content_charset, None), "utf-8"):
        try:
            return raw.decode(browser_codec(charset or "utf-8"))
        except (LookupError, UnicodeError):
            continue
    return raw.decode("latin-1")


def _attachments(number: int, part: Message, limits: ContainerLimits) -> list[MailAttachment]:
    """Return the file of a part, or the files that Outlook or a signature packed in it."""
    whole = _attachment(number, part)
    if is_tnef(whole.content) or whole.media_type == TNEF_TYPE:
        return _packed_by_outlook(whole, limits)
    signed = signed_content(whole.content) if whole.name.lower().endswith(_SIGNED_SUFFIX) else None
    return [
        whole
        if signed is None
        else replace(whole, name=whole.name[: -len(_SIGNED_SUFFIX)], media_type="", content=signed)
    ]


def _packed_by_outlook(whole: MailAttachment, limits: ContainerLimits) -> list[MailAttachment]:
    """Return the files of a `winmail.dat`; itself if it is damaged, or holds nothing but the look of the mail."""
    try:
        found = tnef_files(whole.content, limits)
    except CorruptFile:
        return [replace(whole, media_type="")]
    named = ((file, file.name or f"{whole.name} {place}") for place, file in enumerate(found, 1))
    files = [MailAttachment(name, file.media_type, file.content, file.content_id) for file, name in named]
    return files or [replace(whole, media_type=TNEF_TYPE)]


def _attachment(number: int, part: Message) -> MailAttachment:
    kind = part.get_content_type()
    content_id = str(call_safely(lambda: part.get("Content-ID"), "") or "").strip().strip("<>")
    inline = call_safely(part.get_content_disposition, None) == "inline"
    return MailAttachment(_name(number, part), kind, _bytes(part), content_id, inline)


def _name(number: int, part: Message) -> str:
    given = call_safely(part.get_filename, None)
    if given:
        return str(given)
    if part.get_content_maintype() == "message" and part.is_multipart():
        subject = _header(cast("list[Message]", part.get_payload())[0], "Subject")
        return f"{subject or 'mail'}.eml"
    return f"attachment {number}"


def _bytes(part: Message) -> bytes:
    if not part.is_multipart():
        content = call_safely(lambda: part.get_payload(decode=True), b"")
        return content if isinstance(content, bytes) else b""
    inner = cast("list[Message]", part.get_payload())
    return b"\n".join(call_safely(partial(one.as_bytes, policy=_PLAIN), b"") for one in inner)


def _header(part: Message, name: str) -> str:
    value = str(call_safely(lambda: part.get(name), "") or "")
    return " ".join(value.encode("utf-8", "replace").decode("utf-8").split())[:_HEAD_LENGTH]
