"""Logs are kept whole and bounded; the console shows complaints alone, and few of them."""

import asyncio
import os
import re
from pathlib import Path

import pytest

from refinery.stack import journal as module
from refinery.stack.console import SHOWN, Console
from refinery.stack.journal import Journal, last_words
from refinery.stack.postgres import Cluster
from refinery.stack.program import Program
from refinery.stack.temporal import ALARM

PROGRAM = Program("web", ("true",))


@pytest.mark.parametrize(
    "line",
    [
        '{"event": "cannot reach storage", "level": "warning"}',
        '{"level":"error"}',
        "2026-01-01 ERROR broken",
        "time=2026 level=WARN msg=slow",
    ],
)
def test_complaints_are_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str) -> None:
    Journal(tmp_path, PROGRAM, Console()).write(line)
    assert capsys.readouterr().out == f"  web: {line}\n"


@pytest.mark.parametrize("line", ['{"event": "an error was healed", "level": "info"}', "GET /errors 200", ""])
def test_other_lines_are_not(tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str) -> None:
    Journal(tmp_path, PROGRAM, Console()).write(line)
    assert capsys.readouterr().out == ""


def test_a_flood_is_cut_short_for_each_process(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    console = Console()
    web, worker = (Journal(tmp_path, Program(name, ("true",)), console) for name in ("web", "worker"))
    for number in range(50):
        web.write(f"ERROR {number}")
    worker.write("ERROR mine")
    shown = capsys.readouterr().out.splitlines()
    assert [line for line in shown if "web" in line] == [f"  web: ERROR {number}" for number in range(SHOWN)]
    assert "  worker: ERROR mine" in shown
    assert len(web.path.read_text().splitlines()) == 50


def test_an_engine_that_has_just_been_asked_is_no_alarm() -> None:
    """Being asked before it is up is how its start goes; any other error is worth a line."""
    early = 'level=ERROR msg="service failures" grpc_code=Unavailable error="Frontend is not healthy yet"'
    assert not re.search(ALARM, early)
    assert re.search(ALARM, 'level=ERROR msg="service failures" error="database is locked"')


def test_clients_that_come_and_go_are_no_alarm(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    journal = Journal(tmp_path, Cluster(tmp_path, None).program(), Console())
    journal.write("FATAL:  terminating connection due to administrator command")
    journal.write('ERROR:  duplicate key value violates unique constraint "one"')
    assert capsys.readouterr().out == ""
    journal.write('PANIC:  could not write to file "pg_wal/xlogtemp.1": No space left on device')
    assert "No space left" in capsys.readouterr().out


def test_logs_are_rotated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FILE_BYTES", 1000)
    journal = Journal(tmp_path, PROGRAM, Console())
    for number in range(1000):
        journal.write(f"line {number}")
    journal.close()
    files = sorted(tmp_path.iterdir())
    assert len(files) == module.FILES + 1
    assert all(path.stat().st_size <= 1000 for path in files)
    assert journal.path.read_text().endswith("line 999\n")


async def test_what_comes_out_of_a_pipe_is_kept_line_by_line(tmp_path: Path) -> None:
    journal = Journal(tmp_path, PROGRAM, Console())
    reading, writing = os.pipe()
    following = asyncio.create_task(journal.follow(reading))
    for piece in (b"one\ntw", b"o\n", b"caf\xc3", b"\xa9\n", b"x" * 200_000, b"\nno end"):
        await asyncio.to_thread(os.write, writing, piece)
    os.close(writing)
    await following
    assert journal.path.read_text().split("\n") == ["one", "two", "café", "x" * 200_000, "no end", ""]


def test_last_words_prefer_the_reason() -> None:
    assert last_words(["starting", "ValueError: no key", "bye", ""]) == "ValueError: no key"
    assert last_words(["one", "two"]) == "two"
    assert last_words([]) == "it said nothing"
