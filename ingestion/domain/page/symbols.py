"""Characters of symbol fonts: PDFs encode them as private characters or letters, not as the printed symbols."""

from typing import Final

_SYMBOLS: Final = str.maketrans(
    "\uf06c\uf06e\uf06f\uf071\uf076\uf0a7\uf0a8\uf0b0\uf0b7\uf0d8\uf0e0\uf0e8\uf0fb\uf0fc\uf0fd\uf0fe",
    "●■□❑❖▪◻°•➢→➔✗✓☒☑",
)
"""The most common symbols of Symbol and Wingdings: bullets, boxes, ticks, arrows."""


_DINGBATS: Final = str.maketrans("345678lmnopqrsuvH", "✓✔✕✖✗✘●❍■❏❐❑❒▲◆❖★")
"""The symbols that ZapfDingbats prints for letters and digits in filled forms."""


def map_dingbats(text: str) -> str:
    """Replace the letters that encode ZapfDingbats symbols by the symbols."""
    return text.translate(_DINGBATS)


def map_symbol_characters(text: str) -> str:
    """Replace a symbol font's private characters by the printed symbols; others stay as a sign of garbage."""
    return text.translate(_SYMBOLS)
