"""Start of the office program inside its sandbox: limits first, then a check of the file, then the program.

Problems of the file are written to standard output, as the JSON of the error; then nothing is started.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from ingestion.adapters.sandbox.limits import SandboxLimits, apply_limits, grant_page_cpu

_UNLOCKED_PATH = Path("/tmp/opened")  # noqa: S108 - the sandbox's own


def main() -> None:
    """Run: arguments are the limits as JSON, the file's type, its path, and the program with its arguments.

    A password comes on standard input.
    """
    limits, media_type, path, *command = sys.argv[1:]
    allowed = SandboxLimits(**json.loads(limits))
    apply_limits(allowed)
    grant_page_cpu(allowed)
    from ingestion.adapters.formats.office.column_widths import widen_columns_of
    from ingestion.adapters.formats.office.precheck import (
        EXIT_REFUSED,
        check_and_unlock,
    )  # under the limits, not before
    from ingestion.domain.errors import ReadingError
    from ingestion.domain.formats.entries.office import ODS, XLS, XLSX

    try:
        opened = check_and_unlock(Path(path), media_type, sys.stdin.read() or None)
        book = Path(path)
        if media_type in (XLS, ODS):
            book, opened = _as_workbook(command, book, opened)
        if media_type == XLSX or book != Path(path):
            opened = widen_columns_of(book, opened)
    except ReadingError as refused:
        print(json.dumps({"code": refused.code, "message": str(refused)}), flush=True)  # noqa: T201 - the answer
        sys.exit(EXIT_REFUSED)
    if opened is not None:
        place = _UNLOCKED_PATH.with_suffix(book.suffix)
        place.write_bytes(opened)
        command[-1] = str(place)
    os.execv(command[0], command)  # noqa: S606 - the program that the parent named


def _as_workbook(command: list[str], book: Path, opened: bytes | None) -> tuple[Path, bytes | None]:
    """Convert an older workbook to a format whose columns can be widened; return the original if that fails."""
    if opened is not None:
        book = _UNLOCKED_PATH.with_suffix(book.suffix)
        book.write_bytes(opened)
    program = command[: command.index("--convert-to")]
    made = _UNLOCKED_PATH.with_name("book")
    wanted = [*program, "--convert-to", "xlsx", "--outdir", str(made), str(book)]
    subprocess.run(wanted, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)  # noqa: S603 - as named
    found = made / f"{book.stem}.xlsx"
    return (found, None) if found.is_file() else (book, opened)


if __name__ == "__main__":
    main()
