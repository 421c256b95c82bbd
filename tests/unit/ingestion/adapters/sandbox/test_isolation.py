"""A child process has no network, even without a sandbox, and does not see its parent's environment."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ingestion.adapters.sandbox.launcher import ROOT, clean_environment

PROGRAM = """
import errno, json, os, socket, subprocess, sys
from ingestion.adapters.sandbox.limits import SandboxLimits, apply_limits, die_with_parent
from ingestion.adapters.sandbox.network import deny_network

die_with_parent(int(sys.argv[1]))
apply_limits(SandboxLimits())
held = deny_network()
said = {"held": held, "environment": sorted(os.environ)}
for name in ("AF_INET", "AF_INET6", "AF_NETLINK"):
    try:
        socket.socket(getattr(socket, name)).close()
        said[name] = "open"
    except OSError as refused:
        said[name] = errno.errorcode[refused.errno]
left, right = socket.socketpair()
left.sendall(b"x")
said["local"] = right.recv(1).decode()
try:
    with open("/tmp/refinery-never-written", "wb") as file:
        file.write(b"x")
        file.flush()
    said["file"] = "written"
except OSError as refused:
    said["file"] = errno.errorcode[refused.errno]
said["started"] = subprocess.run(
    [sys.executable, "-c", "import socket; socket.socket()"], capture_output=True, check=False
).returncode
print(json.dumps(said))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the filter is the Linux kernel's")
def test_unsandboxed_child_has_no_network_and_cannot_write() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(os.getpid())],
        cwd=ROOT,
        env=clean_environment(),
        capture_output=True,
        check=True,
    )
    said = json.loads(done.stdout)
    assert said["held"]
    assert {said["AF_INET"], said["AF_INET6"], said["AF_NETLINK"]} == {"EACCES"}
    assert said["local"] == "x"
    assert said["file"] == "EFBIG"
    assert said["started"] != 0
    assert not [name for name in said["environment"] if "SECRET" in name or "DATABASE" in name]


LOADED = """
import numpy
import pymupdf
from ingestion.adapters.ocr.engines import OcrPipeline
from ingestion.adapters.ocr.ppocr.engine import PpOcrEngine

OcrPipeline(PpOcrEngine()).warm()
with pymupdf.open() as document:
    document.new_page().get_pixmap()
"""


def test_engines_write_nothing_to_home(tmp_path: Path) -> None:
    """No cache, no identity, no telemetry: even with write access, the loaded libraries write nothing."""
    home, scratch = tmp_path / "home", tmp_path / "scratch"
    home.mkdir()
    scratch.mkdir()
    places = {"HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), "TMPDIR": str(scratch)}
    subprocess.run(
        [sys.executable, "-s", "-B", "-c", LOADED], cwd=ROOT, env={**clean_environment(), **places}, check=True
    )
    assert list(tmp_path.rglob("*")) == [home, scratch]
