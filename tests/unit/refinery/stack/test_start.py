"""Checks before the start: folder, port, disk space, tools, and the commands of each process."""

import os
import pwd
import socket
import stat
from pathlib import Path

import pytest

from refinery.stack import folder as folder_module
from refinery.stack.__main__ import data_folder, web_port
from refinery.stack.accounts import account_for, grant_access
from refinery.stack.errors import StackError, run_reporting_errors
from refinery.stack.folder import DataFolder
from refinery.stack.ports import free_ports, require_port
from refinery.stack.postgres import BINARIES
from refinery.stack.reset import reset
from refinery.stack.table import default_process_table, process_environment, read_accounts
from refinery.stack.tools import describe_missing_tools


def test_free_ports_are_distinct_and_free() -> None:
    ports = free_ports(20)
    assert len(set(ports)) == 20
    for port in ports:
        require_port(port)


def test_require_port_in_use_names_owner() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        pytest.raises(StackError, match=r"is taken( by \S+ \(process \d+\))?: stop that, or set REFINERY_PORT"),
    ):
        require_port(server.getsockname()[1])


@pytest.mark.parametrize("text", ["0", "65536", "eighty", "-1"])
def test_web_port_invalid_number_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("REFINERY_PORT", text)
    with pytest.raises(StackError, match="must be a number from 1 to 65535"):
        web_port()


def test_web_port_and_data_folder_have_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REFINERY_PORT", raising=False)
    monkeypatch.delenv("REFINERY_VAR", raising=False)
    assert web_port() == 8000
    assert data_folder().name == "var"


def test_data_folder_on_full_disk_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_module, "MIN_FREE_BYTES", 2**62)
    with pytest.raises(StackError, match=r"the disk of .* is full: \d+ MB free, \d+ MB needed"):
        DataFolder(tmp_path).require_space()


def test_data_folder_that_cannot_be_created_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StackError, match="cannot be made: Not a directory"):
        DataFolder(tmp_path / "file" / "var").open()


def test_data_folder_lock_of_dead_run_is_ignored(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "lock").write_text("4194304")
    folder = DataFolder(tmp_path)
    folder.open()
    with pytest.raises(StackError, match="another run"):
        DataFolder(tmp_path).open()
    folder.close()
    DataFolder(tmp_path).open()


def test_data_folder_is_private_also_if_it_was_open_before(tmp_path: Path) -> None:
    root = tmp_path / "var"
    root.mkdir(mode=0o755)
    (root / "log").mkdir(mode=0o755)
    folder = DataFolder(root)
    folder.open()
    modes = {place.name: stat.S_IMODE(place.stat().st_mode) for place in (root, *root.iterdir())}
    assert modes == dict.fromkeys(("var", "run", "log", "static"), 0o700)
    folder.close()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts PostgreSQL as another user")
def test_only_the_group_of_postgres_passes_root_s_data_folder(tmp_path: Path) -> None:
    """The folder stays closed to all other users."""
    root = tmp_path / "var"
    data = root / "postgres"
    data.mkdir(parents=True)
    root.chmod(0o700)
    account = account_for(data)
    assert account is not None
    grant_access(account, BINARIES, data)
    assert stat.S_IMODE(root.stat().st_mode) == 0o710
    assert root.stat().st_gid == pwd.getpwnam(account).pw_gid


def test_describe_names_missing_and_found_tools(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert [line.split(":")[0] for line in describe_missing_tools()] == [
        "no Tesseract",
        "no bubblewrap",
        "no LibreOffice",
    ]


def test_guarded_stack_error_prints_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        message = "the disk is full"
        raise StackError(message)

    assert run_reporting_errors(fail) == 1
    assert capsys.readouterr().err == "refinery: the disk is full\n"


def test_default_table_commands_start_each_process() -> None:
    table = default_process_table(8123)
    assert table.web[1:] == ("-m", "daphne", "-b", "127.0.0.1", "-p", "8123", "refinery.asgi:application")
    assert {name: command[1:] for name, command in table.background.items()} == {
        "relay": ("-m", "workers.relay"),
        **{f"worker-{queue}": ("-m", "workers.run", "--queue", queue) for queue in ("io", "cpu", "gpu")},
    }


def test_environment_of_children_excludes_owner_database_url(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://refinery_owner@/refinery")
    monkeypatch.setenv("REFINERY_PUBLIC_URL", "https://refinery.example.org")
    monkeypatch.setenv("REFINERY_PORT", "1")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    values = process_environment(tmp_path, 8123, {"DATABASE_URL": "postgresql://refinery_app@/refinery"})
    assert not {"DATABASE_OWNER_URL", "PYTHONDONTWRITEBYTECODE"} & set(values)
    assert values["REFINERY_PUBLIC_URL"] == "https://refinery.example.org"
    assert values["REFINERY_PORT"] == "8123"
    assert values["REFINERY_VAR"] == str(tmp_path)


def test_read_accounts_uses_last_line() -> None:
    output = 'loading\n{"users": [{"role": "viewer", "email": "v@demo.example", "password": "p"}]}\n'
    (account,) = read_accounts(output)
    assert (account.role, account.name, account.password) == ("viewer", "v@demo.example", "p")
    with pytest.raises(StackError, match="did not list its users"):
        read_accounts("")


def test_reset_deletes_only_own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    var = tmp_path / "var"
    monkeypatch.setenv("REFINERY_VAR", str(var))
    reset()
    (var / "postgres").mkdir(parents=True)
    (var / "thesis.txt").write_text("mine")
    with pytest.raises(StackError, match=r"holds more than Refinery's data \(thesis.txt\)"):
        reset()
    (var / "thesis.txt").unlink()
    reset()
    assert not var.exists()
