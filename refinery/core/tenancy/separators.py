"""What a tenant's separator sheets say, as its administrators write it: one text a line."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

STANDARD = "REFINERY-SEPARATOR\nPATCHT"
MOST, SHORTEST, LONGEST = 20, 4, 60


def separators_in(text: str) -> tuple[str, ...]:
    """Give the texts, each once, without the blanks around them."""
    return tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def check_separators(text: str) -> None:
    """Refuse what would part documents by accident, or could not stand in a code; raises ValidationError."""
    found = separators_in(text)
    if len(found) > MOST:
        raise ValidationError(_("At most %(most)s texts, one a line."), params={"most": MOST})
    for line in found:
        if not SHORTEST <= len("".join(line.split())) <= LONGEST:
            raise ValidationError(
                _("“%(line)s”: a text has %(shortest)s to %(longest)s characters."),
                params={"line": line[:LONGEST], "shortest": SHORTEST, "longest": LONGEST},
            )
        if not (line.isascii() and line.isprintable()):
            raise ValidationError(_("“%(line)s”: use plain letters, digits and signs."), params={"line": line})
