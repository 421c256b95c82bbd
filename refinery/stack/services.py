"""PostgreSQL and Temporal for one caller: tests and benchmarks start the real ones with these two functions."""

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
from refinery.stack.journal import last_words
from refinery.stack.program import Program, halt, launch

START_SECONDS = 120.0  # a recovery after a crash is the longest that a start may honestly take
POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Running:
    """A started program and where its output goes."""

    program: Program
    process: subprocess.Popen[bytes]
    log: Path

    def stop(self) -> None:
        """End it and wait until it is gone."""
        halt(self.process, self.program)


def _mortal(program: Program) -> Program:
    """Let the program end with its caller where Linux can see to that: a killed test run leaves no server behind.

    The kernel watches the starting thread, so only the main one may stand for the caller.
    """
    if not shutil.which("setpriv") or threading.current_thread() is not threading.main_thread():
        return program
    watched = ("setpriv", "--pdeathsig", program.stop_signal.name.removeprefix("SIG"), *program.command)
    return dataclasses.replace(program, command=watched)


def _start(program: Program, log: Path, answers: Callable[[], bool]) -> Running:
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        running = Running(program, launch(_mortal(program), output), log)
    deadline = time.monotonic() + START_SECONDS
    while not answers():
        if running.process.poll() is not None or time.monotonic() > deadline:
            running.stop()
            said = log.read_text(errors="replace").splitlines()
            message = f"{program.name} did not start: {last_words(said)} (see {log})"
            raise StackError(message)
        time.sleep(POLL_SECONDS)
    return running


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running PostgreSQL with Refinery's roles, its database and pgvector."""

    cluster: postgres.Cluster
    running: Running

    @property
    def url_app(self) -> str:
        """The address for web and workers: DATABASE_URL."""
        return self.cluster.url(roles.APP)

    @property
    def url_owner(self) -> str:
        """The address for migrations: DATABASE_OWNER_URL."""
        return self.cluster.url(roles.OWNER)

    @property
    def url_superuser(self) -> str:
        """The address for what only a superuser may do."""
        return self.cluster.url(roles.SUPERUSER)

    def url(self, role: str, database: str) -> str:
        """The address of another database on this server."""
        return self.cluster.url(role, database)

    def create_database(self, name: str) -> None:
        """Add a database with the same owner, grants and extension."""
        self.cluster.provision(name)

    def stop(self) -> None:
        """End it and wait until it is gone, with the socket's own folder if it had one."""
        self.running.stop()
        if self.cluster.sockets != self.cluster.data:
            shutil.rmtree(self.cluster.sockets, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class TemporalServer:
    """A running Temporal development server."""

    engine: temporal.Engine
    running: Running

    @property
    def address(self) -> str:
        """The frontend's host:port: TEMPORAL_ADDRESS."""
        return self.engine.address

    @property
    def ui_url(self) -> str:
        """Address of Temporal's own pages."""
        return self.engine.ui_url

    @property
    def namespace(self) -> str:
        """The namespace that holds the workflows: TEMPORAL_NAMESPACE."""
        return self.engine.namespace

    def stop(self) -> None:
        """End it and wait until it is gone."""
        self.running.stop()


def start_postgres(folder: Path, *, durable: bool = True) -> PostgresServer:
    """Start PostgreSQL on the data folder `folder` (made when missing) and provision it.

    StackError when it cannot. `durable=False` gives up crash safety for speed: for tests whose data nobody misses.
    """
    cluster = postgres.prepare(folder, durable=durable)
    running = _start(cluster.program(), folder.with_name(folder.name + ".log"), cluster.answers)
    cluster.provision()
    return PostgresServer(cluster, running)


def start_temporal(folder: Path, binary: Path, *, namespace: str = temporal.NAMESPACE) -> TemporalServer:
    """Start Temporal with its database file in `folder`; StackError when it cannot."""
    engine = temporal.prepare(folder, binary, namespace)
    return TemporalServer(engine, _start(engine.program(), folder / "temporal.log", engine.answers))
