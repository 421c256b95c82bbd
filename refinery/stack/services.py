"""PostgreSQL and Temporal for a single caller: tests and benchmarks start real servers with these functions."""

import dataclasses
import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from refinery.stack import postgres, roles, temporal
from refinery.stack.errors import StackError
from refinery.stack.journal import last_error_line
from refinery.stack.program import Program, launch, stop_process

START_SECONDS = 120.0  # a recovery after a crash is the slowest legitimate start
POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class ServerProcess:
    """Started program and its log."""

    program: Program
    process: subprocess.Popen[bytes]
    log: Path

    def stop(self) -> None:
        """End it and wait for its exit."""
        stop_process(self.process, self.program)


def _die_with_parent(program: Program) -> Program:
    """Make the program end with its caller, on Linux: a killed test run leaves no server behind.

    The kernel watches the thread that starts it, so only the main thread can represent the caller.
    """
    if not shutil.which("setpriv") or threading.current_thread() is not threading.main_thread():
        return program
    watched = ("setpriv", "--pdeathsig", program.stop_signal.name.removeprefix("SIG"), *program.command)
    return dataclasses.replace(program, command=watched)


def _start_server(program: Program, log: Path, is_ready: Callable[[], bool]) -> ServerProcess:
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        server = ServerProcess(program, launch(_die_with_parent(program), output), log)
    deadline = time.monotonic() + START_SECONDS
    while not is_ready():
        if server.process.poll() is not None or time.monotonic() > deadline:
            server.stop()
            log_lines = log.read_text(errors="replace").splitlines()
            message = f"{program.name} did not start: {last_error_line(log_lines)} (see {log})"
            raise StackError(message)
        time.sleep(POLL_SECONDS)
    return server


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """Running PostgreSQL with Refinery's roles, its database and pgvector."""

    cluster: postgres.Cluster
    server_process: ServerProcess

    @property
    def url_app(self) -> str:
        """Return the URL for web and workers: DATABASE_URL."""
        return self.cluster.url(roles.APP)

    @property
    def url_owner(self) -> str:
        """Return the URL for migrations: DATABASE_OWNER_URL."""
        return self.cluster.url(roles.OWNER)

    @property
    def url_superuser(self) -> str:
        """Return the URL for operations that need a superuser."""
        return self.cluster.url(roles.SUPERUSER)

    def url(self, role: str, database: str) -> str:
        """Return the URL of another database on this server."""
        return self.cluster.url(role, database)

    def create_database(self, name: str) -> None:
        """Add a database with the same owner, grants and extension."""
        self.cluster.provision(name)

    def stop(self) -> None:
        """End it, wait for its exit, and remove a separate socket folder."""
        self.server_process.stop()
        if self.cluster.sockets != self.cluster.data:
            shutil.rmtree(self.cluster.sockets, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class TemporalServer:
    """Running Temporal development server."""

    dev_server: temporal.TemporalDevServer
    server_process: ServerProcess

    @property
    def address(self) -> str:
        """Return the frontend's host:port: TEMPORAL_ADDRESS."""
        return self.dev_server.address

    @property
    def ui_url(self) -> str:
        """Return the URL of Temporal's web interface."""
        return self.dev_server.ui_url

    @property
    def namespace(self) -> str:
        """Return the namespace of the workflows: TEMPORAL_NAMESPACE."""
        return self.dev_server.namespace

    def stop(self) -> None:
        """End it and wait for its exit."""
        self.server_process.stop()


def start_postgres(folder: Path, *, durable: bool = True) -> PostgresServer:
    """Start PostgreSQL on the data folder `folder` (created if missing) and provision it.

    Raises StackError if that fails. `durable=False` gains speed without crash safety: for disposable test data.
    """
    cluster = postgres.prepare_cluster(folder, durable=durable)
    server = _start_server(cluster.program(), folder.with_name(folder.name + ".log"), cluster.is_ready)
    cluster.provision()
    return PostgresServer(cluster, server)


def start_temporal(folder: Path, binary: Path, *, namespace: str = temporal.NAMESPACE) -> TemporalServer:
    """Start Temporal with its database file in `folder`. Raises StackError if that fails."""
    dev_server = temporal.prepare_temporal(folder, binary, namespace)
    return TemporalServer(dev_server, _start_server(dev_server.program(), folder / "temporal.log", dev_server.is_ready))
