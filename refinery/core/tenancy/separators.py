"""Texts on a tenant's separator sheets, as entered by its administrators: one text per line."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

DEFAULT_SEPARATORS = "REFINERY-SEPARATOR\nPATCHT"
MAX_SEPARATORS, MIN_SEPARATOR_LENGTH, MAX_SEPARATOR_LENGTH = 20, 4, 60


def parse_separators(text: str) -> tuple[str, ...]:
    """Return the distinct texts, without surrounding blanks."""
    return tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def check_separators(text: str) -> None:
    """Raise ValidationError for texts that would split documents by accident or cannot be encoded in a barcode."""
    found = parse_separators(text)
    if len(found) > MAX_SEPARATORS:
        raise ValidationError(_("At most %(most)s texts, one per line."), params={"most": MAX_SEPARATORS})
    for line in found:
        if not MIN_SEPARATOR_LENGTH <= len("".join(line.split())) <= MAX_SEPARATOR_LENGTH:
            raise ValidationError(
                _("“%(line)s”: a text has %(shortest)s to %(longest)s characters."),
                params={
                    "line": line[:MAX_SEPARATOR_LENGTH],
                    "shortest": MIN_SEPARATOR_LENGTH,
                    "longest": MAX_SEPARATOR_LENGTH,
                },
            )
        if not (line.isascii() and line.isprintable()):
            raise ValidationError(_("“%(line)s”: use plain letters, digits and signs."), params={"line": line})
