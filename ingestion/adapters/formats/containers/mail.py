"""A mail, whatever format it came in: its head, its text, and what is attached to it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parsedate_to_datetime

from ingestion.adapters.formats.containers.contained_file import Found, Held, sliced
from ingestion.domain.formats.attachments import Attachment, Letterhead, why_left_out
from ingestion.domain.formats.containers import ContainerLimits, LeftOut, check_count

CID = re.compile(r"cid:([^\"'\s>)]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of a mail: `content_id` is the name by which the mail's text shows it."""

    name: str
    media_type: str
    content: bytes = field(repr=False)
    content_id: str = ""
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail: `head` is pairs of name and value to show, `markup` its text as HTML, `text` as it is plain."""

    head: tuple[tuple[str, str], ...]
    markup: str = ""
    text: str = ""
    attached: tuple[Attached, ...] = ()

    @property
    def subject(self) -> str:
        """Give the subject, empty where there is none."""
        return self.said("Subject")

    def said(self, wanted: str) -> str:
        """Give a line of the head, empty where there is none."""
        return next((value for name, value in self.head if name == wanted), "")


def attachments(letter: Letter, limits: ContainerLimits) -> Iterator[Found]:
    """Give who wrote it, and the files: those that are documents of their own, and the others. Raises TooLarge."""
    check_count(len(letter.attached), limits)
    yield letterhead(letter)
    shown = shown_ids(letter.markup)
    for part, one in enumerate(letter.attached, 1):
        inline = one.inline or one.content_id in shown
        why = why_left_out(Attachment(one.name, one.media_type, len(one.content), inline))
        if why:
            yield LeftOut(part, one.name, why)
        else:
            yield Held(part, one.name, one.media_type, sliced(one.content))


def letterhead(letter: Letter) -> Letterhead:
    """Give a mail's head in fixed members."""
    said = letter.said
    return Letterhead(said("From"), said("To"), said("Cc"), letter.subject, _moment(said("Date")))


def _moment(date: str) -> str:
    """Give a mail's date (RFC 5322) as ISO 8601; one without a zone is taken for UTC."""
    try:
        moment = parsedate_to_datetime(date)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat()
    except (ValueError, OverflowError):
        return ""


def shown_ids(markup: str) -> frozenset[str]:
    """Give the content ids that a mail's text shows."""
    return frozenset(CID.findall(markup))


def as_eml(letter: Letter) -> bytes:
    """Write a mail that was kept within another one in Outlook's own way as a mail for everyone."""
    mail = EmailMessage(policy=SMTP)
    for name, value in letter.head:
        mail[name] = " ".join(value.split())
    mail.set_content(letter.text)
    if letter.markup:
        mail.add_alternative(letter.markup, subtype="html")
    for one in letter.attached:
        kind, _, subtype = one.media_type.partition("/")
        if kind in {"message", "multipart", "text"} or not subtype:
            kind, subtype = "application", "octet-stream"
        name = " ".join(one.name.split())
        mail.add_attachment(one.content, maintype=kind, subtype=subtype, filename=name)
    return mail.as_bytes()
