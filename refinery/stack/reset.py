"""`make reset`: delete all data of the embedded default, once nothing uses it any more."""

import shutil
import sys

from refinery.stack.__main__ import data_folder
from refinery.stack.errors import StackError, run_reporting_errors
from refinery.stack.folder import DataFolder
from refinery.stack.records import stop_leftovers

OWN_ENTRIES = {
    *("postgres", "postgres.new", "temporal", "files", "static", "log", "run"),
    *("secret-key", "demo-users.json", "environment"),
    *("samples", "tour"),  # created by the commands in the README
}


def reset() -> None:
    """Remove the data folder's contents; a folder that contains other things is left unchanged."""
    folder = DataFolder(data_folder().resolve())
    if not folder.root.exists():
        return
    folder.open()
    stop_leftovers(folder.run, print)
    if strange := sorted({path.name for path in folder.root.iterdir()} - OWN_ENTRIES):
        message = f"{folder.root} holds more than Refinery's data ({', '.join(strange)}): remove it by hand"
        raise StackError(message)
    shutil.rmtree(folder.root)
    folder.close()
    print(f"{folder.root} is empty again")


if __name__ == "__main__":
    sys.exit(run_reporting_errors(reset))
