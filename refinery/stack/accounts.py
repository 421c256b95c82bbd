"""PostgreSQL refuses to run as root; where the stack is started by root, another account runs it.

That account must reach the server's programs and its data folder. A folder on the way that it may not pass
(a clone below /root or a private temporary folder) is opened for passing through, never for reading.
"""

import os
import pwd
import stat
import subprocess
from pathlib import Path

from refinery.stack.errors import StackError
from refinery.stack.program import identity

CANDIDATES = ("postgres", "nobody")


def _exists(account: str) -> bool:
    try:
        pwd.getpwnam(account)
    except KeyError:
        return False
    return True


def account_for(folder: Path) -> str | None:
    """Choose who runs the server: this user itself, unless that is root; an existing folder's owner stays."""
    if os.geteuid() != 0:
        return None
    if folder.exists() and folder.stat().st_uid != 0:
        return folder.owner()
    for account in CANDIDATES:
        if _exists(account):
            return account
    message = f"PostgreSQL cannot run as root and there is no account {' or '.join(CANDIDATES)} to run it"
    raise StackError(message)


def _can_run(command: list[str], account: str) -> bool:
    try:
        done = subprocess.run(command, cwd="/", check=False, capture_output=True, timeout=30, **identity(account))
    except OSError:  # no right to become that account, or no way to the program
        return False
    return done.returncode == 0


def _open_the_way(path: Path) -> list[Path]:
    """Let everyone pass through the folders above `path`; answer those that were changed."""
    changed = []
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)
            changed.append(folder)
    return changed


def own(path: Path, account: str) -> None:
    """Make `path` the account's own."""
    entry = pwd.getpwnam(account)
    os.chown(path, entry.pw_uid, entry.pw_gid)


def let_in(account: str, binaries: Path, data: Path) -> list[Path]:
    """Make sure that `account` can run the server's programs and reach `data`, which becomes its own.

    Answers the folders that were opened for passing through.
    """
    changed = [] if _can_run(["ls", str(data)], account) else _open_the_way(data)
    own(data, account)
    server = [str(binaries / "postgres"), "--version"]
    if not _can_run(server, account):
        changed += _open_the_way(binaries)
        if not _can_run(server, account):
            subprocess.run(["chmod", "-R", "o+rX", str(binaries.parent)], check=True)
    if not (_can_run(server, account) and _can_run(["ls", str(data)], account)):
        message = f"the account {account} cannot reach {binaries} and {data}: run as a user other than root"
        raise StackError(message)
    return changed
