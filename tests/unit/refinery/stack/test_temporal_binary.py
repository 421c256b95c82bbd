"""The first location with a working Temporal program is used and reported."""

from pathlib import Path

import pytest

from refinery.stack import temporal_binary
from refinery.stack.errors import StackError
from refinery.stack.temporal_binary import find_temporal

FAKE_TEMPORAL = "#!/bin/sh\necho temporal version 1.5.1\n"
# What `go install MODULE` does in this test: put the program into GOBIN.
FAKE_GO = f"""#!/bin/sh
printf '{FAKE_TEMPORAL.replace(chr(10), chr(92) + "n")}' > "$GOBIN/temporal"
chmod +x "$GOBIN/temporal"
echo "$@"
"""


def write_program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Set a PATH with shell tools and without Temporal or Go."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in ("sh", "chmod", "cat", "false"):
        (folder / tool).symlink_to(f"/bin/{tool}")
    monkeypatch.setenv("PATH", str(folder))
    return folder


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(temporal_binary, "SDK_DOWNLOAD", ["false"])


def test_find_temporal_prefers_path(path: Path, tmp_path: Path) -> None:
    write_program(tmp_path / "cache" / "temporal", FAKE_TEMPORAL)
    found = write_program(path / "temporal", FAKE_TEMPORAL)
    said: list[str] = []
    assert find_temporal(said.append, tmp_path / "cache") == found
    assert said == [f"Temporal: {found} (on PATH)"]


def test_find_temporal_skips_broken_program_on_path(path: Path, tmp_path: Path) -> None:
    write_program(path / "temporal", "#!/bin/sh\nexit 1\n")
    kept = write_program(tmp_path / "cache" / "temporal", FAKE_TEMPORAL)
    said: list[str] = []
    assert find_temporal(said.append, tmp_path / "cache") == kept
    assert said == [f"Temporal: {kept} (in the cache)"]


def test_find_temporal_keeps_sdk_download(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sdk = write_program(
        tmp_path / "sdk", f"#!/bin/sh\ncat > $1/temporal-sdk-python <<'END'\n{FAKE_TEMPORAL}END\nchmod +x $1/*\n"
    )
    monkeypatch.setattr(temporal_binary, "SDK_DOWNLOAD", [str(sdk)])
    said: list[str] = []
    assert find_temporal(said.append, tmp_path / "cache") == tmp_path / "cache" / "temporal"
    assert said[-1].endswith("(downloaded by the SDK)")
    assert find_temporal(said.append, tmp_path / "cache") == tmp_path / "cache" / "temporal"
    assert said[-1].endswith("(in the cache)")


def test_find_temporal_builds_pinned_version_with_go(path: Path, tmp_path: Path) -> None:
    write_program(path / "go", FAKE_GO)
    said: list[str] = []
    assert find_temporal(said.append, tmp_path / "cache") == tmp_path / "cache" / "temporal"
    assert said[-1].endswith("(built with Go)")
    assert (tmp_path / "cache" / "build.log").read_text() == f"install {temporal_binary.GO_MODULE}\n"


def test_find_temporal_interrupted_build_is_not_used(path: Path, tmp_path: Path) -> None:
    write_program(path / "go", '#!/bin/sh\necho half > "$GOBIN/temporal"\nexit 1\n')
    with pytest.raises(StackError, match="there is no Temporal: set TEMPORAL_ADDRESS"):
        find_temporal(lambda _: None, tmp_path / "cache")
    assert not (tmp_path / "cache" / "temporal").exists()
