"""Start of the office program, inside its sandbox: limits first, a look at the file, then the program itself.

What is wrong with the file is said on standard output, as the JSON of its error; then nothing is started.
"""

import json
import os
import sys
from pathlib import Path

from ingestion.adapters.limits import ChildLimits, apply_limits, grant_page

_PLACE = Path("/tmp/opened")  # noqa: S108 - the sandbox's own


def main() -> None:
    """Run: arguments are the limits as JSON, the file's type, its path, and the program with its arguments.

    A password comes on standard input.
    """
    limits, media_type, path, *command = sys.argv[1:]
    allowed = ChildLimits(**json.loads(limits))
    apply_limits(allowed)
    grant_page(allowed)
    from ingestion.adapters.office.looking import REFUSED, readable  # under the limits, not before
    from ingestion.adapters.office.widening import widened_file
    from ingestion.domain.errors import ReadingError
    from ingestion.domain.office import XLSX

    try:
        opened = readable(Path(path), media_type, sys.stdin.read() or None)
        if media_type == XLSX:
            opened = widened_file(Path(path), opened)
    except ReadingError as refused:
        print(json.dumps({"code": refused.code, "message": str(refused)}), flush=True)  # noqa: T201 - the answer
        sys.exit(REFUSED)
    if opened is not None:
        place = _PLACE.with_suffix(Path(path).suffix)
        place.write_bytes(opened)
        command[-1] = str(place)
    os.execv(command[0], command)  # noqa: S606 - the program that the parent named


if __name__ == "__main__":
    main()
