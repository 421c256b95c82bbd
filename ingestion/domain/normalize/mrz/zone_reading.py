"""Reading of two or three lines as a zone of one of the formats."""

import re
from collections.abc import Sequence

from ingestion.domain.normalize.mrz.document_formats import MRZ_FORMATS, MrzFormat
from ingestion.domain.normalize.mrz.zone import MrzZone, failed_checks
from ingestion.domain.normalize.mrz.zone_repair import apply_alphabets, repair_by_check_digits

MAX_WIDTH_ERROR = 6  # fillers that an engine lost or invented in one line
_FILLER_CONFUSIONS = str.maketrans(
    {"«": "<", "\u2039": "<", "《": "<", "〈": "<", "(": "<", "[": "<", "{": "<", "≤": "<", "\uff1c": "<"}
)
_ALLOWED = re.compile(r"[A-Z0-9<]+")


def clean_line(text: str) -> str:
    """Return a line in capitals, without blanks, with the characters that engines read for fillers replaced."""
    return re.sub(r"\s+", "", text).upper().translate(_FILLER_CONFUSIONS)


def has_zone_characters(line: str) -> bool:
    """Return whether a cleaned line has only characters of a zone."""
    return bool(_ALLOWED.fullmatch(line))


def fit_width(line: str, width: int, *, names: bool) -> str | None:
    """Bring a line to its width: engines lose or invent fillers, hardly ever other characters.

    Fillers are added at the end of a line of names, otherwise in the longest run of them.
    """
    if len(line) == width:
        return line
    missing = width - len(line)
    if abs(missing) > MAX_WIDTH_ERROR or "<" not in line:
        return None
    if names and missing > 0:
        return line + "<" * missing
    run = max(re.finditer(r"<+", line), key=lambda hit: len(hit[0]))
    if len(run[0]) + missing < 1:
        return None
    return line[: run.start()] + "<" * (len(run[0]) + missing) + line[run.end() :]


def _read_as(form: MrzFormat, cleaned: Sequence[str]) -> MrzZone | None:
    fitted = [fit_width(line, form.width, names=index == form.names) for index, line in enumerate(cleaned)]
    if len(fitted) != form.lines or any(line is None or not has_zone_characters(line) for line in fitted):
        return None
    lines = apply_alphabets(form, [line for line in fitted if line])
    if not form.is_opened_by(lines[0]):
        return None
    lines = repair_by_check_digits(form, lines)
    return MrzZone(form, lines, failed_checks(form, lines))


def parse_mrz(lines: Sequence[str]) -> MrzZone | None:
    """Read two or three lines as a zone; None if they match none of the formats.

    Characters that only the format can distinguish (O and 0) are read by their position; elsewhere they are changed
    only if the check digits then agree.
    """
    cleaned = [clean_line(line) for line in lines]
    found = [zone for form in MRZ_FORMATS if form.lines == len(cleaned) and (zone := _read_as(form, cleaned))]
    return min(found, key=lambda zone: len(zone.failed_checks), default=None)
