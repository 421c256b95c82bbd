"""Direction of HTML blocks in right-to-left scripts, so that their full stops are at the left."""

import re

from ingestion.domain.page.scripts import RTL_SCRIPT

_BLOCK = re.compile(
    r"<(p|div|li|h[1-6]|td|th|blockquote|pre)((?: [^>]*)?)>"
    r"(?=(?:<[^>]*>|&[#\w]{1,10};|[^<\w&]|[\d_]){0,200}([^\W\d_])?)"
)


def with_directions(markup: str) -> str:
    """Set each block's direction by its first letter, if any text is right-to-left and the block declares none."""
    return _BLOCK.sub(_with_direction, markup) if RTL_SCRIPT.search(markup) else markup


def _with_direction(block: re.Match[str]) -> str:
    name, settings, letter = block.groups()
    if not letter or " dir=" in settings:
        return block[0]
    return f'<{name}{settings} dir="{"rtl" if RTL_SCRIPT.match(letter) else "ltr"}">'
