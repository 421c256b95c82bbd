"""Hostile files through the real reader: each ends in pages or a typed error, and leaves nothing behind.

Every run reads a chosen few under the sandbox that this machine has, and fewer in a plain child. With
REFINERY_CORPUS all that ends within a test's patience is read in both, the corpus's own hostile files included;
`python -m benchmarks hostile` reads the slowest as well.
"""

import os
import socket
import tempfile
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from ingestion.adapters.reader.page_reader import SandboxedPageReader
from ingestion.adapters.sandbox.launcher import bubblewrap_path
from ingestion.adapters.sandbox.limits import ChildLimits
from ingestion.adapters.sandbox.pool import Child, Nursery
from ingestion.domain.errors import ResourceLimit
from ingestion.domain.formats.intake import PDF
from ingestion.domain.ports import ReadingOptions
from tests.hostile.meeting import Outcome, meet
from tests.hostile.pdf_bombs import laughs
from tests.hostile.pdf_deeds import CALLED, SCRIPT, WRITTEN, opening
from tests.hostile.processes import Process, alive, look_at, own_memory
from tests.hostile.specimen import Specimen
from tests.hostile.specimens import FIRST, MADE, found

CORPUS = Path(os.environ["REFINERY_CORPUS"]) if os.environ.get("REFINERY_CORPUS") else None
SIDE_BY_SIDE = 2
CPU_SECONDS = ChildLimits().page_cpu_seconds + 2  # the kernel looks once a second
MOST_MEMORY = 50 * 2**20
PLAINLY = ("A06-tiff-loop", "A07-nested-arrays", "A07-form-in-itself", "A08-script", "A18-jpx-1", "A18-type1-1")


def chosen(kind: str) -> tuple[Specimen, ...]:
    """Choose what a child of a kind is to read."""
    if CORPUS:
        return (*(specimen for specimen in MADE if not specimen.slow), *found(CORPUS))
    return FIRST if kind == "bubblewrap" else tuple(one for one in MADE if str(one) in PLAINLY)


@dataclass(frozen=True)
class Round:
    """What came of all meetings with one kind of child, and what they left of this process."""

    kind: str
    outcomes: Sequence[Outcome]
    processes: Sequence[Process]
    grown: int


@pytest.fixture(scope="module", params=["bubblewrap", "plain"])
def held(request: pytest.FixtureRequest) -> Round:
    """Let every chosen specimen meet a reader, two side by side."""
    kind = str(request.param)
    if kind == "bubblewrap" and bubblewrap_path() is None:
        pytest.skip("this machine lets nobody make a sandbox")
    readers = [SandboxedPageReader(Nursery(kind=kind, spare=False)) for _ in range(SIDE_BY_SIDE)]
    for specimen in chosen(kind):
        specimen.make()  # what makers load and keep is not the readers' doing
    before, free = own_memory(), list(readers)
    processes: list[Process] = []
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(SIDE_BY_SIDE) as pool:

        def one(number: int, specimen: Specimen) -> Outcome:
            folder, reader = Path(name) / str(number), free.pop()
            folder.mkdir()
            outcome, watch = meet(reader, specimen, folder)
            free.append(reader)
            processes.extend(watch.seen.values())
            assert [path.name for path in sorted(folder.rglob("*"))] == ["original", "pages"]
            return outcome

        outcomes = list(pool.map(one, *zip(*enumerate(chosen(kind)), strict=True)))
    for reader in readers:
        reader.close()
    return Round(kind, outcomes, processes, own_memory() - before)


def test_each_ends_as_it_must(held: Round) -> None:
    """In pages or a typed error, those that its maker names."""
    wrong = {str(one.specimen): one.end for one in held.outcomes if one.end not in one.specimen.ends}
    assert wrong == {}
    assert len(held.outcomes) == len(chosen(held.kind))


def test_each_page_is_read_or_failed(held: Round) -> None:
    """An end in pages has some, and no more of them failed than there are."""
    told = [one for one in held.outcomes if one.end == "pages"]
    assert told
    assert all(0 <= one.failed <= one.pages for one in told)
    assert all(one.pages for one in told)


def test_none_takes_longer_than_its_limit(held: Round) -> None:
    """By its processor time, as Linux counts it; memory stays below the limit as well."""
    limits = ChildLimits()
    slow = {str(one.specimen): one.cpu_seconds for one in held.outcomes if one.cpu_seconds > CPU_SECONDS}
    large = {str(one.specimen): one.memory for one in held.outcomes if one.memory > limits.memory}
    assert (slow, large) == ({}, {})


def test_the_parent_does_not_grow(held: Round) -> None:
    """Over all of them."""
    assert held.grown < MOST_MEMORY


def test_no_process_is_left(held: Round) -> None:
    """Neither a zombie nor one that has lost its parent."""
    parsers = [process for process in held.processes if process.parses]
    assert parsers
    over = threading.Event()
    left = held.processes
    for _ in range(1000):  # bubblewrap's own children end a moment after it
        left = [process for process in left if alive(process)]
        if not left or over.wait(0.05):
            break
    assert left == []


def test_no_parser_can_call_out_or_write(held: Round) -> None:
    """Each stood behind the kernel's filter, in the sandbox also in a network of its own; none could write."""
    here = look_at(os.getpid())
    assert here is not None
    ready = [process for process in held.processes if process.parses and process.cpu_seconds > 0.3]
    assert ready
    assert all(process.filtered for process in ready)
    assert {process.may_write for process in ready} == {0}
    if held.kind == "bubblewrap":
        assert here.network not in {process.network for process in ready}


@pytest.mark.parametrize("kind", ["bubblewrap", "plain"])
def test_what_wants_to_call_home_reaches_nobody(kind: str, tmp_path: Path) -> None:
    """A script that opens an address is a page to read: the one who listens there hears nothing."""
    reader = SandboxedPageReader(Nursery(kind=kind, spare=False))
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = CALLED.replace(b":9/", b":%d/" % server.getsockname()[1])
        (tmp_path / "a.pdf").write_bytes(opening(SCRIPT, address=address))
        (page,) = reader.read(tmp_path / "a.pdf", tmp_path, ReadingOptions(PDF))
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()
    reader.close()
    assert page.reading.text == "Invoice 4711 of Hansen Tools"
    assert not Path(WRITTEN.decode()).exists()


def test_a_hurried_child_is_allowed_less_and_never_more() -> None:
    """Where a page is allowed very little already, that stands."""
    assert ChildLimits().hurried().page_cpu_seconds < ChildLimits().page_cpu_seconds
    assert ChildLimits(page_cpu_seconds=1).hurried() == ChildLimits(page_cpu_seconds=1)


class CountingNursery(Nursery):
    """Counts the children that it gives away."""

    taken = 0

    def take(self) -> Child:
        """Give one more."""
        self.taken += 1
        return super().take()


def test_a_file_that_never_ends_is_stopped_once_by_its_processor_time(tmp_path: Path) -> None:
    """One child, not two, and one attempt: another one would need as long."""
    nursery = CountingNursery(ChildLimits(page_cpu_seconds=1), spare=False)
    reader = SandboxedPageReader(nursery)
    (tmp_path / "a.pdf").write_bytes(laughs())
    with pytest.raises(ResourceLimit) as end:
        list(reader.read(tmp_path / "a.pdf", tmp_path, ReadingOptions(PDF)))
    reader.close()
    assert nursery.taken == 1
    assert not end.value.retryable
