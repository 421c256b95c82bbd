"""Set-up does what is missing and nothing twice; what it cannot have, it names."""

from pathlib import Path

import pytest

from refinery.stack import machine, setup
from refinery.stack.steps import SetupError, do

LOGGING = '#!/bin/sh\necho "$(basename "$0") $*" >> "$LOG"\n'


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the programs of `tools` write how they were called."""
    path = tmp_path / "calls.log"
    path.touch()
    monkeypatch.setenv("LOG", str(path))
    return path


@pytest.fixture
def tools(tmp_path: Path, log: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH that holds only what a test puts there, and the shell's own."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in ("sh", "basename"):
        (folder / tool).symlink_to(Path("/usr/bin") / tool)
    monkeypatch.setenv("PATH", str(folder))
    return folder


def put(folder: Path, name: str, text: str = LOGGING) -> Path:
    (folder / name).write_text(text)
    (folder / name).chmod(0o755)
    return folder / name


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project with its pins."""
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    monkeypatch.setattr(setup, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(setup, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(setup, "CACHE", tmp_path / ".cache")
    monkeypatch.setattr(setup, "torch_options", list)
    (tmp_path / "requirements").mkdir()
    (tmp_path / ".venv").mkdir()
    for name in setup.FILES["test"]:
        (tmp_path / "requirements" / f"{name}.txt").write_text(f"{name}==1\n")
    return tmp_path


def test_packages_are_installed_in_one_pass_and_once(place: Path, tools: Path, log: Path) -> None:
    uv = str(put(tools, "uv"))
    for _ in range(2):
        setup.install(uv, "run")
    (call,) = log.read_text().splitlines()
    assert [Path(word).stem for word in call.split() if word.endswith(".txt")] == list(setup.FILES["run"])


def test_changed_pins_are_installed_again(place: Path, tools: Path, log: Path) -> None:
    uv = str(put(tools, "uv"))
    setup.install(uv, "test")
    (place / "requirements" / "dev.txt").write_text("dev==2\n")
    setup.install(uv, "run")
    setup.install(uv, "test")
    assert len(log.read_text().splitlines()) == 3


def test_a_failed_installation_is_tried_again(place: Path, tools: Path, log: Path) -> None:
    broken = put(tools, "uv", "#!/bin/sh\necho 'no route to the registry'\nexit 2\n")
    with pytest.raises(SetupError, match="no route to the registry"):
        setup.install(str(broken), "run")
    setup.install(str(put(tools, "uv")), "run")
    assert len(log.read_text().splitlines()) == 1


def test_uv_on_path_is_used(place: Path, tools: Path) -> None:
    uv = put(tools, "uv")
    assert setup.find_uv() == str(uv)


def test_uv_in_the_cache_is_used(place: Path, tools: Path) -> None:
    kept = place / ".cache" / "uv" / "bin"
    kept.mkdir(parents=True)
    uv = put(kept, "uv")
    assert setup.find_uv() == str(uv)


def test_a_command_that_fails_shows_what_it_said(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SetupError, match=r"failed after \d+ s:\nout of luck"):
        do(["sh", "-c", "echo out of luck; exit 3"], "trying")
    assert capsys.readouterr().out == "[ set-up ] trying\n"


def test_what_is_missing_is_named(tools: Path, capsys: pytest.CaptureFixture[str]) -> None:
    machine.provide_tools("run")
    said = capsys.readouterr().out
    assert "missing: Tesseract with English (packages tesseract-ocr tesseract-ocr-eng);" in said
    assert "missing: bubblewrap (packages bubblewrap); going on without it" in said
    assert "Chromium" not in said


def test_root_installs_what_is_missing(
    tools: Path, log: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    put(tools, "apt-get")
    machine.provide_tools("test")
    assert log.read_text().startswith("apt-get install --yes --no-install-recommends tesseract-ocr")
    assert "bubblewrap" in log.read_text()
    assert "chromium" in log.read_text()
    assert "missing: Chromium" in capsys.readouterr().out  # this apt-get brings nothing


def test_others_use_sudo_where_it_asks_for_nothing(
    tools: Path, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    put(tools, "apt-get")
    put(tools, "sudo", "#!/bin/sh\nexit 1\n")
    machine.provide_tools("run")
    assert log.read_text() == ""
    put(tools, "sudo")
    machine.provide_tools("run")
    assert "sudo -n apt-get install" in log.read_text()


def test_empty_lists_are_refreshed(tools: Path, log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    put(tools, "apt-get", LOGGING + '[ "$1" = update ] || grep -q update "$LOG"\n')
    (tools / "grep").symlink_to("/usr/bin/grep")
    machine.provide_tools("run")
    assert [line.split()[1] for line in log.read_text().splitlines()] == ["install", "update", "install"]


def test_a_note_that_asks_for_a_snap_is_no_browser(tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_has_playwrights", lambda: False)
    put(tools, "chromium-browser", "#!/bin/sh\nexit 1\n")
    assert "Chromium" in machine.missing("test")
    put(tools, "chromium")
    assert "Chromium" not in machine.missing("test")


def test_playwrights_browser_is_fetched_where_debian_has_none(
    place: Path, tools: Path, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "_has_playwrights", lambda: False)
    (place / ".venv" / "bin").mkdir()
    put(place / ".venv" / "bin", "playwright")
    setup.fetch_browser()
    put(tools, "chromium")
    setup.fetch_browser()
    assert [line for line in log.read_text().splitlines() if "playwright" in line] == [
        "playwright install chromium"
    ]
