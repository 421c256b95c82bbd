"""Copies of a zygote: each alone, each with nothing but its own, each told of when it ends."""

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
from ingestion.adapters.sandbox.forked_process import Copy, NotBorn, copy_of
from ingestion.adapters.sandbox.frames import Closed, Frame, receive, send
from ingestion.adapters.sandbox.launcher import ROOT, bubblewrap_path, clean_environment, sealed
from ingestion.adapters.sandbox.pool import ChildDied, NoChild, Nursery
from ingestion.domain.ports import ReadingOptions
from tests.hostile.processes import alive, family, own_children

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="copies are made on Linux")

PROGRAM = """
import itertools, os, signal, socket, sys
from pathlib import Path
from ingestion.adapters.sandbox.frames import Frame, receive, send
from ingestion.adapters.sandbox.fork_server import Zygote, can_copy
from ingestion.adapters.sandbox.limits import ChildLimits, apply_limits

BOXED = sys.argv[1] == "bubblewrap"
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
        "written": [place for place in ("/tmp", "/dev", "/dev/shm")
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

def refuse(birth, fork=os.fork, zygote=os.getpid()):
    # forks, but for the zygote's birth of this number, for which the kernel has no room
    births = itertools.count()

    def scarce():
        if os.getpid() == zygote and next(births) == birth:
            raise BlockingIOError
        return fork()

    return scarce

apply_limits(ChildLimits(page_cpu_seconds=0))
link = socket.socket(fileno=os.dup(0))
os.close(0)
os.open(os.devnull, os.O_RDONLY)
send(link, Frame({"kind": "ready", "copies": can_copy(boxed=BOXED)}))
os.fork = refuse(int(sys.argv[2]))
Zygote(link, ChildLimits(page_cpu_seconds=0), work, boxed=BOXED).live()
"""


@dataclass(frozen=True)
class Zygote:
    """A zygote whose copies do what a test asks of them."""

    link: socket.socket
    kind: str

    def copy(self) -> "tuple[Copy, socket.socket]":
        """Have one."""
        process, link = copy_of(self.link, 60)
        link.settimeout(60)
        return process, link


KINDS = ("bubblewrap", "plain")


@pytest.fixture(params=KINDS)
def zygote(request: pytest.FixtureRequest) -> Iterator[Zygote]:
    """Start one in a kind of child."""
    with started(str(request.param)) as one:
        yield one


@contextmanager
def started(kind: str, *, barren: int = -1) -> Iterator[Zygote]:
    """Start one in a kind of child; its birth of the number `barren` is refused by the kernel."""
    program = bubblewrap_path() if kind == "bubblewrap" else None
    if program is None and kind == "bubblewrap":
        pytest.skip("this machine lets nobody make a sandbox")
    ours, theirs = socket.socketpair()
    prefix = sealed(program) if program else []
    with theirs:
        process = subprocess.Popen(
            [*prefix, sys.executable, "-s", "-B", "-c", PROGRAM, kind, str(barren)],
            stdin=theirs.fileno(),
            cwd=ROOT,
            env=clean_environment(),
        )
    ours.settimeout(60)
    greeting = receive(ours)
    if not greeting.head["copies"]:
        pytest.skip("this machine allows no cells within a sandbox")
    yield Zygote(ours, kind)
    ours.close()
    process.wait(timeout=60)


def asked(link: socket.socket, kind: str) -> Frame:
    """Ask a copy and give its answer."""
    send(link, Frame({"kind": kind}))
    return receive(link)


def test_copies_hold_nothing_of_one_another(zygote: Zygote) -> None:
    """No descriptor but their own: neither the zygote's socket, over which files come, nor those of others."""
    links = [zygote.copy()[1] for _ in range(3)]
    told = [asked(link, "look").head["descriptors"] for link in links]
    assert told == [[0, 1, 2, 3]] * 3


def test_copies_in_cells_cannot_touch_one_another(zygote: Zygote) -> None:
    """Nor the zygote: no signal, no look, no talk, no place that both could write; and they have no rights."""
    if zygote.kind == "plain":
        pytest.skip("without a sandbox there are no cells")
    (_, victim), (_, attacker) = zygote.copy(), zygote.copy()
    asked(victim, "listen")
    told = asked(attacker, "attack").head
    assert told["number"] == 1
    assert (told["signalled"], told["opened"]) == ([], [])
    assert not told["heard"]
    assert (told["written"], told["changed"]) == ([], [])
    assert {int(rights, 16) for rights in told["rights"]} == {0}
    assert asked(victim, "look").kind == "seen"


@pytest.mark.parametrize(("deed", "code"), [("end", 0), ("crash", -signal.SIGABRT), ("spend", -signal.SIGXCPU)])
def test_a_zygote_tells_how_a_copy_ended(zygote: Zygote, deed: str, code: int) -> None:
    """And lives on."""
    process, link = zygote.copy()
    assert process.poll() is None
    send(link, Frame({"kind": deed}))
    ends = {code, -signal.SIGSEGV, -signal.SIGILL} if deed == "crash" else {code}
    assert process.wait(timeout=60) in ends
    assert process.poll() == process.returncode
    assert asked(zygote.copy()[1], "look").kind == "seen"


def test_a_copy_that_is_killed_takes_along_what_it_started(zygote: Zygote) -> None:
    """Its end is told, and nobody holds its socket any more."""
    process, link = zygote.copy()
    asked(link, "start")
    living = list(family(process.pid))
    process.kill()
    assert process.wait(timeout=60) == -signal.SIGKILL
    with pytest.raises(Closed):
        receive(link)
    process.kill()  # once more does no harm
    over = threading.Event()
    while any(alive(one) for one in living):  # for ever where one was left: it sleeps for long
        over.wait(0.05)
    assert len(living) == 2


def test_a_zygote_that_ended_bears_none(zygote: Zygote) -> None:
    """Whoever asks is told so at once."""
    zygote.link.shutdown(socket.SHUT_WR)
    with pytest.raises(NotBorn):
        copy_of(zygote.link, 60)


@pytest.mark.parametrize("kind", KINDS)
def test_a_birth_that_the_kernel_refuses_ends_nobody_who_lives(kind: str) -> None:
    """Neither the zygote nor the copies that it has made: others read on."""
    with started(kind, barren=1) as zygote:
        _, first = zygote.copy()
        with pytest.raises(NotBorn):
            zygote.copy()
        assert asked(first, "look").kind == "seen"
        assert asked(zygote.copy()[1], "look").head["descriptors"] == [0, 1, 2, 3]


def test_each_document_has_a_child_of_its_own_and_a_crash_ends_the_line() -> None:
    """Others of that line read on; the next child comes of a new zygote, and in the end no process is left."""
    before = own_children()
    nursery = Nursery()
    nursery.prepare()
    first, second = nursery.take(), nursery.take()
    line = own_children() - before
    assert first.pid != second.pid
    assert set(nursery.busy()) == {first, second}
    os.kill(first.pid, signal.SIGSEGV if first.pid in line else signal.SIGKILL)
    with pytest.raises(ChildDied):
        first.answer()
    nursery.retire(first)
    third = nursery.take()
    assert second.alive
    assert own_children() - before > line
    nursery.retire(second)
    assert not own_children() & line
    assert third.alive
    nursery.retire(third)
    nursery.close()
    assert own_children() <= before


def test_a_zygote_with_many_copies_gets_another_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each holds descriptors for its copies, and may hold few."""
    before = own_children()
    monkeypatch.setattr("ingestion.adapters.sandbox.pool._COPIES_TO", 1)
    nursery = Nursery(spare=False)
    first = nursery.take()
    one = own_children() - before
    second = nursery.take()
    assert len(own_children() - before) == 2 * len(one)
    nursery.retire(first)
    assert nursery.take().alive
    assert len(own_children() - before) == 2 * len(one)
    assert second.alive
    nursery.close()
    assert own_children() <= before


SPARE = """
import json, socket, sys
from ingestion.adapters.sandbox.frames import Frame, receive_with_files, send
link = socket.socket(fileno=0)
send(link, Frame({"kind": "ready", "copies": False}))
receive_with_files(link, 1)
send(link, Frame({"kind": "done"}))
"""


def test_where_no_copies_are_made_each_document_uses_a_process_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on other systems than Linux, and where a sandbox allows no cells."""

    def start(_limits: object, _kind: str) -> "tuple[subprocess.Popen[bytes], socket.socket]":
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-c", SPARE]
            return subprocess.Popen(command, stdin=theirs.fileno(), cwd=ROOT, start_new_session=True), ours

    monkeypatch.setattr("ingestion.adapters.sandbox.pool.start_child", start)
    nursery = Nursery()
    children = [nursery.take(), nursery.take()]
    for child in children:
        with Path(os.devnull).open("rb") as file:
            child.ask(Frame({"kind": "read"}), file.fileno())
        assert child.answer().kind == "done"
        nursery.retire(child)
    assert len({child.pid for child in children}) == 2
    assert not any(child.alive for child in children)
    nursery.close()


def test_a_zygote_that_follows_one_that_could_not_be_one_is_asked_for_copies(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is refused to one for once says nothing of the next: that one reads no document itself."""
    programs = iter([(SPARE,), (PROGRAM, "plain", "-1")])

    def start(_limits: object, _kind: str) -> "tuple[subprocess.Popen[bytes], socket.socket]":
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-c", *next(programs)]
            return subprocess.Popen(command, stdin=theirs.fileno(), cwd=ROOT, start_new_session=True), ours

    monkeypatch.setattr("ingestion.adapters.sandbox.pool.start_child", start)
    nursery = Nursery(spare=False)
    nursery.retire(nursery.take())
    children = [nursery.take(), nursery.take()]
    for child in children:
        assert asked(child.link, "look").kind == "seen"
        nursery.retire(child)
    nursery.close()


def test_no_second_zygote_is_started_beside_one_that_is_being_born(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would hold its memory for as long as the first one lives."""
    begun, theirs = threading.Event(), []

    def start(_limits: object, _kind: str) -> "tuple[subprocess.Popen[bytes], socket.socket]":
        ours, other = socket.socketpair()
        theirs.append(other)
        begun.set()
        return subprocess.Popen(["/bin/sleep", "120"], start_new_session=True), ours

    monkeypatch.setattr("ingestion.adapters.sandbox.pool.start_child", start)
    nursery, taken = Nursery(), []
    taking = threading.Thread(target=lambda: taken.append(nursery.take()))
    taking.start()
    assert begun.wait(60)
    nursery.prepare()
    send(theirs[0], Frame({"kind": "ready", "copies": False}))
    taking.join(60)
    nursery.close()
    taken[0].end()
    assert len(theirs) == 1
    theirs[0].close()


STILLBORN = """
import socket, sys
from ingestion.adapters.sandbox.frames import Frame, send
if sys.argv[1] == "greets":
    send(socket.socket(fileno=0), Frame({"kind": "ready", "copies": True}))
"""


@pytest.mark.parametrize("manner", ["greets", "silent"])
def test_a_child_that_ends_before_it_is_given_a_file_is_not_held_against_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, manner: str
) -> None:
    """What the machine lacks passes; a file that is called corrupt stays so."""

    def start(_limits: object, _kind: str) -> "tuple[subprocess.Popen[bytes], socket.socket]":
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-c", STILLBORN, manner]
            return subprocess.Popen(command, stdin=theirs.fileno(), cwd=ROOT, start_new_session=True), ours

    monkeypatch.setattr("ingestion.adapters.sandbox.pool.start_child", start)
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7")
    reader = SandboxedPageReader(Nursery(spare=False))
    with pytest.raises(NoChild):
        list(reader.read(tmp_path / "a.pdf", tmp_path, ReadingOptions("application/pdf")))
    reader.close()
