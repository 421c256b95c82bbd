"""Start of the office program inside its sandbox: limits first, then a check of the file, then the program.

Problems of the file are written to standard output, as the JSON of the error; then nothing is started.
"""

import json
import os
import sys
from pathlib import Path

from ingestion.adapters.sandbox.limits import SandboxLimits, apply_limits, grant_page_cpu

_FOLDER = Path("/tmp")  # noqa: S108 - the sandbox's own
_PROFILE = Path("/profile")


def main() -> None:
    """Run: arguments are the limits as JSON, the file's type, its path, and the program with its arguments.

    A password comes on standard input.
    """
    limits, media_type, path, *command = sys.argv[1:]
    allowed = SandboxLimits(**json.loads(limits))
    apply_limits(allowed)
    grant_page_cpu(allowed)
    from ingestion.adapters.formats.office.precheck import EXIT_REFUSED  # under the limits, not before
    from ingestion.domain.errors import ReadingError

    try:
        command[-1] = str(_prepared_file(Path(path), media_type, command))
    except ReadingError as refused:
        print(json.dumps({"code": refused.code, "message": str(refused)}), flush=True)  # noqa: T201 - the answer
        sys.exit(EXIT_REFUSED)
    os.execv(command[0], command)  # noqa: S606 - the program that the parent named


def _prepared_file(path: Path, media_type: str, command: list[str]) -> Path:
    """Return the file to render: the given one, or a copy that is decrypted or prepared as a workbook."""
    from ingestion.adapters.formats.office.precheck import check_and_unlock
    from ingestion.adapters.formats.office.workbook import WORKBOOKS, OfficeProgram, prepare_workbook

    opened = check_and_unlock(path, media_type, sys.stdin.read() or None)
    suffix = path.suffix
    if media_type in WORKBOOKS:
        program = OfficeProgram(command[: command.index("--convert-to")], _FOLDER, _PROFILE)
        content = path.read_bytes() if opened is None else opened
        opened, suffix = prepare_workbook(content, media_type, program)
    if opened is None:
        return path
    place = (_FOLDER / "opened").with_suffix(suffix)
    place.write_bytes(opened)
    return place


if __name__ == "__main__":
    main()
