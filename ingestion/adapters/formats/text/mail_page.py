"""A mail as the page that its reader saw: its head, its text, its pictures, the names of what is attached."""

import html
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

from ingestion.adapters.formats.containers.mail import CID, Letter
from ingestion.adapters.formats.text.decoding import printable
from ingestion.adapters.formats.text.html_sanitizer import clean, parts_of
from ingestion.adapters.formats.text.plain_lines import lines
from ingestion.adapters.formats.text.printable import Typescript
from ingestion.domain.formats.containers import EML, ContainerLimits

_INLINED_TO = 10 * 2**20
_PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/bmp", "image/webp"})


def letter_page(path: Path, media_type: str) -> Typescript:
    """Lay out a mail; raises CorruptFile, TooLarge, PolicyViolation."""
    if media_type == EML:
        from ingestion.adapters.formats.containers.eml import read_eml as read
    else:
        from ingestion.adapters.formats.containers.outlook import read_msg as read
    return Typescript(letter_parts(read(path, 1, ContainerLimits())))


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
    yield f'<table class="head">{head}</table><hr>'
    if letter.markup:
        yield from parts_of(clean(_with_pictures(letter)))
    else:
        yield from lines(printable(letter.text).split("\n"))


def _with_pictures(letter: Letter) -> str:
    """Put the pictures that the text shows into it."""
    pictures, left = {}, _INLINED_TO
    for one in letter.attached:
        if one.content_id and one.media_type in _PICTURES and len(one.content) <= left:
            left -= len(one.content)
            pictures[one.content_id] = f"data:{one.media_type};base64,{b64encode(one.content).decode()}"
    return CID.sub(lambda found: pictures.get(found[1], ""), letter.markup)
