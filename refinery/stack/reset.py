"""`make reset`: forget all data of the embedded default, once nothing runs on it any more."""

import shutil
import sys

from refinery.stack.__main__ import data_folder
from refinery.stack.errors import StackError, guarded
from refinery.stack.folder import DataFolder
from refinery.stack.records import clear_leftovers

OURS = {
    *("postgres", "postgres.new", "temporal", "files", "static", "log", "run"),
    *("secret-key", "demo-users.json", "environment"),
    *("samples", "tour"),  # what the README makes there
}


def reset() -> None:
    """Remove the data folder's contents; a folder that holds other things is left alone."""
    folder = DataFolder(data_folder().resolve())
    if not folder.root.exists():
        return
    folder.open()
    clear_leftovers(folder.run, print)
    if strange := sorted({path.name for path in folder.root.iterdir()} - OURS):
        message = f"{folder.root} holds more than Refinery's data ({', '.join(strange)}): remove it by hand"
        raise StackError(message)
    shutil.rmtree(folder.root)
    folder.close()
    print(f"{folder.root} is empty again")


if __name__ == "__main__":
    sys.exit(guarded(reset))
