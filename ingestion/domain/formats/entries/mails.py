"""Mail formats: internet messages (EML) and Outlook messages (MSG)."""

import re
from codecs import BOM_UTF8
from collections.abc import Callable

from ingestion.domain.formats.file_format import FileFormat, FileSample, FormatKind, Precedence, gettext_noop
from ingestion.domain.formats.signatures import OLE
from ingestion.domain.formats.text import wide_encoding

EML = "message/rfc822"
MSG = "application/vnd.ms-outlook"

_HEAD = 4096
_OUTLOOK = "__properties_version1.0".encode("utf-16-le")
_HEADER = re.compile(rb"([A-Za-z][A-Za-z0-9-]{1,40}):[ \t\r\n]")
_MAIL_ONLY_HEADERS = frozenset({b"received", b"message-id", b"mime-version", b"return-path", b"delivered-to", b"from"})
_COMMON_HEADERS = frozenset({b"to", b"cc", b"subject", b"date", b"sender", b"reply-to", b"content-type"})


def mail_text(content: bytes) -> bytes:
    """Return a mail, or the head of one, without a byte order mark and in ASCII or one of its supersets.

    Mail is ASCII by its standard (RFC 5322), but Windows saves texts as UTF-16.
    """
    encoding = wide_encoding(content[:_HEAD])
    if encoding is None or content.startswith(BOM_UTF8):
        return content.removeprefix(BOM_UTF8)
    return content.decode(encoding, "ignore").removeprefix("\ufeff").encode("utf-8", "replace")


def is_mail(head: bytes, *, hinted: bool) -> bool:
    """Return whether a file begins with mail headers, one of which only mail has; with a hint any of them counts."""
    lines = mail_text(head).lstrip(b"\r\n").split(b"\n")
    first = 1 if lines[0].startswith(b"From ") else 0  # the separator of mailboxes
    names = set()
    for line in lines[first:]:
        if not line.strip():
            break
        found = _HEADER.match(line + b"\n")
        if found:
            names.add(found[1].lower())
        elif line[:1] not in (b" ", b"\t"):
            break
    known = len(names & (_MAIL_ONLY_HEADERS | _COMMON_HEADERS))
    return known > 0 if hinted else known > 1 and bool(names & _MAIL_ONLY_HEADERS)


def _is_eml(sample: FileSample) -> bool:
    """Use the name as a hint: a mail with a short header looks like a note."""
    return is_mail(sample.head, hinted=sample.name.endswith(".eml") or sample.declared_type == EML)


def _is_msg(sample: FileSample) -> bool:
    """Use the name as a hint: an Outlook message may begin like an office file."""
    hinted = sample.name.endswith(".msg") or sample.declared_type == MSG
    return sample.head.startswith(OLE) and (_OUTLOOK in sample.head or hinted)


def _mail(
    media_type: str, label: str, suffix: str, detects: Callable[[FileSample], bool], example: bytes
) -> FileFormat:
    return FileFormat(
        media_type=media_type,
        name=suffix.removeprefix(".").upper(),
        label=label,
        kind=FormatKind.MAIL,
        suffixes=(suffix,),
        precedence=Precedence.HEADERS,
        detects=detects,
        example=example,
        note="header, text, inline pictures and names of attachments, typeset; attachments become documents",
    )


FORMATS = (
    _mail(EML, gettext_noop("Mail (EML)"), ".eml", _is_eml, b"From: a@example.org\nSubject: invoice\n\n"),
    _mail(MSG, gettext_noop("Mail (MSG)"), ".msg", _is_msg, OLE + _OUTLOOK),
)
