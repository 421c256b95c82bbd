"""Markdown elements of the generated reference pages."""

from collections.abc import Iterable


def table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table; vertical bars inside cells are escaped."""
    names = list(header)
    lines = [names, ["---"] * len(names), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def code_list(values: Iterable[str], empty: str = "") -> str:
    """Return values as code, joined by commas; `empty` if there are none."""
    return ", ".join(f"`{value}`" for value in values) or empty
