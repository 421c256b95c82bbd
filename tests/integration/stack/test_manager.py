"""The manager from the outside: its output, its exit status, and its remains after the end."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg
import pytest
from dotenv import dotenv_values

from refinery.stack.ports import free_ports
from refinery.stack.program import ROOT
from refinery.stack.services import PostgresServer
from tests.e2e.program import wait_until
from tests.integration.stack.small_programs import WEB

STOP_SECONDS = 60


@dataclass
class ManagerProcess:
    """A manager in a separate process."""

    var: Path
    port: int
    process: subprocess.Popen[str]
    output: list[str] = field(default_factory=list)

    def read_until(self, text: str) -> str:
        """Read lines up to one that contains `text`."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.output.append(line)
            if text in line:
                return line
        pytest.fail(f"ended before it said {text!r}:\n{''.join(self.output)}")

    def stop(self, number: signal.Signals | None = None) -> int:
        """Send a signal, read to the end and return the exit status."""
        if number:
            self.process.send_signal(number)
        output, _ = self.process.communicate(timeout=STOP_SECONDS)
        self.output.append(output)
        return self.process.returncode

    def web_pid(self) -> int:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/") as reply:
            return int(reply.read())

    def recorded_pid(self, name: str) -> int:
        return int(json.loads((self.var / "run" / f"{name}.json").read_text())["pid"])

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)


class ManagerProcesses:
    """Starts managers on one data folder and stops them after the test.

    Unless started with `whole`, they use running services, because most tests are not about those.
    """

    def __init__(self, var: Path, services: dict[str, str]) -> None:
        self.var, self.services, self.started = var, services, list[ManagerProcess]()

    def start(
        self, *replaced: str, var: Path | None = None, port: int | None = None, whole: bool = False
    ) -> ManagerProcess:
        var, port = var or self.var, port or free_ports(1)[0]
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.integration.stack.small_programs", str(var), str(port), *replaced],
            cwd=ROOT,
            env=os.environ | ({} if whole else self.services),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.started.append(ManagerProcess(var, port, process))
        return self.started[-1]

    def stop_all(self) -> None:
        for run in self.started:
            if run.process.poll() is None:
                run.stop(signal.SIGTERM)
            else:
                run.process.communicate()


@pytest.fixture
def managers(tmp_path: Path, postgres: PostgresServer) -> Iterator[ManagerProcesses]:
    postgres.create_database("managed")
    urls = {name: postgres.url(f"refinery_{name}", "managed") for name in ("app", "owner")}
    services = {
        "DATABASE_URL": urls["app"],
        "DATABASE_OWNER_URL": urls["owner"],
        "TEMPORAL_ADDRESS": "temporal.example:7233",
    }
    started = ManagerProcesses(tmp_path / "var", services)
    yield started
    started.stop_all()


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    def runs(one: psutil.Process) -> bool:
        with suppress(psutil.NoSuchProcess):
            return one.is_running() and one.status() != psutil.STATUS_ZOMBIE
        return False

    return [one for one in processes if runs(one)]


def test_manager_starts_and_stops_all_processes(managers: ManagerProcesses) -> None:
    run = managers.start(whole=True)
    run.read_until("Refinery is up")
    assert "vera@demo.example" in run.read_until("viewer")
    assert "only-for-tests" in run.output[-1]
    children = run.children()
    assert len(children) >= 4
    environment = dotenv_values(run.var / "environment")
    assert set(environment) == {"DATABASE_URL", "TEMPORAL_ADDRESS", "TEMPORAL_NAMESPACE"}
    psycopg.connect(str(environment["DATABASE_URL"])).close()
    assert run.stop(signal.SIGINT) == 0
    assert not (run.var / "environment").exists()
    assert "everything has stopped" in run.output[-1]
    assert alive(children) == []
    assert list((run.var / "run").glob("*.json")) == []


def test_manager_second_run_uses_existing_data(managers: ManagerProcesses) -> None:
    first = managers.start(whole=True)
    first.read_until("Refinery is up")
    assert first.stop(signal.SIGTERM) == 0
    second = managers.start("migrate=raise SystemExit('there is nothing to migrate')", whole=True)
    second.read_until("Refinery is up")
    assert second.stop(signal.SIGINT) == 0


def test_manager_killed_leaves_no_process(managers: ManagerProcesses) -> None:
    killed = managers.start(whole=True)
    killed.read_until("Refinery is up")
    children = killed.children()
    killed.process.kill()
    killed.stop()
    psutil.wait_procs(children, timeout=STOP_SECONDS)
    assert alive(children) == []
    run = managers.start(port=killed.port)
    run.read_until("Refinery is up")
    assert run.stop(signal.SIGINT) == 0


def test_manager_start_ends_processes_left_by_killed_run(managers: ManagerProcesses) -> None:
    killed = managers.start(whole=True)
    killed.read_until("Refinery is up")
    children = killed.children()
    for one in children:
        if "refinery.stack.orphan_reaper" in one.cmdline():
            one.kill()
    killed.process.kill()
    killed.stop()
    assert len(alive(children)) >= 4
    run = managers.start(port=killed.port, whole=True)
    assert "postgres" in run.read_until("stopped processes that a killed run left behind")
    assert alive(children) == []
    run.read_until("Refinery is up")
    assert run.stop(signal.SIGINT) == 0


def test_manager_restarts_crashed_child(managers: ManagerProcesses) -> None:
    worker = "import signal; print('WARNING a life begins', flush=True); signal.sigwait([signal.SIGTERM])"
    run = managers.start(f"worker={worker}")
    run.read_until("Refinery is up")
    first = run.recorded_pid("worker")
    os.kill(first, signal.SIGKILL)
    run.read_until("worker: ended with status -9, starts again in 0.5 s")
    run.read_until("worker: WARNING a life begins")
    assert run.recorded_pid("worker") != first
    assert run.stop(signal.SIGINT) == 0


def test_manager_restarts_killed_postgres_and_temporal(managers: ManagerProcesses) -> None:
    """After a kill, both serve again at the same address with the same data."""
    run = managers.start(whole=True)
    run.read_until("Refinery is up")
    environment = dotenv_values(run.var / "environment")
    host, _, port = str(environment["TEMPORAL_ADDRESS"]).partition(":")
    for name in ("postgres", "temporal"):
        os.kill(run.recorded_pid(name), signal.SIGKILL)
        run.read_until(f"{name}: ended with status -9, starts again in 0.5 s")
    wait_until(lambda: can_connect(lambda: psycopg.connect(str(environment["DATABASE_URL"])).close()))
    wait_until(lambda: can_connect(lambda: socket.create_connection((host, int(port))).close()))
    assert run.stop(signal.SIGINT) == 0


def can_connect(attempt: Callable[[], None]) -> bool:
    try:
        attempt()
    except (psycopg.OperationalError, ConnectionError):
        return False
    return True


def test_manager_taken_port_is_reported(managers: ManagerProcesses) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        run = managers.start(port=port)
        assert run.stop() == 1
    assert run.output[-1].splitlines()[-1].startswith(f"refinery: port {port} is taken by ")


def test_manager_data_folder_in_use_is_reported(managers: ManagerProcesses) -> None:
    first = managers.start()
    first.read_until("Refinery is up")
    second = managers.start()
    assert second.stop() == 1
    assert f"another run (process {first.process.pid}) uses {first.var}" in second.output[-1]
    assert first.stop(signal.SIGINT) == 0


def test_manager_two_runs_work_in_parallel(managers: ManagerProcesses, tmp_path: Path) -> None:
    both = [managers.start(whole=True), managers.start(var=tmp_path / "other", whole=True)]
    for run in both:
        run.read_until("Refinery is up")
    assert both[0].web_pid() != both[1].web_pid()
    assert [run.stop(signal.SIGINT) for run in both] == [0, 0]


@pytest.mark.parametrize(
    ("replaced", "line"),
    [
        (
            "migrate=raise SystemExit('the tables are from the future')",
            "migrate failed: the tables are from the future",
        ),
        ("seed=print('nothing')", "the demonstration tenant was not created"),
        ("web=raise SystemExit('no settings')", "web does not start: no settings"),
    ],
)
def test_manager_failing_step_prints_one_line_and_stops(managers: ManagerProcesses, replaced: str, line: str) -> None:
    assert_ends_with(managers.start(replaced), line)


def test_manager_worker_failing_at_start_prints_one_line_and_stops(managers: ManagerProcesses) -> None:
    """The web process answers only after the worker's second start, otherwise the two would race."""
    lives = "open(os.path.join(os.environ['REFINERY_VAR'], 'lives'), 'a')"
    run = managers.start(
        f"worker=import os; print('.', end='', file={lives}); raise SystemExit('no queue')",
        f"web=import os, time\nwhile {lives}.tell() < 2: time.sleep(0.05)\n{WEB}",
    )
    assert_ends_with(run, "worker does not start: no queue")


def assert_ends_with(run: ManagerProcess, line: str) -> None:
    assert run.stop() == 1
    last = run.output[-1].splitlines()[-1]
    assert last.startswith(f"refinery: {line}")
    assert list((run.var / "run").glob("*.json")) == []


def test_manager_ctrl_c_during_start_stops_all(managers: ManagerProcesses) -> None:
    run = managers.start("migrate=print('here', flush=True); import signal; signal.pause()", whole=True)
    run.read_until("PostgreSQL 18 runs")
    children = run.children()
    assert run.stop(signal.SIGINT) == 0
    assert alive(children) == []


def test_manager_second_ctrl_c_kills_unresponsive_child(managers: ManagerProcesses) -> None:
    stubborn = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('WARNING deaf', flush=True)"
    run = managers.start(f"worker={stubborn}; signal.pause(); signal.pause()")
    run.read_until("Refinery is up")
    children = run.children()
    run.process.send_signal(signal.SIGINT)
    run.read_until("stopping")
    assert run.stop(signal.SIGINT) == 0
    assert alive(children) == []


def test_manager_uses_services_from_environment(managers: ManagerProcesses) -> None:
    run = managers.start()
    run.read_until("Refinery is up")
    said = "".join(run.output)
    assert "PostgreSQL: the one that DATABASE_URL names" in said
    assert "Temporal: the one at temporal.example:7233" in said
    assert not (run.var / "postgres").exists()
    assert run.stop(signal.SIGINT) == 0
