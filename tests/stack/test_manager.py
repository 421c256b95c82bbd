"""The manager, as a person meets it: its lines, its exit status, and what is left when it has gone."""

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
from tests.e2e.program import until
from tests.stack.small_programs import WEB

STOP_SECONDS = 60


@dataclass
class Run:
    """One manager in a process of its own."""

    var: Path
    port: int
    process: subprocess.Popen[str]
    said: list[str] = field(default_factory=list)

    def read_until(self, text: str) -> str:
        """Read its lines up to one that holds `text`."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line)
            if text in line:
                return line
        pytest.fail(f"ended before it said {text!r}:\n{''.join(self.said)}")

    def finish(self, number: signal.Signals | None = None) -> int:
        """Send a signal, read to the end; the exit status."""
        if number:
            self.process.send_signal(number)
        output, _ = self.process.communicate(timeout=STOP_SECONDS)
        self.said.append(output)
        return self.process.returncode

    def web_pid(self) -> int:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/") as reply:
            return int(reply.read())

    def recorded_pid(self, name: str) -> int:
        return int(json.loads((self.var / "run" / f"{name}.json").read_text())["pid"])

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)


class Runs:
    """Starts managers on one data folder and sees to it that none outlives its test.

    Unless they are `whole`, they use services that stand already: most of what a manager does is not about those.
    """

    def __init__(self, var: Path, services: dict[str, str]) -> None:
        self.var, self.services, self.started = var, services, list[Run]()

    def start(self, *replaced: str, var: Path | None = None, port: int | None = None, whole: bool = False) -> Run:
        var, port = var or self.var, port or free_ports(1)[0]
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.stack.small_programs", str(var), str(port), *replaced],
            cwd=ROOT,
            env=os.environ | ({} if whole else self.services),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.started.append(Run(var, port, process))
        return self.started[-1]

    def end_all(self) -> None:
        for run in self.started:
            if run.process.poll() is None:
                run.finish(signal.SIGTERM)
            else:
                run.process.communicate()


@pytest.fixture
def runs(tmp_path: Path, postgres: PostgresServer) -> Iterator[Runs]:
    postgres.create_database("managed")
    urls = {name: postgres.url(f"refinery_{name}", "managed") for name in ("app", "owner")}
    services = {
        "DATABASE_URL": urls["app"],
        "DATABASE_OWNER_URL": urls["owner"],
        "TEMPORAL_ADDRESS": "temporal.example:7233",
    }
    started = Runs(tmp_path / "var", services)
    yield started
    started.end_all()


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    def runs(one: psutil.Process) -> bool:
        with suppress(psutil.NoSuchProcess):
            return one.is_running() and one.status() != psutil.STATUS_ZOMBIE
        return False

    return [one for one in processes if runs(one)]


def test_up_and_down_again(runs: Runs) -> None:
    run = runs.start(whole=True)
    run.read_until("Refinery is up")
    assert "vera@demo.example" in run.read_until("viewer")
    assert "only-for-tests" in run.said[-1]
    children = run.children()
    assert len(children) >= 4
    told = dotenv_values(run.var / "environment")
    assert set(told) == {"DATABASE_URL", "TEMPORAL_ADDRESS", "TEMPORAL_NAMESPACE"}
    psycopg.connect(str(told["DATABASE_URL"])).close()
    assert run.finish(signal.SIGINT) == 0
    assert not (run.var / "environment").exists()
    assert "everything has stopped" in run.said[-1]
    assert alive(children) == []
    assert list((run.var / "run").glob("*.json")) == []


def test_a_second_run_stands_on_the_same_data(runs: Runs) -> None:
    first = runs.start(whole=True)
    first.read_until("Refinery is up")
    assert first.finish(signal.SIGTERM) == 0
    second = runs.start("migrate=raise SystemExit('there is nothing to migrate')", whole=True)
    second.read_until("Refinery is up")
    assert second.finish(signal.SIGINT) == 0


def test_a_killed_manager_leaves_nothing_running(runs: Runs) -> None:
    killed = runs.start(whole=True)
    killed.read_until("Refinery is up")
    children = killed.children()
    killed.process.kill()
    killed.finish()
    psutil.wait_procs(children, timeout=STOP_SECONDS)
    assert alive(children) == []
    run = runs.start(port=killed.port)
    run.read_until("Refinery is up")
    assert run.finish(signal.SIGINT) == 0


def test_what_a_killed_run_and_its_undertaker_left_is_ended_by_the_next(runs: Runs) -> None:
    killed = runs.start(whole=True)
    killed.read_until("Refinery is up")
    children = killed.children()
    for one in children:
        if "refinery.stack.orphan_reaper" in one.cmdline():
            one.kill()
    killed.process.kill()
    killed.finish()
    assert len(alive(children)) >= 4
    run = runs.start(port=killed.port, whole=True)
    assert "postgres" in run.read_until("ended what a killed run left behind")
    assert alive(children) == []
    run.read_until("Refinery is up")
    assert run.finish(signal.SIGINT) == 0


def test_a_child_that_dies_is_started_again(runs: Runs) -> None:
    worker = "import signal; print('WARNING a life begins', flush=True); signal.sigwait([signal.SIGTERM])"
    run = runs.start(f"worker={worker}")
    run.read_until("Refinery is up")
    first = run.recorded_pid("worker")
    os.kill(first, signal.SIGKILL)
    run.read_until("worker: ended with status -9, starts again in 0.5 s")
    run.read_until("worker: WARNING a life begins")
    assert run.recorded_pid("worker") != first
    assert run.finish(signal.SIGINT) == 0


def test_what_others_stand_on_is_started_again_too(runs: Runs) -> None:
    """Killed without a goodbye, both serve again where they did, on the same data."""
    run = runs.start(whole=True)
    run.read_until("Refinery is up")
    told = dotenv_values(run.var / "environment")
    host, _, port = str(told["TEMPORAL_ADDRESS"]).partition(":")
    for name in ("postgres", "temporal"):
        os.kill(run.recorded_pid(name), signal.SIGKILL)
        run.read_until(f"{name}: ended with status -9, starts again in 0.5 s")
    until(lambda: connects(lambda: psycopg.connect(str(told["DATABASE_URL"])).close()))
    until(lambda: connects(lambda: socket.create_connection((host, int(port))).close()))
    assert run.finish(signal.SIGINT) == 0


def connects(attempt: Callable[[], None]) -> bool:
    try:
        attempt()
    except (psycopg.OperationalError, ConnectionError):
        return False
    return True


def test_a_taken_port(runs: Runs) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        run = runs.start(port=port)
        assert run.finish() == 1
    assert run.said[-1].splitlines()[-1].startswith(f"refinery: port {port} is taken by ")


def test_a_data_folder_in_use(runs: Runs) -> None:
    first = runs.start()
    first.read_until("Refinery is up")
    second = runs.start()
    assert second.finish() == 1
    assert f"another run (process {first.process.pid}) uses {first.var}" in second.said[-1]
    assert first.finish(signal.SIGINT) == 0


def test_two_runs_stand_side_by_side(runs: Runs, tmp_path: Path) -> None:
    both = [runs.start(whole=True), runs.start(var=tmp_path / "other", whole=True)]
    for run in both:
        run.read_until("Refinery is up")
    assert both[0].web_pid() != both[1].web_pid()
    assert [run.finish(signal.SIGINT) for run in both] == [0, 0]


@pytest.mark.parametrize(
    ("replaced", "line"),
    [
        (
            "migrate=raise SystemExit('the tables are from the future')",
            "migrate failed: the tables are from the future",
        ),
        ("seed=print('nothing')", "the demonstration tenant was not made"),
        ("web=raise SystemExit('no settings')", "web does not start: no settings"),
    ],
)
def test_a_failing_step_is_one_line_and_stops_all(runs: Runs, replaced: str, line: str) -> None:
    assert_ends_with(runs.start(replaced), line)


def test_a_worker_that_does_not_start_is_one_line_and_stops_all(runs: Runs) -> None:
    """The web answers in the worker's second life here: otherwise the two would race."""
    lives = "open(os.path.join(os.environ['REFINERY_VAR'], 'lives'), 'a')"
    run = runs.start(
        f"worker=import os; print('.', end='', file={lives}); raise SystemExit('no queue')",
        f"web=import os, time\nwhile {lives}.tell() < 2: time.sleep(0.05)\n{WEB}",
    )
    assert_ends_with(run, "worker does not start: no queue")


def assert_ends_with(run: Run, line: str) -> None:
    assert run.finish() == 1
    last = run.said[-1].splitlines()[-1]
    assert last.startswith(f"refinery: {line}")
    assert list((run.var / "run").glob("*.json")) == []


def test_ctrl_c_in_the_middle_of_a_start(runs: Runs) -> None:
    run = runs.start("migrate=print('here', flush=True); import signal; signal.pause()", whole=True)
    run.read_until("PostgreSQL 18 runs")
    children = run.children()
    assert run.finish(signal.SIGINT) == 0
    assert alive(children) == []


def test_a_second_ctrl_c_does_not_wait_for_the_stubborn(runs: Runs) -> None:
    stubborn = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('WARNING deaf', flush=True)"
    run = runs.start(f"worker={stubborn}; signal.pause(); signal.pause()")
    run.read_until("Refinery is up")
    children = run.children()
    run.process.send_signal(signal.SIGINT)
    run.read_until("stopping")
    assert run.finish(signal.SIGINT) == 0
    assert alive(children) == []


def test_services_named_by_the_environment_are_not_started(runs: Runs) -> None:
    run = runs.start()
    run.read_until("Refinery is up")
    said = "".join(run.said)
    assert "PostgreSQL: the one that DATABASE_URL names" in said
    assert "Temporal: the one at temporal.example:7233" in said
    assert not (run.var / "postgres").exists()
    assert run.finish(signal.SIGINT) == 0
