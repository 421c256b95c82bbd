"""LibreOffice is installed in the background where packages may be installed; its state is stored for operators."""

import os
from pathlib import Path

import pytest

from refinery.core.web.office_install import (
    NOT_NEEDED,
    OfficeInstall,
    is_office_awaited,
    office_install,
    write_office_install,
)
from refinery.stack import office_install as installing
from refinery.stack.office_install import MANAGERS, find_manager, install_office, start_office_install

LOGGING_PROGRAM = '#!/bin/sh\necho "$(basename "$0") $*" >> "$LOG"\n'
INSTALLING_PROGRAM = (
    LOGGING_PROGRAM + 'case "$*" in *install*|*add*|*sync*) : > "$BIN/soffice"; chmod +x "$BIN/soffice";; esac\n'
)


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the file in which the programs of a machine record their calls; only they are on its PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in ("sh", "basename", "chmod", "grep"):
        (folder / tool).symlink_to(Path("/usr/bin") / tool)
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("BIN", str(folder))
    monkeypatch.setenv("LOG", str(tmp_path / "calls.log"))
    monkeypatch.delenv(installing.SETTING, raising=False)
    monkeypatch.setattr(installing, "bubblewrap_path", lambda: "/usr/bin/bwrap")
    monkeypatch.setattr("os.geteuid", lambda: 0)
    (tmp_path / "calls.log").touch()
    return tmp_path / "calls.log"


def write_program(calls: Path, name: str, text: str = INSTALLING_PROGRAM) -> None:
    path = calls.parent / "bin" / name
    path.write_text(text)
    path.chmod(0o755)


@pytest.mark.parametrize("manager", MANAGERS, ids=lambda manager: manager.program)
def test_office_is_installed_by_each_package_manager(calls: Path, manager: installing.PackageManager) -> None:
    write_program(calls, manager.program)
    assert install_office(calls.parent) is OfficeInstall.INSTALLED
    assert office_install(calls.parent) == "installed"
    (call,) = calls.read_text().splitlines()
    assert call == " ".join([manager.program, *manager.install, *manager.packages])


def test_office_install_leaves_out_recommendations_and_windows() -> None:
    apt = MANAGERS[0]
    assert "--no-install-recommends" in apt.install
    assert {"libreoffice-writer-nogui", "libreoffice-calc-nogui", "libreoffice-impress-nogui"} <= set(apt.packages)


def test_office_install_refreshes_package_lists_once(calls: Path) -> None:
    write_program(calls, "apt-get", INSTALLING_PROGRAM.replace("case", 'grep -q update "$LOG" || exit 1\ncase', 1))
    assert install_office(calls.parent) is OfficeInstall.INSTALLED
    assert [line.split()[-1] == "update" for line in calls.read_text().splitlines()] == [False, True, False]


def test_office_install_that_fails_says_so(calls: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_program(calls, "apt-get", "#!/bin/sh\necho no route to the archive\nexit 100\n")
    assert install_office(calls.parent) is OfficeInstall.FAILED
    assert office_install(calls.parent) == "failed"
    assert "no route to the archive" in capsys.readouterr().out


def test_start_runs_the_installation_in_the_background(calls: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_program(calls, "apt-get")
    started: list[list[str]] = []

    class InstallerProcess:
        pid = os.getpid()

        def __init__(self, command: list[str], **options: object) -> None:
            started.append(command)
            assert options["start_new_session"]

    monkeypatch.setattr("subprocess.Popen", InstallerProcess)
    said: list[str] = []
    start_office_install(calls.parent, said.append)
    (command,) = started
    assert command[1:] == ["-m", "refinery.stack.office_install", str(calls.parent)]
    assert office_install(calls.parent) == "installing"
    (line,) = said
    assert "office-install.log" in line
    assert "REFINERY_INSTALL_OFFICE=no" in line


@pytest.mark.parametrize("value", ["no", "0", "off", "False"])
def test_start_when_switched_off_installs_nothing(calls: Path, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    write_program(calls, "apt-get")
    monkeypatch.setenv(installing.SETTING, value)
    start_office_install(calls.parent, pytest.fail)
    assert office_install(calls.parent) == "off"


def test_start_without_sandbox_installs_nothing(calls: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_program(calls, "apt-get")
    monkeypatch.setattr(installing, "bubblewrap_path", lambda: None)
    start_office_install(calls.parent, pytest.fail)
    assert office_install(calls.parent) == "no sandbox"


def test_start_without_rights_installs_nothing(calls: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    write_program(calls, "apt-get")
    write_program(calls, "sudo", "#!/bin/sh\nexit 1\n")
    start_office_install(calls.parent, pytest.fail)
    assert office_install(calls.parent) == "not permitted"
    write_program(calls, "sudo", "#!/bin/sh\nexit 0\n")
    found = find_manager()
    assert found
    assert found[1] == ["sudo", "-n", "apt-get"]


def test_start_where_office_is_installed_forgets_earlier_state(calls: Path) -> None:
    write_program(calls, "soffice")
    write_office_install(calls.parent, OfficeInstall.FAILED)
    start_office_install(calls.parent, pytest.fail)
    assert office_install(calls.parent) == NOT_NEEDED
    assert calls.read_text() == ""


def test_state_of_an_installation_whose_process_is_gone_is_interrupted(tmp_path: Path) -> None:
    write_office_install(tmp_path, OfficeInstall.INSTALLING, os.getpid())
    assert office_install(tmp_path) == "installing"
    write_office_install(tmp_path, OfficeInstall.INSTALLING, 4194304)
    assert office_install(tmp_path) == "interrupted"


def test_office_files_wait_only_for_an_installation_that_is_going_on(tmp_path: Path) -> None:
    assert not is_office_awaited(tmp_path)
    write_office_install(tmp_path, OfficeInstall.INSTALLED)
    assert not is_office_awaited(tmp_path)
    write_office_install(tmp_path, OfficeInstall.INSTALLING, os.getpid())
    assert is_office_awaited(tmp_path)
    os.utime(tmp_path / "run" / "office-install", (0, 0))
    assert not is_office_awaited(tmp_path)


@pytest.mark.parametrize("text", ["", "1", "1 nonsense", "x installing"])
def test_state_that_cannot_be_read_is_unknown_or_interrupted(tmp_path: Path, text: str) -> None:
    write_office_install(tmp_path, OfficeInstall.OFF)
    (tmp_path / "run" / "office-install").write_text(text)
    assert office_install(tmp_path) == ("interrupted" if text.startswith("x") else NOT_NEEDED)
