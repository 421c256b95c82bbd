"""Outlook messages (MS-OXMSG), parsed by python-oxmsg."""

import struct
from functools import partial
from pathlib import Path

from olefile import OleFileIO
from oxmsg.attachment import Attachment
from oxmsg.domain import constants as c
from oxmsg.domain import model as m
from oxmsg.properties import Properties
from oxmsg.storage import Storage

from ingestion.adapters.formats.containers.mail import MailAttachment, MailMessage, as_eml, call_safely
from ingestion.domain.errors import CorruptFile, PolicyViolation
from ingestion.domain.formats.containers import ContainerLimits, check_entry_count, check_nesting_depth
from ingestion.domain.formats.entries.mails import EML
from ingestion.domain.formats.text import browser_codec

_EMBEDDED_HEAD = 24  # bytes before the properties of a mail within a mail: MS-OXMSG 2.4.1.2
_EMBEDDED = "__substg1.0_3701000D"
_PROPERTIES = "__properties_version1.0"
_RECIPIENTS = {1: "To", 2: "Cc"}
_PID_RECIPIENT_TYPE = 0x0C15
_PID_CONTENT_ID = 0x3712
_PID_SHORT_NAME = 0x3704


def read_msg(path: Path, depth: int, limits: ContainerLimits) -> MailMessage:
    """Read a mail; raises CorruptFile, TooLarge, or PolicyViolation for excessive nesting."""
    try:
        with OleFileIO(str(path)) as file:
            root = Storage.from_ole(file)
    except RecursionError as deep:
        raise PolicyViolation(f"Its files are nested more than {limits.depth} deep.") from deep
    except (OSError, ValueError, IndexError, struct.error) as broken:
        raise CorruptFile("This Outlook message is damaged.") from broken
    if not any(stream.name == _PROPERTIES for stream in root.streams):
        raise CorruptFile("This is not an Outlook message.")
    return _message(root, m.MSG_HDR_OFFSET, depth, limits)


def _message(storage: Storage, head: int, depth: int, limits: ContainerLimits) -> MailMessage:
    check_nesting_depth(depth, limits)
    known = Properties(storage, properties_header_offset=head)
    files = list(storage.iter_attachment_storages())
    check_entry_count(len(files), limits)
    return MailMessage(
        headers=_headers(storage, known),
        markup=call_safely(lambda: _markup(known), ""),
        text=_text(known, c.PID_BODY),
        attachments=tuple(_attachment(n, one, depth, limits) for n, one in enumerate(files, 1)),
    )


def _headers(storage: Storage, known: Properties) -> tuple[tuple[str, str], ...]:
    people: dict[str, list[str]] = {"To": [], "Cc": []}
    for one in storage.iter_recipient_storages():
        who = Properties(one, properties_header_offset=m.RECIP_HDR_OFFSET)
        kind = _RECIPIENTS.get(call_safely(partial(who.int_prop_value, _PID_RECIPIENT_TYPE), None) or 1)
        if kind:
            people[kind].append(_person(_text(who, c.PID_DISPLAY_NAME), _text(who, c.PID_SMTP_ADDRESS)))
    sent = call_safely(lambda: known.date_prop_value(c.PID_CLIENT_SUBMIT_TIME), None)
    address = _text(known, c.PID_SENDER_SMTP_ADDRESS) or _text(known, c.PID_SENDER_EMAIL_ADDRESS)
    rows = (
        ("From", _person(_text(known, c.PID_SENDER_NAME), address)),
        ("To", ", ".join(filter(None, people["To"]))),
        ("Cc", ", ".join(filter(None, people["Cc"]))),
        ("Date", sent.strftime("%a, %d %b %Y %H:%M:%S %z") if sent else ""),
        ("Subject", _text(known, c.PID_SUBJECT)),
    )
    return tuple((name, value) for name, value in rows if value)


def _person(name: str, address: str) -> str:
    return f"{name} <{address}>" if name and address and name != address else name or address


def _markup(known: Properties) -> str:
    raw = known.binary_prop_value(c.PID_HTML)
    if raw:
        return raw.decode(browser_codec(known.body_encoding), "replace")
    return known.str_prop_value(c.PID_BODY_HTML) or ""


def _attachment(number: int, storage: Storage, depth: int, limits: ContainerLimits) -> MailAttachment:
    known = Properties(storage, properties_header_offset=m.ATTACH_HDR_OFFSET)
    inner = next((one for one in storage.storages if one.name == _EMBEDDED), None)
    if inner is not None and any(stream.name == _PROPERTIES for stream in inner.streams):
        message = _message(inner, _EMBEDDED_HEAD, depth + 1, limits)
        return MailAttachment(f"{message.subject or 'mail'}.eml", EML, as_eml(message))
    name = _text(known, c.PID_ATTACH_LONG_FILENAME) or _text(known, _PID_SHORT_NAME) or f"attachment {number}"
    content = call_safely(lambda: Attachment(storage).file_bytes, None) or b""
    kind = _text(known, c.PID_ATTACH_MIME_TAG) or "application/octet-stream"
    return MailAttachment(name, kind, content, _text(known, _PID_CONTENT_ID).strip("<>"))


def _text(known: Properties, pid: int) -> str:
    value = call_safely(lambda: known.str_prop_value(pid), None) or ""
    return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
