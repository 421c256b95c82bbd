"""Only processes that certainly belong to this stack are ended."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from refinery.stack.program import Program, launch
from refinery.stack.records import delete_record, stop_leftovers, write_record

WAIT = "import signal; print('ready', flush=True); signal.pause()"
PARENT = f"""
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", {WAIT!r}], stdout=subprocess.PIPE)
child.stdout.readline()
print(child.pid, flush=True)
child.wait()
"""


def start_process(code: str, name: str = "sleeper") -> tuple[Program, subprocess.Popen[bytes], str]:
    program = Program(name, (sys.executable, "-c", code))
    process = launch(program, subprocess.PIPE)
    assert process.stdout is not None
    return program, process, process.stdout.readline().decode().strip()


@pytest.fixture
def sleeper() -> Iterator[tuple[Program, subprocess.Popen[bytes]]]:
    program, process, _ = start_process(WAIT)
    yield program, process
    process.kill()
    process.wait()


def clear_records(folder: Path) -> str:
    said: list[str] = []
    stop_leftovers(folder, said.append)
    assert list(folder.glob("*.json")) == []
    return "".join(said)


def change_record(folder: Path, **values: object) -> None:
    path = folder / "sleeper.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def test_clear_ends_recorded_process(sleeper: tuple[Program, subprocess.Popen[bytes]], tmp_path: Path) -> None:
    program, process = sleeper
    write_record(tmp_path, program, process.pid)
    assert clear_records(tmp_path) == "stopped processes that a killed run left behind: sleeper"
    assert not psutil.pid_exists(process.pid)


@pytest.mark.parametrize("values", [{"started": 1.0}, {"command": ["somebody", "else"]}])
def test_clear_ignores_reused_process_id(
    sleeper: tuple[Program, subprocess.Popen[bytes]], tmp_path: Path, values: dict[str, object]
) -> None:
    program, process = sleeper
    write_record(tmp_path, program, process.pid)
    change_record(tmp_path, **values)
    assert clear_records(tmp_path) == ""
    assert process.poll() is None


def test_clear_ends_group_of_dead_leader(tmp_path: Path) -> None:
    program, process, child = start_process(PARENT)
    write_record(tmp_path, program, process.pid)
    process.kill()
    process.wait()
    os.kill(int(child), 0)
    clear_records(tmp_path)
    assert process.stdout is not None
    assert process.stdout.read() == b""  # the child held the other end


def test_clear_kills_unresponsive_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("refinery.stack.records.LEFTOVER_GRACE_SECONDS", 0.2)
    program, process, _ = start_process(f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {WAIT}")
    write_record(tmp_path, program, process.pid)
    assert "sleeper" in clear_records(tmp_path)
    assert not psutil.pid_exists(process.pid)


def test_clear_removes_invalid_record(tmp_path: Path) -> None:
    (tmp_path / "half.json").write_text('{"name": "ha')
    assert clear_records(tmp_path) == ""


def test_forget_removes_record(sleeper: tuple[Program, subprocess.Popen[bytes]], tmp_path: Path) -> None:
    program, process = sleeper
    write_record(tmp_path, program, process.pid)
    delete_record(tmp_path, program.name)
    delete_record(tmp_path, program.name)
    assert list(tmp_path.iterdir()) == []
