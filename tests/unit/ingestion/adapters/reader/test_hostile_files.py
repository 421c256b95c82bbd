"""Hostile files through the real reader: each ends in pages or a typed error, and leaves nothing behind.

Every run reads a selection in the sandbox of this machine, and fewer in a plain child process. With
REFINERY_CORPUS all specimens except the slow ones are read in both, including the corpus's own hostile files;
`python -m benchmarks hostile` also reads the slow ones.
"""

import os
import socket
import tempfile
import threading
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

import pytest

from ingestion.adapters.reader.page_reader import SandboxedPageReader
from ingestion.adapters.sandbox.launcher import bubblewrap_path
from ingestion.adapters.sandbox.limits import SandboxLimits
from ingestion.adapters.sandbox.pool import SandboxPool, SandboxProcess
from ingestion.domain.errors import ResourceLimit
from ingestion.domain.formats.entries.pdf import PDF
from ingestion.domain.ports import ReadingOptions
from tests.support.hostile.pdf_actions import CALLBACK_URL, CANARY_PATH, JAVASCRIPT_ACTION, pdf_with_open_action
from tests.support.hostile.pdf_bombs import nested_forms
from tests.support.hostile.probe import ReadingOutcome, read_specimen
from tests.support.hostile.processes import ProcessSnapshot, is_alive, own_memory, snapshot
from tests.support.hostile.specimen import Specimen
from tests.support.hostile.specimens import DEFAULT_SPECIMENS, GENERATED_SPECIMENS, corpus_specimens

CORPUS = Path(os.environ["REFINERY_CORPUS"]) if os.environ.get("REFINERY_CORPUS") else None
SIDE_BY_SIDE = 2
CPU_SECONDS = SandboxLimits().page_cpu_seconds + 2  # the kernel checks once a second
MAX_MEMORY_GROWTH = 50 * 2**20
PLAIN_SANDBOX_SPECIMENS = (
    "A06-tiff-loop",
    "A07-nested-arrays",
    "A07-form-in-itself",
    "A08-script",
    "A18-jpx-1",
    "A18-type1-1",
)


def specimens_for(kind: str) -> tuple[Specimen, ...]:
    """Return the specimens for one kind of child process."""
    if CORPUS:
        return (*(specimen for specimen in GENERATED_SPECIMENS if not specimen.slow), *corpus_specimens(CORPUS))
    return (
        DEFAULT_SPECIMENS
        if kind == "bubblewrap"
        else tuple(one for one in GENERATED_SPECIMENS if str(one) in PLAIN_SANDBOX_SPECIMENS)
    )


@dataclass(frozen=True)
class ReadingRound:
    """Outcomes of all specimens with one kind of child process, and the memory growth of the reading process."""

    kind: str
    outcomes: Sequence[ReadingOutcome]
    processes: Sequence[ProcessSnapshot]
    grown: int


@pytest.fixture(scope="module", params=["bubblewrap", "plain"])
def reading_round(request: pytest.FixtureRequest) -> ReadingRound:
    """Read every selected specimen in a process of its own, so that its memory does not depend on earlier tests."""
    kind = str(request.param)
    if kind == "bubblewrap" and bubblewrap_path() is None:
        pytest.skip("this machine does not allow sandboxes")
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as fresh_process:
        return fresh_process.submit(read_specimens, kind).result()


def read_specimens(kind: str) -> ReadingRound:
    """Read every selected specimen, several at a time; the outcomes' specimens are without their makers."""
    readers = [SandboxedPageReader(SandboxPool(kind=kind, prestart=False)) for _ in range(SIDE_BY_SIDE)]
    for specimen in specimens_for(kind):
        specimen.make()  # memory used by the makers is not counted
    before, free = own_memory(), list(readers)
    processes: list[ProcessSnapshot] = []
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(SIDE_BY_SIDE) as pool:

        def one(number: int, specimen: Specimen) -> ReadingOutcome:
            folder, reader = Path(name) / str(number), free.pop()
            folder.mkdir()
            outcome, watch = read_specimen(reader, specimen, folder)
            free.append(reader)
            processes.extend(watch.processes.values())
            assert [path.name for path in sorted(folder.rglob("*"))] == ["original", "pages"]
            return replace(outcome, specimen=replace(specimen, make=bytes))  # makers cannot be pickled

        outcomes = list(pool.map(one, *zip(*enumerate(specimens_for(kind)), strict=True)))
    for reader in readers:
        reader.close()
    return ReadingRound(kind, outcomes, processes, own_memory() - before)


def test_specimens_end_as_declared(reading_round: ReadingRound) -> None:
    """In pages or one of the typed errors that the specimen declares."""
    wrong = {str(one.specimen): one.end for one in reading_round.outcomes if one.end not in one.specimen.ends}
    assert wrong == {}
    assert len(reading_round.outcomes) == len(specimens_for(reading_round.kind))


def test_specimens_have_no_more_failed_pages_than_pages(reading_round: ReadingRound) -> None:
    """An outcome of `pages` has pages, and no more failed pages than pages."""
    read = [one for one in reading_round.outcomes if one.end == "pages"]
    assert read
    assert all(0 <= one.failed <= one.pages for one in read)
    assert all(one.pages for one in read)


def test_specimens_stay_within_cpu_and_memory_limits(reading_round: ReadingRound) -> None:
    """CPU time as counted by Linux, and peak memory."""
    limits = SandboxLimits()
    slow = {str(one.specimen): one.cpu_seconds for one in reading_round.outcomes if one.cpu_seconds > CPU_SECONDS}
    large = {str(one.specimen): one.memory for one in reading_round.outcomes if one.memory > limits.memory_bytes}
    assert (slow, large) == ({}, {})


def test_specimens_do_not_grow_parent_memory(reading_round: ReadingRound) -> None:
    """Over all specimens."""
    assert reading_round.grown < MAX_MEMORY_GROWTH


def test_specimens_leave_no_process(reading_round: ReadingRound) -> None:
    """Neither a zombie nor an orphan."""
    parsers = [process for process in reading_round.processes if process.is_parser]
    assert parsers
    over = threading.Event()
    left = reading_round.processes
    for _ in range(1000):  # bubblewrap's own children end a moment later
        left = [process for process in left if is_alive(process)]
        if not left or over.wait(0.05):
            break
    assert left == []


def test_parsers_have_no_network_and_cannot_write(reading_round: ReadingRound) -> None:
    """Every parser has a seccomp filter, in the sandbox also a separate network namespace; none can write files."""
    here = snapshot(os.getpid())
    assert here is not None
    ready = [process for process in reading_round.processes if process.is_parser and process.cpu_seconds > 0.3]
    assert ready
    assert all(process.has_seccomp_filter for process in ready)
    assert {process.file_size_limit for process in ready} == {0}
    if reading_round.kind == "bubblewrap":
        assert here.network not in {process.network for process in ready}


@pytest.mark.parametrize("kind", ["bubblewrap", "plain"])
def test_pdf_script_reaches_no_network_address(kind: str, tmp_path: Path) -> None:
    """The page is read, and the listener at the script's address gets no connection."""
    reader = SandboxedPageReader(SandboxPool(kind=kind, prestart=False))
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = CALLBACK_URL.replace(b":9/", b":%d/" % server.getsockname()[1])
        (tmp_path / "a.pdf").write_bytes(pdf_with_open_action(JAVASCRIPT_ACTION, address=address))
        (page,) = reader.read(tmp_path / "a.pdf", tmp_path, ReadingOptions(PDF))
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()
    reader.close()
    assert page.reading.text == "Invoice 4711 of Hansen Tools"
    assert not Path(CANARY_PATH.decode()).exists()


def test_reduced_limits_are_never_above_normal_limits() -> None:
    """Limits that are already low are kept."""
    assert SandboxLimits().for_retry().page_cpu_seconds < SandboxLimits().page_cpu_seconds
    assert SandboxLimits(page_cpu_seconds=1).for_retry() == SandboxLimits(page_cpu_seconds=1)


class CountingPool(SandboxPool):
    """Sandbox pool that counts the acquired child processes."""

    taken = 0

    def acquire(self) -> SandboxProcess:
        """Count and acquire."""
        self.taken += 1
        return super().acquire()


def test_endless_file_is_stopped_once_by_cpu_time(tmp_path: Path) -> None:
    """One child process and one attempt: another would take as long."""
    pool = CountingPool(SandboxLimits(page_cpu_seconds=1), prestart=False)
    reader = SandboxedPageReader(pool)
    (tmp_path / "a.pdf").write_bytes(nested_forms())
    with pytest.raises(ResourceLimit) as end:
        list(reader.read(tmp_path / "a.pdf", tmp_path, ReadingOptions(PDF)))
    reader.close()
    assert pool.taken == 1
    assert not end.value.retryable
