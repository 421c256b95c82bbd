"""The first place whose program answers is used, and named."""

from pathlib import Path

import pytest

from refinery.stack import temporal_binary
from refinery.stack.errors import StackError
from refinery.stack.temporal_binary import find_temporal

ANSWERS = "#!/bin/sh\necho temporal version 1.5.1\n"
# What `go install MODULE` does here: put the program into GOBIN.
GO = f"""#!/bin/sh
printf '{ANSWERS.replace(chr(10), chr(92) + "n")}' > "$GOBIN/temporal"
chmod +x "$GOBIN/temporal"
echo "$@"
"""


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH with the shell's own tools and nothing of Temporal or Go."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in ("sh", "chmod", "cat", "false"):
        (folder / tool).symlink_to(f"/bin/{tool}")
    monkeypatch.setenv("PATH", str(folder))
    return folder


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(temporal_binary, "SDK_DOWNLOAD", ["false"])


def test_path_comes_first(path: Path, tmp_path: Path) -> None:
    program(tmp_path / "cache" / "temporal", ANSWERS)
    found = program(path / "temporal", ANSWERS)
    said: list[str] = []
    assert find_temporal(said.append, tmp_path / "cache") == found
    assert said == [f"Temporal: {found} (on PATH)"]


def test_one_on_path_that_does_not_answer_is_passed_over(path: Path, tmp_path: Path) -> None:
    program(path / "temporal", "#!/bin/sh\nexit 1\n")
    kept = program(tmp_path / "cache" / "temporal", ANSWERS)
    said: list[str] = []
    assert find_temporal(said.append, tmp_path / "cache") == kept
    assert said == [f"Temporal: {kept} (in the cache)"]


def test_the_sdks_download_is_kept(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sdk = program(
        tmp_path / "sdk", f"#!/bin/sh\ncat > $1/temporal-sdk-python <<'END'\n{ANSWERS}END\nchmod +x $1/*\n"
    )
    monkeypatch.setattr(temporal_binary, "SDK_DOWNLOAD", [str(sdk)])
    said: list[str] = []
    assert find_temporal(said.append, tmp_path / "cache") == tmp_path / "cache" / "temporal"
    assert said[-1].endswith("(downloaded by the SDK)")
    assert find_temporal(said.append, tmp_path / "cache") == tmp_path / "cache" / "temporal"
    assert said[-1].endswith("(in the cache)")


def test_go_builds_the_named_version_into_the_cache(path: Path, tmp_path: Path) -> None:
    program(path / "go", GO)
    said: list[str] = []
    assert find_temporal(said.append, tmp_path / "cache") == tmp_path / "cache" / "temporal"
    assert said[-1].endswith("(built with Go)")
    assert (tmp_path / "cache" / "build.log").read_text() == f"install {temporal_binary.MODULE}\n"


def test_a_broken_off_build_is_not_taken_for_one(path: Path, tmp_path: Path) -> None:
    program(path / "go", '#!/bin/sh\necho half > "$GOBIN/temporal"\nexit 1\n')
    with pytest.raises(StackError, match="there is no Temporal: set TEMPORAL_ADDRESS"):
        find_temporal(lambda _: None, tmp_path / "cache")
    assert not (tmp_path / "cache" / "temporal").exists()
