"""Blocks of HTML whose letters run from right to left, so that their full stops stand at the left."""

import re

from ingestion.domain.page.scripts import LEFTWARD

_BLOCK = re.compile(
    r"<(p|div|li|h[1-6]|td|th|blockquote|pre)((?: [^>]*)?)>"
    r"(?=(?:<[^>]*>|&[#\w]{1,10};|[^<\w&]|[\d_]){0,200}([^\W\d_])?)"
)


def directed(markup: str) -> str:
    """Give each block the direction of its first letter, where any runs leftward and the block does not say."""
    return _BLOCK.sub(_with_direction, markup) if LEFTWARD.search(markup) else markup


def _with_direction(block: re.Match[str]) -> str:
    name, settings, letter = block.groups()
    if not letter or " dir=" in settings:
        return block[0]
    return f'<{name}{settings} dir="{"rtl" if LEFTWARD.match(letter) else "ltr"}">'
