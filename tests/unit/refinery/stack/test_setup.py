"""Set-up installs missing parts only, and names those that it cannot install."""

from pathlib import Path

import pytest

from refinery.stack import machine, setup
from refinery.stack.steps import SetupError, run_command

LOGGING_PROGRAM = '#!/bin/sh\necho "$(basename "$0") $*" >> "$LOG"\n'


@pytest.fixture
def call_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the file in which the programs of `tools` record their calls."""
    path = tmp_path / "calls.log"
    path.touch()
    monkeypatch.setenv("LOG", str(path))
    return path


@pytest.fixture
def tools(tmp_path: Path, call_log: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Set a PATH that contains only the test's programs and basic shell tools."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in ("sh", "basename"):
        (folder / tool).symlink_to(Path("/usr/bin") / tool)
    monkeypatch.setenv("PATH", str(folder))
    return folder


def write_program(folder: Path, name: str, text: str = LOGGING_PROGRAM) -> Path:
    (folder / name).write_text(text)
    (folder / name).chmod(0o755)
    return folder / name


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty project with its pinned versions."""
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    monkeypatch.setattr(setup, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(setup, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(setup, "CACHE", tmp_path / ".cache")
    monkeypatch.setattr(setup, "has_cpu_torch", lambda: False)
    (tmp_path / "requirements").mkdir()
    (tmp_path / ".venv").mkdir()
    for name in (*setup.FILES["test"], setup.TORCH):
        (tmp_path / "requirements" / f"{name}.txt").write_text(f"{name}==1\n")
    return tmp_path


def test_install_runs_once_for_all_packages(project: Path, tools: Path, call_log: Path) -> None:
    uv = str(write_program(tools, "uv"))
    for _ in range(2):
        setup.install(uv, "run")
    (call,) = call_log.read_text().splitlines()
    assert "--require-hashes" in call
    assert [Path(word).stem for word in call.split() if word.endswith(".txt")] == [*setup.FILES["run"], setup.TORCH]


def test_install_takes_only_the_cpu_build_of_torch_without_hashes(
    project: Path, tools: Path, call_log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "has_cpu_torch", lambda: True)
    (project / "requirements" / "torch.txt").write_text("torch==9.8.7 \\\n    --hash=sha256:00\n")
    setup.install(str(write_program(tools, "uv")), "run")
    checked, cpu = call_log.read_text().splitlines()
    assert "--require-hashes" in checked
    assert [Path(word).stem for word in checked.split() if word.endswith(".txt")] == list(setup.FILES["run"])
    assert cpu.endswith("--no-deps --torch-backend cpu torch==9.8.7")


def test_install_repeats_for_changed_pins(project: Path, tools: Path, call_log: Path) -> None:
    uv = str(write_program(tools, "uv"))
    setup.install(uv, "test")
    (project / "requirements" / "dev.txt").write_text("dev==2\n")
    setup.install(uv, "run")
    setup.install(uv, "test")
    assert len(call_log.read_text().splitlines()) == 3


def test_install_failed_run_is_repeated(project: Path, tools: Path, call_log: Path) -> None:
    broken = write_program(tools, "uv", "#!/bin/sh\necho 'no route to the registry'\nexit 2\n")
    with pytest.raises(SetupError, match="no route to the registry"):
        setup.install(str(broken), "run")
    setup.install(str(write_program(tools, "uv")), "run")
    assert len(call_log.read_text().splitlines()) == 1


def test_find_uv_uses_path(project: Path, tools: Path) -> None:
    uv = write_program(tools, "uv")
    assert setup.find_uv() == str(uv)


def test_find_uv_uses_cache(project: Path, tools: Path) -> None:
    kept = project / ".cache" / "uv" / "bin"
    kept.mkdir(parents=True)
    uv = write_program(kept, "uv")
    assert setup.find_uv() == str(uv)


def test_do_failed_command_shows_its_output(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SetupError, match=r"failed after \d+ s:\nout of luck"):
        run_command(["sh", "-c", "echo out of luck; exit 3"], "trying")
    assert capsys.readouterr().out == "[ set-up ] trying\n"


def test_provide_tools_names_missing_tools(tools: Path, capsys: pytest.CaptureFixture[str]) -> None:
    machine.provide_tools("run")
    said = capsys.readouterr().out
    assert "missing: Tesseract with English (packages tesseract-ocr tesseract-ocr-eng);" in said
    assert "missing: bubblewrap (packages bubblewrap); going on without it" in said
    assert "Chromium" not in said


def test_provide_tools_installs_as_root(
    tools: Path, call_log: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    write_program(tools, "apt-get")
    machine.provide_tools("test")
    assert call_log.read_text().startswith("apt-get install --yes --no-install-recommends tesseract-ocr")
    assert "bubblewrap" in call_log.read_text()
    assert "chromium" in call_log.read_text()
    assert "missing: Chromium" in capsys.readouterr().out  # this apt-get installs nothing


def test_provide_tools_uses_passwordless_sudo(tools: Path, call_log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    write_program(tools, "apt-get")
    write_program(tools, "sudo", "#!/bin/sh\nexit 1\n")
    machine.provide_tools("run")
    assert call_log.read_text() == ""
    write_program(tools, "sudo")
    machine.provide_tools("run")
    assert "sudo -n apt-get install" in call_log.read_text()


def test_provide_tools_refreshes_empty_package_lists(
    tools: Path, call_log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    write_program(tools, "apt-get", LOGGING_PROGRAM + '[ "$1" = update ] || grep -q update "$LOG"\n')
    (tools / "grep").symlink_to("/usr/bin/grep")
    machine.provide_tools("run")
    assert [line.split()[1] for line in call_log.read_text().splitlines()] == ["install", "update", "install"]


def test_snap_placeholder_is_not_chromium(tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_has_playwrights", lambda: False)
    write_program(tools, "chromium-browser", "#!/bin/sh\nexit 1\n")
    assert "Chromium" in machine.missing_tools("test")
    write_program(tools, "chromium")
    assert "Chromium" not in machine.missing_tools("test")


def test_playwright_browser_is_downloaded_without_system_chromium(
    project: Path, tools: Path, call_log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "_has_playwrights", lambda: False)
    (project / ".venv" / "bin").mkdir()
    write_program(project / ".venv" / "bin", "playwright")
    setup.fetch_browser()
    write_program(tools, "chromium")
    setup.fetch_browser()
    assert [line for line in call_log.read_text().splitlines() if "playwright" in line] == [
        "playwright install chromium"
    ]
