"""Start of the office program, inside its sandbox: limits first, a look at the file, then the program itself.

What is wrong with the file is said on standard output, as the JSON of its error; then nothing is started.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from ingestion.adapters.sandbox.limits import ChildLimits, apply_limits, grant_page

_PLACE = Path("/tmp/opened")  # noqa: S108 - the sandbox's own


def main() -> None:
    """Run: arguments are the limits as JSON, the file's type, its path, and the program with its arguments.

    A password comes on standard input.
    """
    limits, media_type, path, *command = sys.argv[1:]
    allowed = ChildLimits(**json.loads(limits))
    apply_limits(allowed)
    grant_page(allowed)
    from ingestion.adapters.formats.office.column_widths import widened_file
    from ingestion.adapters.formats.office.precheck import REFUSED, readable  # under the limits, not before
    from ingestion.domain.errors import ReadingError
    from ingestion.domain.formats.office import ODS, XLS, XLSX

    try:
        opened = readable(Path(path), media_type, sys.stdin.read() or None)
        book = Path(path)
        if media_type in (XLS, ODS):
            book, opened = _as_workbook(command, book, opened)
        if media_type == XLSX or book != Path(path):
            opened = widened_file(book, opened)
    except ReadingError as refused:
        print(json.dumps({"code": refused.code, "message": str(refused)}), flush=True)  # noqa: T201 - the answer
        sys.exit(REFUSED)
    if opened is not None:
        place = _PLACE.with_suffix(book.suffix)
        place.write_bytes(opened)
        command[-1] = str(place)
    os.execv(command[0], command)  # noqa: S606 - the program that the parent named


def _as_workbook(command: list[str], book: Path, opened: bytes | None) -> tuple[Path, bytes | None]:
    """Have the program write an older workbook as one whose columns can be widened; it stays where that fails."""
    if opened is not None:
        book = _PLACE.with_suffix(book.suffix)
        book.write_bytes(opened)
    program = command[: command.index("--convert-to")]
    made = _PLACE.with_name("book")
    wanted = [*program, "--convert-to", "xlsx", "--outdir", str(made), str(book)]
    subprocess.run(wanted, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)  # noqa: S603 - as named
    found = made / f"{book.stem}.xlsx"
    return (found, None) if found.is_file() else (book, opened)


if __name__ == "__main__":
    main()
