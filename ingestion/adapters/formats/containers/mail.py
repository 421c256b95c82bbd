"""Mail independent of its format: its headers, its text, and its attachments."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parsedate_to_datetime
from typing import TypeVar

from ingestion.adapters.formats.containers.contained_file import ContainerFile, ContainerItem, in_chunks
from ingestion.domain.formats.attachments import Attachment, MailHeaders, attachment_skip_reason
from ingestion.domain.formats.containers import ContainerLimits, SkippedFile, check_entry_count

Value = TypeVar("Value")
Other = TypeVar("Other")
CID_LINK = re.compile(r"cid:([^\"'\s>)]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MailAttachment:
    """File of a mail: `content_id` is the name by which the mail's text refers to it."""

    name: str
    media_type: str
    content: bytes = field(repr=False)
    content_id: str = ""
    inline: bool = False


@dataclass(frozen=True, slots=True)
class MailMessage:
    """Mail: `headers` are pairs of name and value to show, `markup` is its text as HTML, `text` its plain text."""

    headers: tuple[tuple[str, str], ...]
    markup: str = ""
    text: str = ""
    attachments: tuple[MailAttachment, ...] = ()

    @property
    def subject(self) -> str:
        """Subject, empty without one."""
        return self.header("Subject")

    def header(self, wanted_name: str) -> str:
        """Return a header, empty without one."""
        return next((value for name, value in self.headers if name == wanted_name), "")


def mail_items(message: MailMessage, limits: ContainerLimits) -> Iterator[ContainerItem]:
    """Yield the headers, then the attachments, including skipped ones. Raises TooLarge."""
    check_entry_count(len(message.attachments), limits)
    yield mail_headers(message)
    shown = inline_ids(message.markup)
    for part, one in enumerate(message.attachments, 1):
        inline = one.inline or one.content_id in shown
        why = attachment_skip_reason(Attachment(one.name, one.media_type, len(one.content), inline))
        if why:
            yield SkippedFile(part, one.name, why)
        else:
            yield ContainerFile(part, one.name, one.media_type, in_chunks(one.content))


def mail_headers(message: MailMessage) -> MailHeaders:
    """Return a mail's headers."""
    header = message.header
    return MailHeaders(header("From"), header("To"), header("Cc"), message.subject, _iso_date(header("Date")))


def _iso_date(date: str) -> str:
    """Return a mail's date (RFC 5322) as ISO 8601; a date without a zone counts as UTC."""
    try:
        moment = parsedate_to_datetime(date)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat()
    except (ValueError, OverflowError):
        return ""


def inline_ids(markup: str) -> frozenset[str]:
    """Return the content ids that a mail's text refers to."""
    return frozenset(CID_LINK.findall(markup))


def as_eml(message: MailMessage) -> bytes:
    """Return a mail embedded in Outlook's format as a standard mail."""
    mail = EmailMessage(policy=SMTP)
    for name, value in message.headers:
        mail[name] = " ".join(value.split())
    mail.set_content(message.text)
    if message.markup:
        mail.add_alternative(message.markup, subtype="html")
    for one in message.attachments:
        kind, _, subtype = one.media_type.partition("/")
        if kind in {"message", "multipart", "text"} or not subtype:
            kind, subtype = "application", "octet-stream"
        name = " ".join(one.name.split())
        mail.add_attachment(one.content, maintype=kind, subtype=subtype, filename=name)
    return mail.as_bytes()


def call_safely(ask: Callable[[], Value], otherwise: Other) -> Value | Other:
    """Call a parser, which may raise any exception for malformed headers and properties."""
    try:
        return ask()
    except Exception:  # noqa: BLE001 - a broken header is one without a value, never the loss of the mail
        return otherwise
