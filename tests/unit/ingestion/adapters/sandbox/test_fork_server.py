"""Forks of the fork server: isolated from each other, with only their own descriptors, and their end reported."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from ingestion.adapters.reader.page_reader import SandboxedPageReader
from ingestion.adapters.sandbox.forked_process import ForkedProcess, StartFailed, fork_worker
from ingestion.adapters.sandbox.frames import ConnectionClosed, Frame, receive, send
from ingestion.adapters.sandbox.launcher import ROOT, bubblewrap_path, clean_environment, readonly_sandbox_command
from ingestion.adapters.sandbox.pool import SandboxDied, SandboxPool, SandboxUnavailable
from ingestion.domain.ports import ReadingOptions
from tests.support.hostile.processes import child_pids, is_alive, process_tree

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="copies are made on Linux")

PROGRAM = """
import itertools, os, signal, socket, sys
from pathlib import Path
from ingestion.adapters.sandbox.frames import Frame, receive, send
from ingestion.adapters.sandbox.fork_server import ForkServer, can_fork
from ingestion.adapters.sandbox.limits import SandboxLimits, apply_limits

IN_SANDBOX = sys.argv[1] == "bubblewrap"
HIDDEN = b"\\0a name that all in one network know"

def refused(attempt):
    try:
        attempt()
    except OSError as error:
        return type(error).__name__
    return ""

def numbers():
    return [int(place.name) for place in Path("/proc").iterdir() if place.name.isdigit()]

def own():
    return int(Path("/proc/self").readlink().name)

def attack():
    others = [number for number in numbers() if number != own()]
    knock = socket.socket(socket.AF_UNIX)
    return {
        "number": os.getpid(),
        "changed": [f"/proc/{n}/{what}" for n in others
                    for what in ("oom_score_adj", "coredump_filter", "clear_refs")
                    if not refused(lambda: os.open(f"/proc/{n}/{what}", os.O_WRONLY))],
        "signalled": [n for n in range(1, 400) if n != os.getpid() and not refused(lambda: os.kill(n, 0))],
        "opened": [f"/proc/{n}/{what}" for n in others for what in ("mem", "maps", "environ", "fd/0", "fd/3")
                   if not refused(lambda: os.open(f"/proc/{n}/{what}", os.O_NONBLOCK))],
        "heard": not refused(lambda: knock.connect(HIDDEN)),
        "written": [place for place in ("/", "/etc", os.getcwd(), "/tmp", "/dev", "/dev/shm")
                    if not refused(lambda: os.mkdir(place + "/x"))],
        "rights": [line.split()[1] for line in Path("/proc/self/status").read_text().splitlines()
                   if line.startswith(("CapEff", "CapPrm", "CapInh", "CapBnd", "CapAmb"))],
    }

def work(link):
    state = {"descriptors": sorted(map(int, os.listdir("/proc/self/fd")))[:-1]}  # the last is the look itself
    while True:
        kind = receive(link).kind
        if kind == "listen":
            state["ear"] = socket.socket(socket.AF_UNIX)
            state["ear"].bind(HIDDEN)
            state["ear"].listen()
            send(link, Frame({"kind": "listening"}))
        elif kind == "attack":
            send(link, Frame({"kind": "attacked", **attack()}))
        elif kind == "look":
            send(link, Frame({"kind": "seen", "descriptors": state["descriptors"]}))
        elif kind == "crash":
            os.abort()
        elif kind == "end":
            return
        elif kind == "start":
            started = os.posix_spawn("/bin/sleep", ["sleep", "120"], {})
            send(link, Frame({"kind": "started"}))
        while kind == "spend":
            pass

def refuse(number, fork=os.fork, server=os.getpid()):
    # forks, but for the fork of this number by the server, for which the kernel has no room
    forks = itertools.count()

    def scarce():
        if os.getpid() == server and next(forks) == number:
            raise BlockingIOError
        return fork()

    return scarce

apply_limits(SandboxLimits(page_cpu_seconds=0))
link = socket.socket(fileno=os.dup(0))
os.close(0)
os.open(os.devnull, os.O_RDONLY)
send(link, Frame({"kind": "ready", "can_fork": can_fork(in_sandbox=IN_SANDBOX)}))
os.fork = refuse(int(sys.argv[2]))
ForkServer(link, SandboxLimits(page_cpu_seconds=0), work, in_sandbox=IN_SANDBOX).run()
"""


@dataclass(frozen=True)
class ForkServerFixture:
    """Fork server whose forks do what a test requests."""

    link: socket.socket
    kind: str

    def fork(self) -> "tuple[ForkedProcess, socket.socket]":
        """Fork a worker."""
        process, link = fork_worker(self.link, 60)
        link.settimeout(60)
        return process, link


KINDS = ("bubblewrap", "plain")


@pytest.fixture(params=KINDS)
def fork_server(request: pytest.FixtureRequest) -> Iterator[ForkServerFixture]:
    """Start a fork server in each kind of child process."""
    with start_fork_server(str(request.param)) as one:
        yield one


@contextmanager
def start_fork_server(kind: str, *, failing_fork: int = -1) -> Iterator[ForkServerFixture]:
    """Start a fork server in a kind of child process; the kernel refuses the fork with number `failing_fork`."""
    program = bubblewrap_path() if kind == "bubblewrap" else None
    if program is None and kind == "bubblewrap":
        pytest.skip("this machine lets nobody make a sandbox")
    ours, theirs = socket.socketpair()
    prefix = readonly_sandbox_command(program) if program else []
    with theirs:
        process = subprocess.Popen(
            [*prefix, sys.executable, "-s", "-B", "-c", PROGRAM, kind, str(failing_fork)],
            stdin=theirs.fileno(),
            cwd=ROOT,
            env=clean_environment(),
        )
    ours.settimeout(60)
    greeting = receive(ours)
    if not greeting.head["can_fork"]:
        pytest.skip("this machine allows no cells within a sandbox")
    yield ForkServerFixture(ours, kind)
    ours.close()
    process.wait(timeout=60)


def answer_of_fork(link: socket.socket, kind: str) -> Frame:
    """Send a request to a fork and return its answer."""
    send(link, Frame({"kind": kind}))
    return receive(link)


def test_forks_hold_only_their_own_descriptors(fork_server: ForkServerFixture) -> None:
    """No other descriptors: neither the fork server's socket, over which files arrive, nor those of other forks."""
    links = [fork_server.fork()[1] for _ in range(3)]
    descriptors = [answer_of_fork(link, "look").head["descriptors"] for link in links]
    assert descriptors == [[0, 1, 2, 3]] * 3


def test_forks_in_namespaces_cannot_affect_each_other(fork_server: ForkServerFixture) -> None:
    """Nor the fork server: no signals, ptrace, sockets or shared writable paths; they also have no capabilities."""
    if fork_server.kind == "plain":
        pytest.skip("without a sandbox there are no cells")
    (_, victim), (_, attacker) = fork_server.fork(), fork_server.fork()
    answer_of_fork(victim, "listen")
    result = answer_of_fork(attacker, "attack").head
    assert result["number"] == 1
    assert (result["signalled"], result["opened"]) == ([], [])
    assert not result["heard"]
    assert (result["written"], result["changed"]) == ([], [])
    assert {int(rights, 16) for rights in result["rights"]} == {0}
    assert answer_of_fork(victim, "look").kind == "seen"


@pytest.mark.parametrize(("deed", "code"), [("end", 0), ("crash", -signal.SIGABRT), ("spend", -signal.SIGXCPU)])
def test_fork_server_reports_how_fork_ended(fork_server: ForkServerFixture, deed: str, code: int) -> None:
    """The fork server keeps running."""
    process, link = fork_server.fork()
    assert process.poll() is None
    send(link, Frame({"kind": deed}))
    ends = {code, -signal.SIGSEGV, -signal.SIGILL} if deed == "crash" else {code}
    assert process.wait(timeout=60) in ends
    assert process.poll() == process.returncode
    assert answer_of_fork(fork_server.fork()[1], "look").kind == "seen"


def test_killed_fork_takes_its_children_along(fork_server: ForkServerFixture) -> None:
    """Its end is reported, and no other process holds its socket."""
    process, link = fork_server.fork()
    answer_of_fork(link, "start")
    living = list(process_tree(process.pid))
    process.kill()
    assert process.wait(timeout=60) == -signal.SIGKILL
    with pytest.raises(ConnectionClosed):
        receive(link)
    process.kill()  # a second kill is harmless
    over = threading.Event()
    while any(is_alive(one) for one in living):  # endless if one remained, because it sleeps for long
        over.wait(0.05)
    assert len(living) == 2


def test_stopped_fork_server_raises_start_failed(fork_server: ForkServerFixture) -> None:
    """The caller gets the error at once."""
    fork_server.link.shutdown(socket.SHUT_WR)
    with pytest.raises(StartFailed):
        fork_worker(fork_server.link, 60)


@pytest.mark.parametrize("kind", KINDS)
def test_failed_fork_does_not_end_running_forks(kind: str) -> None:
    """Neither the fork server nor its other forks end."""
    with start_fork_server(kind, failing_fork=1) as fork_server:
        _, first = fork_server.fork()
        with pytest.raises(StartFailed):
            fork_server.fork()
        assert answer_of_fork(first, "look").kind == "seen"
        assert answer_of_fork(fork_server.fork()[1], "look").head["descriptors"] == [0, 1, 2, 3]


def test_pool_gives_one_child_per_document_and_renews_server_after_crash() -> None:
    """Other forks continue; the next child comes from a new fork server, and no process remains at the end."""
    before = child_pids()
    pool = SandboxPool()
    pool.prepare()
    first, second = pool.acquire(), pool.acquire()
    line = child_pids() - before
    assert first.pid != second.pid
    assert set(pool.busy()) == {first, second}
    os.kill(first.pid, signal.SIGSEGV if first.pid in line else signal.SIGKILL)
    with pytest.raises(SandboxDied):
        first.receive_frame()
    pool.release(first)
    third = pool.acquire()
    assert second.alive
    assert child_pids() - before > line
    pool.release(second)
    assert not child_pids() & line
    assert third.alive
    pool.release(third)
    pool.close()
    assert child_pids() <= before


def test_pool_full_fork_server_gets_another_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each fork server holds descriptors for its forks, so their number is limited."""
    before = child_pids()
    monkeypatch.setattr("ingestion.adapters.sandbox.pool._MAX_WORKERS", 1)
    pool = SandboxPool(prestart=False)
    first = pool.acquire()
    one = child_pids() - before
    second = pool.acquire()
    assert len(child_pids() - before) == 2 * len(one)
    pool.release(first)
    assert pool.acquire().alive
    assert len(child_pids() - before) == 2 * len(one)
    assert second.alive
    pool.close()
    assert child_pids() <= before


SPARE_PROGRAM = """
import json, socket, sys
from ingestion.adapters.sandbox.frames import Frame, receive_with_descriptors, send
link = socket.socket(fileno=0)
send(link, Frame({"kind": "ready", "can_fork": False}))
receive_with_descriptors(link, 1)
send(link, Frame({"kind": "done"}))
"""


def test_pool_without_forking_uses_one_process_per_document(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on systems other than Linux, and where a sandbox allows no nested namespaces."""

    def start(_limits: object, _kind: str) -> "tuple[subprocess.Popen[bytes], socket.socket]":
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-c", SPARE_PROGRAM]
            return subprocess.Popen(command, stdin=theirs.fileno(), cwd=ROOT, start_new_session=True), ours

    monkeypatch.setattr("ingestion.adapters.sandbox.pool.start_sandbox", start)
    pool = SandboxPool()
    children = [pool.acquire(), pool.acquire()]
    for child in children:
        with Path(os.devnull).open("rb") as file:
            child.send_request(Frame({"kind": "read"}), file.fileno())
        assert child.receive_frame().kind == "done"
        pool.release(child)
    assert len({child.pid for child in children}) == 2
    assert not any(child.alive for child in children)
    pool.close()


def test_pool_forks_again_after_server_that_could_not_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    """One failure says nothing about the next server, which reads no document itself."""
    programs = iter([(SPARE_PROGRAM,), (PROGRAM, "plain", "-1")])

    def start(_limits: object, _kind: str) -> "tuple[subprocess.Popen[bytes], socket.socket]":
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-c", *next(programs)]
            return subprocess.Popen(command, stdin=theirs.fileno(), cwd=ROOT, start_new_session=True), ours

    monkeypatch.setattr("ingestion.adapters.sandbox.pool.start_sandbox", start)
    pool = SandboxPool(prestart=False)
    pool.release(pool.acquire())
    children = [pool.acquire(), pool.acquire()]
    for child in children:
        assert answer_of_fork(child.link, "look").kind == "seen"
        pool.release(child)
    pool.close()


def test_pool_starts_no_second_server_while_one_is_starting(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second server would hold memory as long as the first one runs."""
    begun, theirs = threading.Event(), []

    def start(_limits: object, _kind: str) -> "tuple[subprocess.Popen[bytes], socket.socket]":
        ours, other = socket.socketpair()
        theirs.append(other)
        begun.set()
        return subprocess.Popen(["/bin/sleep", "120"], start_new_session=True), ours

    monkeypatch.setattr("ingestion.adapters.sandbox.pool.start_sandbox", start)
    pool, taken = SandboxPool(), []
    taking = threading.Thread(target=lambda: taken.append(pool.acquire()))
    taking.start()
    assert begun.wait(60)
    pool.prepare()
    send(theirs[0], Frame({"kind": "ready", "can_fork": False}))
    taking.join(60)
    pool.close()
    taken[0].terminate()
    assert len(theirs) == 1
    theirs[0].close()


START_FAILURE_PROGRAM = """
import socket, sys
from ingestion.adapters.sandbox.frames import Frame, send
if sys.argv[1] == "greets":
    send(socket.socket(fileno=0), Frame({"kind": "ready", "can_fork": True}))
"""


@pytest.mark.parametrize("manner", ["greets", "silent"])
def test_pool_child_ending_before_its_file_is_not_counted_against_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, manner: str
) -> None:
    """A shortage on the machine is temporary, whereas a file marked as corrupt stays so."""

    def start(_limits: object, _kind: str) -> "tuple[subprocess.Popen[bytes], socket.socket]":
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-c", START_FAILURE_PROGRAM, manner]
            return subprocess.Popen(command, stdin=theirs.fileno(), cwd=ROOT, start_new_session=True), ours

    monkeypatch.setattr("ingestion.adapters.sandbox.pool.start_sandbox", start)
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7")
    reader = SandboxedPageReader(SandboxPool(prestart=False))
    with pytest.raises(SandboxUnavailable):
        list(reader.read(tmp_path / "a.pdf", tmp_path, ReadingOptions("application/pdf")))
    reader.close()
