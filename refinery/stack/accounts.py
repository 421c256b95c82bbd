"""User account of PostgreSQL, which refuses to run as root: if root starts the stack, another account runs it.

That account must reach the server's programs and its data folder. The folder around its data, which is private, is
opened for traversal by the account's group. A folder above that it may not traverse (a clone below /root or a private
temporary folder) is opened for traversal by all; none is opened for reading.
"""

import os
import pwd
import stat
import subprocess
from pathlib import Path

from refinery.stack.errors import StackError
from refinery.stack.program import subprocess_user

SERVICE_ACCOUNTS = ("postgres", "nobody")


def _exists(account: str) -> bool:
    try:
        pwd.getpwnam(account)
    except KeyError:
        return False
    return True


def account_for(folder: Path) -> str | None:
    """Return the account for the server: None unless run by root; the owner of an existing folder comes first."""
    if os.geteuid() != 0:
        return None
    if folder.exists() and folder.stat().st_uid != 0:
        return folder.owner()
    for account in SERVICE_ACCOUNTS:
        if _exists(account):
            return account
    message = f"PostgreSQL cannot run as root and there is no account {' or '.join(SERVICE_ACCOUNTS)} to run it"
    raise StackError(message)


def _can_run(command: list[str], account: str) -> bool:
    try:
        done = subprocess.run(
            command, cwd="/", check=False, capture_output=True, timeout=30, **subprocess_user(account)
        )
    except OSError:  # not allowed to switch to that account, or the program is not reachable
        return False
    return done.returncode == 0


def _make_traversable(path: Path) -> list[Path]:
    """Make the folders above `path` traversable for all users; returns the changed ones."""
    changed = []
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)
            changed.append(folder)
    return changed


def _admit_group(folder: Path, account: str) -> None:
    """Let the account's group, and no other user, traverse a folder of root's."""
    if not folder.stat().st_mode & stat.S_IXOTH:
        os.chown(folder, -1, pwd.getpwnam(account).pw_gid)
        folder.chmod(0o710)


def chown_to(path: Path, account: str) -> None:
    """Make `account` the owner of `path`."""
    entry = pwd.getpwnam(account)
    os.chown(path, entry.pw_uid, entry.pw_gid)


def grant_access(account: str, binaries: Path, data: Path) -> list[Path]:
    """Ensure that `account` can run the server's programs and reach `data`, of which it becomes the owner.

    Returns the folders that were opened for traversal.
    """
    _admit_group(data.parent, account)
    changed = [] if _can_run(["ls", str(data)], account) else _make_traversable(data.parent)
    chown_to(data, account)
    server = [str(binaries / "postgres"), "--version"]
    if not _can_run(server, account):
        changed += _make_traversable(binaries)
        if not _can_run(server, account):
            subprocess.run(["chmod", "-R", "o+rX", str(binaries.parent)], check=True)
    if not (_can_run(server, account) and _can_run(["ls", str(data)], account)):
        message = f"the account {account} cannot reach {binaries} and {data}: run as a user other than root"
        raise StackError(message)
    return changed
