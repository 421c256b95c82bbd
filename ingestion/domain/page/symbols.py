"""Signs of symbol fonts: PDFs give them as private characters or as letters, which is not what is printed."""

from typing import Final

_SIGNS: Final = str.maketrans(
    {
        "\uf06c": "●",
        "\uf06e": "■",
        "\uf06f": "□",
        "\uf071": "❑",
        "\uf076": "❖",
        "\uf0a7": "▪",
        "\uf0a8": "◻",
        "\uf0b0": "°",
        "\uf0b7": "•",
        "\uf0d8": "➢",
        "\uf0e0": "→",
        "\uf0e8": "➔",
        "\uf0fb": "✗",
        "\uf0fc": "✓",
        "\uf0fd": "☒",
        "\uf0fe": "☑",
    }
)
"""What Symbol and Wingdings print most: bullets, boxes, ticks, arrows."""


_DINGBATS: Final = str.maketrans("345678lmnopqrsuvH", "✓✔✕✖✗✘●❍■❏❐❑❒▲◆❖★")
"""What ZapfDingbats prints for letters and digits where forms are filled in."""


def as_dingbats(text: str) -> str:
    """Write what ZapfDingbats prints in place of the letters that name it."""
    return text.translate(_DINGBATS)


def with_signs(text: str) -> str:
    """Write what is printed in place of a symbol font's private characters; others stay, and tell of garbage."""
    return text.translate(_SIGNS)
