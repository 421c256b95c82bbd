"""Mail as the page that its reader saw: its headers, its text, its pictures, the names of its attachments."""

import html
from base64 import b64encode
from collections.abc import Iterator

from ingestion.adapters.formats.containers.mail import CID_LINK, MailMessage
from ingestion.adapters.formats.text.decoding import printable
from ingestion.adapters.formats.text.html_sanitizer import clean_html, split_html
from ingestion.adapters.formats.text.plain_lines import lines_html

_INLINED_TO = 10 * 2**20
_PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/bmp", "image/webp"})


def mail_parts(message: MailMessage) -> Iterator[str]:
    """Yield a mail as pieces of HTML: its headers as a table, and its text, without links or external content."""
    rows = [*message.headers]
    names = [one.name for one in message.attachments if not one.inline]
    if names:
        rows.append(("Attachments", ", ".join(names)))
    head = "".join(f"<tr><th align='left'>{html.escape(n)}</th><td>{html.escape(v)}</td></tr>" for n, v in rows)
    yield f'<table class="head">{head}</table><hr>'
    if message.markup:
        yield from split_html(clean_html(_with_pictures(message)))
    else:
        yield from lines_html(printable(message.text).split("\n"))


def _with_pictures(message: MailMessage) -> str:
    """Embed the pictures that the text refers to."""
    pictures, left = {}, _INLINED_TO
    for one in message.attachments:
        if one.content_id and one.media_type in _PICTURES and len(one.content) <= left:
            left -= len(one.content)
            pictures[one.content_id] = f"data:{one.media_type};base64,{b64encode(one.content).decode()}"
    return CID_LINK.sub(lambda found: pictures.get(found[1], ""), message.markup)
