"""Text and pictures of RTF; the pictures follow the text."""

import re
from binascii import Error, unhexlify
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from typing import IO

from ingestion.adapters.formats.text.decoding import decode, printable
from ingestion.adapters.formats.text.embedded_pictures import picture_html
from ingestion.adapters.formats.text.plain_lines import lines_html
from ingestion.adapters.formats.text.printable import HtmlDocument

_PICTURE = re.compile(
    rb"\\(?:png|jpeg)blip\b(?:\s*\\[a-z]{1,32}-?\d{0,10}|\s*\{[^{}]{0,500}\}){0,40}\s*([0-9A-Fa-f\s]{200,})"
)


def rich_text(file: IO[bytes]) -> HtmlDocument:
    """Lay out RTF."""
    from striprtf.striprtf import rtf_to_text

    content = file.read()
    text = printable(rtf_to_text(decode(content), errors="replace"))
    return HtmlDocument(chain(lines_html(text.split("\n")), _pictures(content)))


def _pictures(content: bytes) -> Iterator[str]:
    """Yield the pictures that are written in hexadecimal digits, each once."""
    for found in _PICTURE.finditer(content):
        with suppress(Error):
            yield picture_html(unhexlify(b"".join(found[1].split())))
