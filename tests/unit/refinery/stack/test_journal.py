"""Logs are complete but limited in size; the console shows only errors, and few of them."""

import asyncio
import os
import re
from pathlib import Path

import pytest

from refinery.stack import journal as module
from refinery.stack.console import MAX_WARNINGS_PER_WINDOW, Console
from refinery.stack.journal import ProcessLog, last_error_line
from refinery.stack.postgres import Cluster
from refinery.stack.program import Program
from refinery.stack.temporal import TEMPORAL_WARNING_PATTERN

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
def test_journal_shows_warnings_and_errors_on_console(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    ProcessLog(tmp_path, PROGRAM, Console()).write(line)
    assert capsys.readouterr().out == f"  web: {line}\n"


@pytest.mark.parametrize("line", ['{"event": "an error was healed", "level": "info"}', "GET /errors 200", ""])
def test_journal_hides_other_lines_from_console(tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str) -> None:
    ProcessLog(tmp_path, PROGRAM, Console()).write(line)
    assert capsys.readouterr().out == ""


def test_journal_limits_flood_per_process(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    console = Console()
    web, worker = (ProcessLog(tmp_path, Program(name, ("true",)), console) for name in ("web", "worker"))
    for number in range(50):
        web.write(f"ERROR {number}")
    worker.write("ERROR mine")
    shown = capsys.readouterr().out.splitlines()
    assert [line for line in shown if "web" in line] == [
        f"  web: ERROR {number}" for number in range(MAX_WARNINGS_PER_WINDOW)
    ]
    assert "  worker: ERROR mine" in shown
    assert len(web.path.read_text().splitlines()) == 50


def test_journal_temporal_startup_errors_are_no_alarm() -> None:
    """Connection errors during startup are normal; any other error is shown."""
    early = 'level=ERROR msg="service failures" grpc_code=Unavailable error="Frontend is not healthy yet"'
    assert not re.search(TEMPORAL_WARNING_PATTERN, early)
    assert re.search(TEMPORAL_WARNING_PATTERN, 'level=ERROR msg="service failures" error="database is locked"')


def test_journal_postgres_disconnects_are_no_alarm(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    journal = ProcessLog(tmp_path, Cluster(tmp_path, None).program(), Console())
    journal.write("FATAL:  terminating connection due to administrator command")
    journal.write('ERROR:  duplicate key value violates unique constraint "one"')
    assert capsys.readouterr().out == ""
    journal.write('PANIC:  could not write to file "pg_wal/xlogtemp.1": No space left on device')
    assert "No space left" in capsys.readouterr().out


def test_journal_rotates_log_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FILE_BYTES", 1000)
    journal = ProcessLog(tmp_path, PROGRAM, Console())
    for number in range(1000):
        journal.write(f"line {number}")
    journal.close()
    files = sorted(tmp_path.iterdir())
    assert len(files) == module.BACKUP_FILES + 1
    assert all(path.stat().st_size <= 1000 for path in files)
    assert journal.path.read_text().endswith("line 999\n")


async def test_journal_follow_splits_pipe_into_lines(tmp_path: Path) -> None:
    journal = ProcessLog(tmp_path, PROGRAM, Console())
    reading, writing = os.pipe()
    following = asyncio.create_task(journal.follow(reading))
    for piece in (b"one\ntw", b"o\n", b"caf\xc3", b"\xa9\n", b"x" * 200_000, b"\nno end"):
        await asyncio.to_thread(os.write, writing, piece)
    os.close(writing)
    await following
    assert journal.path.read_text().split("\n") == ["one", "two", "café", "x" * 200_000, "no end", ""]


def test_last_words_prefers_error_line() -> None:
    assert last_error_line(["starting", "ValueError: no key", "bye", ""]) == "ValueError: no key"
    assert last_error_line(["ERRORS:", "db: (refinery.E001) unknown", "bye"]) == "db: (refinery.E001) unknown"
    assert last_error_line(["one", "two"]) == "two"
    assert last_error_line([]) == "it said nothing"
