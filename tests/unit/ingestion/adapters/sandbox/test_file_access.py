"""A plain child, without bubblewrap, reaches neither its parent's secrets nor any file but its document."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django import Settings

from ingestion.adapters.sandbox import launcher
from ingestion.adapters.sandbox.file_access import landlock_version
from ingestion.adapters.sandbox.launcher import (
    BUBBLEWRAP,
    ROOT,
    SandboxRequired,
    clean_environment,
    require_sandbox,
    start_sandbox,
)
from ingestion.adapters.sandbox.limits import SandboxLimits
from workers import bootstrap

needs_landlock = pytest.mark.skipif(landlock_version() == 0, reason="this kernel has no Landlock")

PROGRAM = """
import errno, json, os, signal, socket, subprocess, sys
from pathlib import Path
from ingestion.adapters.sandbox.file_access import confine_files
from ingestion.adapters.sandbox.launcher import visible_places
from ingestion.adapters.sandbox.limits import die_with_parent
from ingestion.adapters.sandbox.network import deny_network

secret, server, document = sys.argv[1:]
parent = os.getppid()
die_with_parent(parent)
deny_network()
descriptor = os.open(document, os.O_RDONLY)

def outcome(attempt):
    try:
        attempt()
    except OSError as refused:
        return errno.errorcode[refused.errno]
    return "done"

def attempts():
    def connect():
        with socket.socket(socket.AF_UNIX) as link:
            link.connect(server)
    return {
        "secret": outcome(lambda: Path(secret).read_text()),
        "listed": outcome(lambda: os.listdir(os.path.dirname(secret))),
        "environment": outcome(lambda: Path(f"/proc/{parent}/environ").read_bytes()),
        "memory": outcome(lambda: os.open(f"/proc/{parent}/mem", os.O_RDONLY)),
        "socket": outcome(connect),
        "written": outcome(lambda: Path(secret + ".new").write_text("x")),
        "document": outcome(lambda: Path(f"/dev/fd/{descriptor}").read_bytes()),
        "program": outcome(lambda: subprocess.run(["/bin/sh", "-c", ":"], check=True)),
        "null": outcome(lambda: Path("/dev/null").write_text("x")),
        "module": outcome(lambda: __import__("wave")),
    }

before = attempts()
confined = confine_files(visible_places(), descriptor)
print(json.dumps({"before": before, "confined": confined, "after": attempts()}))
"""


@needs_landlock
def test_plain_child_reaches_no_secret_socket_or_other_process(tmp_path: Path) -> None:
    secret, document = tmp_path / "secret-key", tmp_path / "document"
    secret.write_text("secret")
    document.write_text("a document")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "database"))
        server.listen()
        done = subprocess.run(
            [sys.executable, "-B", "-c", PROGRAM, str(secret), str(tmp_path / "database"), str(document)],
            cwd=ROOT,
            env=clean_environment(),
            capture_output=True,
            check=True,
        )
    said = json.loads(done.stdout)
    assert said["confined"]
    reachable = {"document": "done", "program": "done", "null": "done", "module": "done"}
    refused = dict.fromkeys(("secret", "listed", "environment", "memory", "socket", "written"), "EACCES")
    assert said["after"] == refused | reachable
    open_before = {"secret", "listed", "environment", "written"}  # so that the test fails where nothing is refused
    assert {name for name, outcome in said["before"].items() if outcome == "done"} >= open_before | set(reachable)
    assert said["before"]["socket"] == "EACCES"


def test_bubblewrap_is_never_replaced_by_a_plain_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launcher, "bubblewrap_path", lambda: None)
    with pytest.raises(SandboxRequired):
        start_sandbox(SandboxLimits(), BUBBLEWRAP)
    with pytest.raises(SandboxRequired):
        require_sandbox()


@pytest.mark.parametrize("required", [True, False])
def test_worker_refuses_plain_child_where_settings_require_bubblewrap(
    required: bool, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launcher, "bubblewrap_path", lambda: None)
    settings.SANDBOX_REQUIRED = required
    if required:
        with pytest.raises(SandboxRequired):
            bootstrap.check_sandbox()
    else:
        bootstrap.check_sandbox()


def test_production_settings_require_bubblewrap() -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "refinery.settings.production",
        "REFINERY_SECRET_KEY": "x" * 60,
    }
    command = "from django.conf import settings; print(settings.SANDBOX_REQUIRED)"
    done = subprocess.run(
        [sys.executable, "-c", command], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "True"
