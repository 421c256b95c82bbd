"""Only a process that is surely ours is ended."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from refinery.stack.program import Program, launch
from refinery.stack.records import clear_leftovers, forget, remember

WAIT = "import signal; print('ready', flush=True); signal.pause()"
PARENT = f"""
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", {WAIT!r}], stdout=subprocess.PIPE)
child.stdout.readline()
print(child.pid, flush=True)
child.wait()
"""


def start(code: str, name: str = "sleeper") -> tuple[Program, subprocess.Popen[bytes], str]:
    program = Program(name, (sys.executable, "-c", code))
    process = launch(program, subprocess.PIPE)
    assert process.stdout is not None
    return program, process, process.stdout.readline().decode().strip()


@pytest.fixture
def sleeper() -> Iterator[tuple[Program, subprocess.Popen[bytes]]]:
    program, process, _ = start(WAIT)
    yield program, process
    process.kill()
    process.wait()


def cleared(folder: Path) -> str:
    said: list[str] = []
    clear_leftovers(folder, said.append)
    assert list(folder.glob("*.json")) == []
    return "".join(said)


def change(folder: Path, **values: object) -> None:
    path = folder / "sleeper.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def test_a_recorded_process_is_ended(sleeper: tuple[Program, subprocess.Popen[bytes]], tmp_path: Path) -> None:
    program, process = sleeper
    remember(tmp_path, program, process.pid)
    assert cleared(tmp_path) == "ended what a killed run left behind: sleeper"
    assert not psutil.pid_exists(process.pid)


@pytest.mark.parametrize("values", [{"started": 1.0}, {"command": ["somebody", "else"]}])
def test_a_number_used_again_is_left_alone(
    sleeper: tuple[Program, subprocess.Popen[bytes]], tmp_path: Path, values: dict[str, object]
) -> None:
    program, process = sleeper
    remember(tmp_path, program, process.pid)
    change(tmp_path, **values)
    assert cleared(tmp_path) == ""
    assert process.poll() is None


def test_a_group_whose_leader_is_gone_is_ended(tmp_path: Path) -> None:
    program, process, child = start(PARENT)
    remember(tmp_path, program, process.pid)
    process.kill()
    process.wait()
    os.kill(int(child), 0)
    cleared(tmp_path)
    assert process.stdout is not None
    assert process.stdout.read() == b""  # the child held the other end


def test_a_stubborn_process_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("refinery.stack.records.LEFTOVER_GRACE_SECONDS", 0.2)
    program, process, _ = start(f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {WAIT}")
    remember(tmp_path, program, process.pid)
    assert "sleeper" in cleared(tmp_path)
    assert not psutil.pid_exists(process.pid)


def test_a_broken_record_is_forgotten(tmp_path: Path) -> None:
    (tmp_path / "half.json").write_text('{"name": "ha')
    assert cleared(tmp_path) == ""


def test_an_ended_process_is_struck_out(sleeper: tuple[Program, subprocess.Popen[bytes]], tmp_path: Path) -> None:
    program, process = sleeper
    remember(tmp_path, program, process.pid)
    forget(tmp_path, program.name)
    forget(tmp_path, program.name)
    assert list(tmp_path.iterdir()) == []
