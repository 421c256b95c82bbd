"""A mail, whatever format it came in: its head, its text, and what is attached to it."""

import html
import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parsedate_to_datetime

from ingestion.adapters.containers.held import Found, Held, sliced
from ingestion.adapters.written.decoding import printable
from ingestion.adapters.written.markup import clean, parts_of
from ingestion.adapters.written.plain import lines
from ingestion.domain.attachments import Attachment, Letterhead, why_left_out
from ingestion.domain.containers import ContainerLimits, LeftOut, check_count

_INLINED_TO = 10 * 2**20
_PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/bmp", "image/webp"})
_CID = re.compile(r"cid:([^\"'\s>)]+)", re.IGNORECASE)


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
    return frozenset(_CID.findall(markup))


def letter_html(letter: Letter) -> str:
    """Write a mail as one HTML page: its head as a table, its text; nothing in it leads anywhere or is fetched."""
    return f"<html><body>{''.join(letter_parts(letter))}</body></html>"


def letter_parts(letter: Letter) -> Iterator[str]:
    """Write a mail as pieces of HTML that follow one another."""
    rows = [*letter.head]
    names = [one.name for one in letter.attached if not one.inline]
    if names:
        rows.append(("Attachments", ", ".join(names)))
    head = "".join(f"<tr><th align='left'>{html.escape(n)}</th><td>{html.escape(v)}</td></tr>" for n, v in rows)
    yield f"<table>{head}</table><hr>"
    if letter.markup:
        yield from parts_of(clean(_with_pictures(letter)))
    else:
        yield from lines(printable(letter.text).split("\n"))


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


def _with_pictures(letter: Letter) -> str:
    """Put the pictures that the text shows into it."""
    pictures, left = {}, _INLINED_TO
    for one in letter.attached:
        if one.content_id and one.media_type in _PICTURES and len(one.content) <= left:
            left -= len(one.content)
            pictures[one.content_id] = f"data:{one.media_type};base64,{b64encode(one.content).decode()}"
    return _CID.sub(lambda found: pictures.get(found[1], ""), letter.markup)
