"""Preparation of a workbook before its pages are rendered: formulas computed, dates definite, columns wide enough.

The steps after the first work on XLSX only, so other workbooks are converted to it by the office program.
"""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ingestion.adapters.formats.office.column_widths import widen_columns
from ingestion.adapters.formats.office.definite_dates import with_definite_dates
from ingestion.adapters.formats.office.formula_results import formula_results
from ingestion.adapters.formats.office.profile import require_calculation
from ingestion.domain.formats.entries.office import ODS, XLS, XLSX

WORKBOOKS = {XLSX: ".xlsx", XLS: ".xls", ODS: ".ods"}
"""Types of workbooks, with the suffix of each."""


@dataclass(frozen=True, slots=True)
class OfficeProgram:
    """Office program that converts a file: its command with options, a temporary folder, and its user profile."""

    command: Sequence[str]
    folder: Path
    profile: Path

    def as_xlsx(self, content: bytes, suffix: str) -> bytes | None:
        """Convert a workbook; None if that fails."""
        source, made = self.folder / f"book{suffix}", self.folder / "converted"
        source.write_bytes(content)
        wanted = [*self.command, "--convert-to", "xlsx", "--outdir", str(made), str(source)]
        subprocess.run(wanted, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)  # noqa: S603 - as named
        found = made / "book.xlsx"
        return found.read_bytes() if found.is_file() else None


def prepare_workbook(content: bytes, media_type: str, program: OfficeProgram) -> tuple[bytes, str]:
    """Return a workbook ready to be rendered, and its suffix; unchanged if the program cannot convert it."""
    needs_calculation = formula_results(content, media_type).need_calculation
    if needs_calculation:
        require_calculation(program.profile)
    if media_type == XLSX:
        content = with_definite_dates(content)
    if needs_calculation or media_type != XLSX:
        converted = program.as_xlsx(content, WORKBOOKS[media_type])
        if converted is None and media_type != XLSX:
            return content, WORKBOOKS[media_type]
        content = with_definite_dates(converted or content)
    return widen_columns(content), WORKBOOKS[XLSX]
